"""Every hook there is. `docs/hooks.md` is made from this page.

The verb tells the power: `may_*` decides (pure, may refuse), `after_*` proposes effects (pure), `keep_*` writes down
(in the ticket's own transaction), `deliver` acts (after commit, may block, is retried), `register_*` declares (at
start). A plugin implements those it needs, and takes of each one's arguments those it needs. Values are frozen;
moments are aware UTC. One that raises, that does not come back in time or that returns something else is named, and
what it was asked about does not happen.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import pluggy

from casewright.contributions import (
    ChannelDriver,
    CommandHandler,
    Forgetting,
    GuardFunction,
    Job,
    Migration,
    PluginDesk,
    QueryHandler,
    Starter,
    Words,
    WorkflowAction,
    WorkflowWord,
    WorkspaceFile,
)
from casewright.effects import Effect
from casewright.errors import Message
from casewright.model import Event, Person, Ticket

if TYPE_CHECKING:
    from casewright.cli.grammar import Noun
    from casewright.delivery.channel import Answer as Outcome
    from casewright.delivery.channel import Outgoing
    from casewright.settings.channels import ChannelSettings
    from casewright.settings.options import Option as Setting

PROJECT = "casewright"
hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)
"""Marks a function of a plugin as its own of the hook that has the same name."""


# --- may: decides ---------------------------------------------------------------------------------


@hookspec
def may_fire(
    ticket: Ticket, transition: str, words: Words, actor: Person, now: datetime
) -> Message | None:
    """Return why `actor` may not take `transition`, or None.

    Called: when all that the workflow itself asks for holds (who, how often, the form, the condition), and for every action offered.
    Result: the first refusal in order of plugin name is told to the actor; None from all lets it happen.
    Rules:  pure. `ticket` has the form's fields merged in. Where a plugin that had a say is missing, nothing happens.
    """


@hookspec
def may_assign(
    ticket: Ticket, handler: Person, actor: Person, now: datetime, desk: PluginDesk
) -> Message | None:
    """Return why `handler` may not be made the handler of `ticket`, or None.

    Called: when somebody is to be made its handler by a command; not for `assign:` in a workflow, whose author has decided.
    Result: the first refusal in order of plugin name is told to the actor; None from all lets it happen.
    Rules:  pure. `desk` is the plugin's own, as a query has it: to look into its settings, files and tables, and to
            ask. Taking the handler away is never asked about.
    """


# --- after: proposes ------------------------------------------------------------------------------


@hookspec
def after_event(ticket: Ticket, event: Event, words: Words) -> Sequence[Effect]:
    """Return the effects that should follow `event`.

    Called: after the outcome was decided, before it is committed; once for every ticket that the command touched.
    Result: the effects of all plugins, joined in order of plugin name: `Notify` about this ticket, `Wake` of the plugin's own job.
    Rules:  pure. Use `event.at` for the time. Return () for nothing. At most 100 effects.
    """


# --- keep: writes down ----------------------------------------------------------------------------


@hookspec
def keep_event(ticket: Ticket, event: Event, words: Words, desk: PluginDesk) -> None:
    """Bring the plugin's own tables and index up to date with `event`, after which `ticket` stands as it is.

    Called: when the event is written, before it is committed; once for every ticket that the command touched.
    Result: what it writes is committed with the event, or not at all. It may `desk.note` and `desk.execute` too; of what
            it causes itself it is not told.
    Rules:  quick: everybody who writes waits. One that raises undoes the command, which is refused where it raises CommandRefused;
            return nothing.
    """


# --- deliver: acts --------------------------------------------------------------------------------


@hookspec
def deliver(channel: "ChannelSettings", outgoing: "Outgoing") -> "Outcome":
    """Hand `outgoing` over to the provider behind `channel` and return what it answered.

    Called: by the worker after commit, in a thread of its own, for channels whose driver the plugin registered.
    Result: `Accepted`, `Delivered`, `Unknown`, `Rejected` or `Failed`; a `Failed` one is tried again with the same `outgoing.key`.
    Rules:  may block for at most the channel's `timeout`. Send no text twice under one key where the provider can tell.
    """


# --- register: declares ---------------------------------------------------------------------------


@hookspec
def register_settings() -> "Sequence[Setting]":
    """Return the words of the plugin's section `[plugin.NAME]` in casewright.toml.

    Called: at start.
    Result: every word is checked, an unknown one refused with the nearest right one; `desk.settings` has a value for each.
    Rules:  pure. Secrets are written as `secret://name`.
    """


@hookspec
def register_migrations() -> Sequence[Migration]:
    """Return the steps that make the plugin's own tables.

    Called: at start, and by `casewright db migrate`, which applies those that are new.
    Result: numbered from 1 without gaps; every table begins with the plugin's name and `_`.
    Rules:  a step that was released never changes.
    """


@hookspec
def register_commands() -> Sequence[CommandHandler]:
    """Return the plugin's own commands.

    Called: at start.
    Result: `desk.execute` takes them like the core's: authorised, once for each command id, in one transaction, in the audit chain.
    Rules:  a permission begins with the plugin's name and a dot, so that `roles.yaml` can grant it.
    """


@hookspec
def register_queries() -> Sequence[QueryHandler]:
    """Return the plugin's own queries.

    Called: at start.
    Result: `desk.ask` takes them like the core's: authorised, and answered from one snapshot.
    Rules:  a permission begins with the plugin's name and a dot, or is one of the core's.
    """


@hookspec
def register_words() -> Sequence[WorkflowWord]:
    """Return words that workflow files may use.

    Called: at start, and when a workflow is checked.
    Result: `may_fire` and `after_event` are handed what the file says in them; the files' JSON Schema knows them.
    Rules:  a word names one thing; it is none of the core's and no other plugin's.
    """


@hookspec
def register_actions() -> Sequence[WorkflowAction]:
    """Return verbs for `do:`, `on_enter:` and `on_exit:`.

    Called: at start, and when a workflow is checked.
    Result: done in order with the core's own; what one returns, the next one sees.
    Rules:  a verb is none of the core's and no other plugin's.
    """


@hookspec
def register_functions() -> Sequence[GuardFunction]:
    """Return functions for conditions and `=` expressions.

    Called: at start, and when a workflow is checked.
    Result: typed like the language's own: a wrong argument is refused when the workflow is checked.
    Rules:  pure and quick; a name begins with the plugin's and `_`.
    """


@hookspec
def register_channels() -> Sequence[ChannelDriver]:
    """Return the kinds of channel that the plugin can send for.

    Called: at start.
    Result: `[channels.NAME]` may say `driver = "..."` with one of them, and workflows may name that channel in `via`.
    Rules:  the plugin implements `deliver`.
    """


@hookspec
def register_jobs() -> Sequence[Job]:
    """Return scheduled work.

    Called: at start.
    Result: the worker runs each when it is due on its calendar, in one transaction; `Wake` lets one run at once.
    Rules:  a run that raises is undone and tried at its next time.
    """


@hookspec
def register_forgetting() -> Sequence[Forgetting]:
    """Return how the plugin's own tables forget a customer who is erased, or a ticket whose time is over.

    Called: at start.
    Result: each is run in the erasure's transaction, with what the customer was known by; one that raises undoes the erasure.
    Rules:  nothing of the values may be left in the plugin's tables. A plugin that keeps nothing of customers needs none.
    """


@hookspec
def register_nouns() -> "Sequence[Noun]":
    """Return nouns for the command line, with their verbs.

    Called: when the command line is given a word that the core does not know.
    Result: `casewright NOUN VERB` works like the core's own, with `--json`, `--lang` and `--help`.
    Rules:  a noun is none of the core's and no other plugin's; what it prints goes through `session.texts`.
    """


@hookspec
def register_files() -> Sequence[WorkspaceFile]:
    """Return the files of a workspace that the plugin reads.

    Called: at start, and when a workspace is checked or published.
    Result: `workflow check` names what is wrong with one, `workflow publish` publishes it, `desk.files` has what was published.
    Rules:  `check(document, names)` gives every problem with its place; `names` are the workspace's workflows, channels
            and roles. A file that is not there is no problem.
    """


@hookspec
def register_starters() -> Sequence[Starter]:
    """Return workflows, forms and tables that the plugin offers.

    Called: by `casewright plugin adopt NAME`.
    Result: written into the workspace, where they are edited and published like all others.
    Rules:  nothing that is there is overwritten.
    """


@hookspec
def register_texts() -> Mapping[str, str]:
    """Return the Chinese of the plugin's English sentences.

    Called: when somebody reads in Chinese.
    Result: every `message` and `text` of the plugin is rendered in the reader's language.
    Rules:  the placeholders of a sentence stay the same.
    """
