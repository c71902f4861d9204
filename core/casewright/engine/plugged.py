"""What plugins have a say in: whether a transition or an assignment may happen, what an action does, what follows."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from casewright.commands import NoteTicket
from casewright.contributions import Done, Words
from casewright.effects import Notify, Wake
from casewright.engine.draft import Change, Draft, Outcome, Work
from casewright.engine.situation import Compiled, Situation
from casewright.errors import AssignmentRefused, Message, PluginFailed, message
from casewright.model import EMPTY, Person
from casewright.workflows.spec import Action, State, Transition


def must_know_words(work: Work, draft: Draft, state: State, transition: Transition) -> None:
    """Raise PluginMissing where the way out is described in words of a plugin that is not there."""
    workflow = draft.compiled.workflow
    if not workflow.borrowed.words:
        return
    for words in (transition.words, state.words, workflow.words):
        for word in words:
            plugin = workflow.borrowed.words.get(word, "")
            work.situation.plugins.must_know_word(plugin, word)


def transition_bar(
    work: Work, draft: Draft, state: State, transition: Transition
) -> Message | None:
    """Return why a plugin lets the actor not take `transition`, or None. PluginFailed, PluginMissing."""
    words = _words(draft.compiled, state.name, transition.name)
    situation = work.situation
    return situation.plugins.may_fire(
        draft.ticket, transition.name, words, situation.actor, situation.now
    )


def must_be_assignable(work: Work, draft: Draft, person: Person) -> None:
    """Raise AssignmentRefused where a plugin lets `person` not be the handler. PluginFailed, PluginMissing."""
    situation = work.situation
    refusal = situation.plugins.may_assign(draft.ticket, person, situation.actor, situation.now)
    if refusal is not None:
        raise AssignmentRefused(ticket=draft.ticket.key, person=person.name, reason=refusal)


def perform(work: Work, draft: Draft, action: Action) -> Done:
    """Return what an action of a plugin comes to. PluginFailed, PluginMissing."""
    situation = work.situation
    plugin = draft.compiled.workflow.borrowed.actions.get(action.verb, "")
    return situation.plugins.perform(
        plugin, action.verb, draft.ticket, action.argument, situation.actor, situation.now
    )


def tell(work: Work, draft: Draft, plugin: str, notices: tuple[Notify, ...]) -> None:
    """Put a plugin's notices about the ticket into the outbox."""
    for one in notices:
        if one.ticket != draft.ticket.key:
            raise PluginFailed(
                plugin=plugin, hook="notices", reason=message("it tells of another ticket")
            )
    work.effects += notices


def note(work: Work, command: NoteTicket) -> None:
    """Write what a plugin did about a ticket into its history."""
    draft = work.draft(command.ticket, "PluginNoted")
    draft.facts.update(plugin=command.plugin, note=command.note, **_facts(command))
    if command.answer:
        draft.facts["answer"] = dict(command.answer)
    tell(work, draft, command.plugin, tuple(command.notices))


def followed(outcome: Outcome, situation: Situation) -> Outcome:
    """Return `outcome` with what plugins let follow each of its events. PluginFailed."""
    plugins = situation.plugins
    if not plugins.follows:
        return outcome
    effects: list[Notify] = []
    wakes: list[tuple[str, str]] = []
    for change in outcome.changes:
        for plugin, effect in plugins.after_event(
            change.after, change.event, words_after(change, situation)
        ):
            if isinstance(effect, Wake):
                wakes.append((plugin, effect.job))
            else:
                effects.append(effect)
    if not effects and not wakes:
        return outcome
    return replace(
        outcome, effects=(*outcome.effects, *effects), wakes=tuple(dict.fromkeys(wakes))
    )


def _facts(command: NoteTicket) -> Mapping[str, Any]:
    return {"facts": dict(command.facts)} if command.facts else {}


def words_after(change: Change, situation: Situation) -> Words:
    """Return what a workflow says in words of plugins about where a change led, and by which transition."""
    compiled = situation.pinned(change.after.bundle)
    if not compiled.workflow.borrowed.words:
        return _NO_WORDS
    transition = str(change.event.facts.get("transition", ""))
    left = change.before.state if change.before is not None else change.after.state
    return replace(
        _words(compiled, change.after.state, ""),
        transition=_words(compiled, left, transition).transition,
    )


_NO_WORDS = Words()


def _words(compiled: Compiled, state: str, transition: str) -> Words:
    workflow = compiled.workflow
    if not workflow.borrowed.words:
        return _NO_WORDS
    here = workflow.states.get(state)
    taken = here.transitions.get(transition) if here is not None else None
    return Words(
        workflow=workflow.words,
        state=here.words if here is not None else EMPTY,
        transition=taken.words if taken is not None else EMPTY,
    )
