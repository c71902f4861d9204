"""Routing: each ticket to somebody who is there, has the skill and has a hand free."""

from collections.abc import Mapping, Sequence

from casewright import (
    CommandHandler,
    Effect,
    Event,
    Forgetting,
    Job,
    Message,
    Migration,
    Noun,
    Person,
    PluginDesk,
    QueryHandler,
    Setting,
    Ticket,
    WorkspaceFile,
    hookimpl,
)
from casewright_routing import (
    availability,
    calls,
    giving,
    keeping,
    matching_job,
    standing,
    story,
)
from casewright_routing.chinese import CHINESE
from casewright_routing.commands import (
    RememberChoice,
    SetAvailability,
    SetAvailabilityOf,
    TakeNext,
)
from casewright_routing.migrations import MIGRATIONS
from casewright_routing.queries import (
    AdviseCall,
    ExplainRoute,
    GetAgents,
    GetQueues,
    ListStrangers,
    MayOverrule,
)
from casewright_routing.routing_file import NAME, check
from casewright_routing.settings import SETTINGS
from casewright_routing.starter import starter


@hookimpl
def register_settings() -> Sequence[Setting]:
    """Whether tickets are pushed, and whether assignments by hand must keep to the rules."""
    return SETTINGS


@hookimpl
def register_files() -> Sequence[WorkspaceFile]:
    """`routing.yaml`: who is asked for which ticket, and in which order."""
    return (WorkspaceFile(name=NAME, check=check, starter=starter()),)


@hookimpl
def register_migrations() -> Sequence[Migration]:
    """The tables of what waits, of agents, decisions and choices."""
    return MIGRATIONS


@hookimpl
def register_commands() -> Sequence[CommandHandler]:
    """The next ticket, who takes tickets now, what a caller chose."""
    return (
        CommandHandler(command=TakeNext, run=giving.take_next),
        CommandHandler(command=SetAvailability, run=availability.set_own),
        CommandHandler(command=SetAvailabilityOf, run=availability.set_of_other),
        CommandHandler(command=RememberChoice, run=calls.remember),
    )


@hookimpl
def register_queries() -> Sequence[QueryHandler]:
    """Why a ticket goes to whom it goes, how queues and agents stand, who calls."""
    return (
        QueryHandler(query=ExplainRoute, run=story.tell),
        QueryHandler(query=GetQueues, run=standing.queues),
        QueryHandler(query=GetAgents, run=standing.agents),
        QueryHandler(query=ListStrangers, run=standing.strangers),
        QueryHandler(query=AdviseCall, run=calls.advise),
        QueryHandler(query=MayOverrule, run=story.may_overrule),
    )


@hookimpl
def register_jobs() -> Sequence[Job]:
    """The pass over all that waits."""
    return (Job(name=matching_job.NAME, every="1 minute", run=matching_job.run),)


@hookimpl
def register_forgetting() -> Sequence[Forgetting]:
    """The choices of callers."""
    return (Forgetting(what="what callers chose, by number", run=calls.forget),)


@hookimpl
def may_assign(
    ticket: Ticket, handler: Person, actor: Person, desk: PluginDesk
) -> Message | None:
    """With `strict`, nobody past their capacity or without the skill."""
    return keeping.refusal(desk, ticket, handler, actor)


@hookimpl
def after_event(ticket: Ticket, event: Event) -> Sequence[Effect]:
    """A pass where a ticket may wait now, or a hand be free."""
    return matching_job.follow(ticket, event)


@hookimpl
def register_nouns() -> Sequence[Noun]:
    """`casewright route`."""
    from casewright_routing.noun import ROUTE

    return (ROUTE,)


@hookimpl
def register_texts() -> Mapping[str, str]:
    """The Chinese of all sentences."""
    return CHINESE
