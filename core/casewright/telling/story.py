"""A ticket's history as people tell it: one sentence for each event, and what else it says."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from casewright.model import Event, Ticket
from casewright.telling.kinds import CHANNELS, LINKS
from casewright.telling.names import Names
from casewright.telling.story_time import told_people
from casewright.texts import text

SAID = {
    "TicketOpened": text("{actor} opened the ticket"),
    "TransitionFired": text("{actor}: {transition}"),
    "VoteCast": text("{actor} voted"),
    "TicketAssigned": text("{actor} gave it to {handler}"),
    "FieldsEdited": text("{actor} changed fields"),
    "CommentAdded": text("{actor} wrote a comment"),
    "FileAttached": text("{actor} attached {file}"),
    "WatchersChanged": text("{actor} changed who watches"),
    "TicketLinked": text("{actor} linked it with {linked} ({role})"),
    "ContactRecorded": text("{actor} recorded a contact: {contact}"),
    "CustomerAnswered": text("{actor} wrote to the customer over '{via}'"),
    "TransitionUndone": text("{actor} took '{transition}' back"),
    "LevelRaised": text("{actor} raised it to level {level}"),
    "SupervisionOrdered": text("{actor} issued a supervision order"),
    "ReminderSet": text("{actor} noted a follow-up"),
    "TicketWithdrawn": text("{actor} withdrew it"),
    "TicketMerged": text("{actor} merged it into {merged_into}"),
    "TicketTookOver": text("{actor} merged another ticket into it"),
    "ParentChanged": text("{actor} put it under {parent}"),
    "TicketReopened": text("{actor} reopened the matter"),
    "ChildClosed": text("{children} was closed"),
    "ChildReopened": text("{children} is open again"),
    "TicketErased": text("{actor} erased what was personal in it"),
    "ArrivalNoted": text("something came in from the customer ({channel})"),
    "PluginNoted": text("{actor}: {note} (plugin {plugin})"),
}
"""One sentence for each kind of event."""

_CONTACTS = {
    "query": text("the customer asked how it stands"),
    "supplement": text("the customer added something"),
    "chase": text("the customer urges"),
    "attempt": text("an attempt to reach the customer"),
}


def sentence(names: Names, ticket: Ticket, event: Event) -> str:
    """Return one event in a sentence, with the state that it led to."""
    texts, changes, facts = names.texts, event.changes, event.facts
    template = SAID.get(event.kind, event.kind)
    if event.kind == "VoteCast":
        template = (
            text("{actor} agreed")
            if facts.get("decision") == "granted"
            else text("{actor} refused")
        )
    if event.kind == "TicketAssigned" and changes.get("handler") == event.actor:
        template = text("{actor} took it on")
    way = str(facts.get("channel", ""))
    role, linked = changes["links"][-1] if changes.get("links") else ("", "")
    said = texts.say(
        template,
        actor=names.calls(event.actor),
        transition=names.transition(ticket, str(facts.get("transition", ""))),
        handler=names.calls(changes.get("handler", ticket.handler)),
        file=event.private.get("file", "?"),
        contact=texts.text(_CONTACTS.get(str(facts.get("contact")), "")),
        via=facts.get("via", ""),
        level=changes.get("level", ticket.level),
        merged_into=changes.get("merged_into", ticket.merged_into),
        parent=changes.get("parent", ticket.parent),
        linked=linked,
        role=texts.text(LINKS.get(role, role)),
        children=list(facts.get("children", ())),
        note=facts.get("note", ""),
        plugin=facts.get("plugin", ""),
        channel=texts.text(CHANNELS.get(way, way)),
    )
    return f"{said} → {names.state(ticket, changes['state'])}" if "state" in changes else said


def details(names: Names, ticket: Ticket, event: Event) -> Iterator[str]:
    """Yield what else the event says: reason, words, fields, people told, tickets opened."""
    texts, facts, private = names.texts, event.facts, event.private
    if private.get("reason"):
        yield texts.say("because: {reason}", reason=private["reason"])
    if event.kind == "CustomerAnswered":
        yield from _answered(names, event)
    for name in ("comment", "text"):
        if private.get(name):
            yield texts.say("“{words}”", words=private[name])
    for said in private.get("comments", ()):
        words = said[texts.lang] if isinstance(said, Mapping) else said
        yield texts.say("“{words}”", words=words)
    if event.kind == "PluginNoted":
        for name, value in {**facts.get("facts", {}), **facts.get("answer", {})}.items():
            yield texts.say("{field}: {value}", field=name, value=value)
    for name, value in private.items():
        if name.startswith("fields."):
            field = names.field(ticket, name[7:])
            yield texts.say(
                "{field}: {value}",
                field=names.words(field.title) if field else name[7:],
                value=names.value(field, value),
            )
    if event.changes.get("handler") and event.kind != "TicketAssigned":
        yield texts.say("handler: {person}", person=names.calls(event.changes["handler"]))
    if event.changes.get("priority"):
        yield texts.say(
            "priority: {priority}", priority=names.priority(event.changes["priority"])
        )
    if "watchers" in event.changes:
        watching = list(map(names.calls, event.changes["watchers"]))
        yield texts.say("watched by: {people}", people=watching or [names.person(None)])
    yield from _told(names, facts)


def _answered(names: Names, event: Event) -> Iterator[str]:
    """Yield the subject and the files of an answer to the customer; its words follow."""
    if subject := event.private.get("subject"):
        yield names.texts.say("subject: {subject}", subject=subject)
    if numbers := event.facts.get("attachments"):
        yield names.texts.say("files: {numbers}", numbers=[str(one) for one in numbers])


def _told(names: Names, facts: object) -> Iterator[str]:
    texts, known = names.texts, dict(facts)  # type: ignore[call-overload]
    if texts.lang in known.get("answer", {}):
        yield texts.say("the answer: {answer}", answer=known["answer"].get(texts.lang, ""))
    if "reached" in known:
        yield (
            texts.text("the customer was reached")
            if known["reached"]
            else texts.text("the customer was not reached")
        )
    for name, template in (
        ("answer_due", text("answer due: {moment}")),
        ("remind_at", text("follow up at: {moment}")),
    ):
        if known.get(name):
            yield texts.say(template, moment=datetime.fromisoformat(known[name]))
    if known.get("opened"):
        yield texts.say("opened: {keys}", keys=list(known["opened"]))
    if known.get("duplicates"):
        yield texts.say("possibly the same matter: {keys}", keys=list(known["duplicates"]))
    if known.get("told"):
        yield texts.say("told: {people}", people=told_people(names, texts, known["told"]))
