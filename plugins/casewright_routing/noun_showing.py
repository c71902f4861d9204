"""`casewright route explain`, `queues`, `agents` and `call`."""

from collections.abc import Iterator, Sequence

from casewright import Answer, Given, Message, Session, table, text
from casewright_routing import documents
from casewright_routing.answers import (
    AgentStanding,
    CallAdvice,
    Decision,
    QueueStanding,
    RouteStory,
)
from casewright_routing.explaining import Candidate, Explanation
from casewright_routing.giving import sentence
from casewright_routing.queries import (
    AdviseCall,
    ExplainRoute,
    GetAgents,
    GetQueues,
    ListStrangers,
)

WITHHELD = "-"
"""What is written for the number of a caller who withholds it."""
_STATES = {
    "free": text("free"),
    "full": text("hands full"),
    "busy": text("busy"),
    "away": text("away"),
    "off_shift": text("off shift"),
}


def explain(session: Session, given: Given) -> Answer:
    """Answer with the story of a ticket's routing."""
    query = ExplainRoute(actor=session.actor, ticket=given.needed("ticket"))
    story: RouteStory = session.desk.ask(query)
    return Answer(
        document=documents.story(session.texts, story), lines=[*_story(session, story)]
    )


def queues(session: Session, given: Given) -> Answer:
    """Answer with how the queues stand."""
    found: tuple[QueueStanding, ...] = session.desk.ask(GetQueues(actor=session.actor))
    strangers = _names_nobody_has(session)
    document = {
        "queues": [documents.queue(session.texts, one) for one in found],
        "strangers": list(strangers),
    }
    titles = [session.texts.text(one) for one in _QUEUE_COLUMNS]
    rows = [_queue_row(session, one) for one in found]
    lines = [
        session.texts.text(
            "Overflow: waiting tickets that others are asked for; hopeless: nobody could take."
        ),
        session.texts.text("Free and full: the queue's own people at work, by their hands."),
        *table(titles, rows, whole={_SINCE}),
    ]
    return Answer(document=document, lines=[*lines, *_strangers(session, strangers)])


def agents(session: Session, given: Given) -> Answer:
    """Answer with how the agents stand."""
    found: tuple[AgentStanding, ...] = session.desk.ask(GetAgents(actor=session.actor))
    strangers = _names_nobody_has(session)
    document = {
        "agents": [documents.agent(one) for one in found],
        "strangers": list(strangers),
    }
    if not found:
        nobody = session.texts.text(
            "None of the agents that routing.yaml names is on the staff."
        )
        return Answer(document=document, lines=[nobody, *_strangers(session, strangers)])
    titles = [session.texts.text(one) for one in _AGENT_COLUMNS]
    rows = [
        (one.agent, _state(session, one), f"{one.load}/{one.capacity}", _skills(one))
        for one in found
    ]
    lines = [*table(titles, rows), *_strangers(session, strangers)]
    return Answer(document=document, lines=lines)


def call(session: Session, given: Given) -> Answer:
    """Answer with who calls, and whom to ring."""
    number = given.needed("number")
    query = AdviseCall(actor=session.actor, number="" if number == WITHHELD else number)
    found: CallAdvice = session.desk.ask(query)
    rows = [(session.texts.text(name), value) for name, value in _call(session, found) if value]
    return Answer(document=documents.call(session.texts, found), lines=_pairs(rows))


def _names_nobody_has(session: Session) -> tuple[str, ...]:
    found: tuple[str, ...] = session.desk.ask(ListStrangers(actor=session.actor))
    return found


def _strangers(session: Session, names: Sequence[str]) -> Iterator[str]:
    if names:
        template = "Named in routing.yaml, but nobody active on the staff: {names}"
        yield session.texts.say(template, names=list(names))


def _story(session: Session, story: RouteStory) -> Iterator[str]:
    for decision in story.decisions:
        yield f"{session.moment(decision.at)}  {session.texts.render(sentence(decision))}"
        yield from _passed_over(session, decision)
    if story.now is None:
        yield _rests(session, story)
        return
    yield session.texts.render(story.now.summary)
    yield from _why(session, story, story.now)


def _rests(session: Session, story: RouteStory) -> str:
    reason = story.resting or Message("")
    template = "{ticket} does not wait: {reason}"
    return session.texts.say(template, ticket=story.ticket, reason=reason)


def _why(session: Session, story: RouteStory, now: Explanation) -> Iterator[str]:
    if story.since is not None:
        moment = session.moment(story.since)
        yield session.texts.say("It waits since {moment}.", moment=moment)
    if now.before:
        yield session.texts.say("{count} ticket(s) come before it.", count=now.before)
    rows = [_candidate(session, one) for one in now.candidates]
    if rows:
        yield from table(
            [session.texts.text(text("agent")), session.texts.text(text("why"))], rows
        )


def _candidate(session: Session, one: Candidate) -> Sequence[str]:
    if one.reason is None:
        return one.agent, session.texts.text("gets it")
    return one.agent, session.texts.render(one.reason)


def _passed_over(session: Session, decision: Decision) -> Iterator[str]:
    for one in decision.passed_over:
        names = session.texts.listing(one.agents)
        if one.count > len(one.agents):
            template = "{names} and {count} more"
            more = one.count - len(one.agents)
            names = session.texts.say(template, names=names, count=more)
        reason = session.texts.render(one.reason)
        yield session.texts.say("  {names}: {reason}", names=names, reason=reason)


def _queue_row(session: Session, one: QueueStanding) -> Sequence[object]:
    since = "" if one.longest_since is None else session.moment(one.longest_since)
    return (
        one.queue,
        session.texts.value(one.title),
        one.waiting,
        since,
        one.overflowed,
        one.hopeless,
        one.free,
        one.busy,
    )


def _state(session: Session, one: AgentStanding) -> str:
    state = session.texts.text(_STATES[one.state])
    return f"{state} ({one.busy})" if one.state == "busy" else state


def _skills(one: AgentStanding) -> str:
    return " ".join(f"{name}:{level}" for name, level in one.skills.items())


def _call(session: Session, found: CallAdvice) -> Iterator[tuple[str, str]]:
    call = found.call
    yield text("customer"), call.customer
    yield text("name"), call.name
    if len(call.customers) > 1:
        yield text("customers"), session.texts.listing(call.customers)
    yield text("tier"), call.tier
    yield text("VIP"), session.texts.text("yes") if call.vip else ""
    yield text("brand"), call.brand
    yield text("language"), call.language
    yield text("queue"), str(session.texts.value(found.queue_title))
    yield text("ring"), found.agent or session.texts.text("nobody has a hand free")


def _pairs(rows: Sequence[tuple[str, str]]) -> list[str]:
    return [f"{name}: {value}" for name, value in rows]


_QUEUE_COLUMNS = (
    text("queue"),
    text("title"),
    text("waiting"),
    text("since"),
    text("overflow"),
    text("hopeless"),
    text("free"),
    text("full"),
)
_SINCE = 3
"""The column of moments, which are not cut."""
_AGENT_COLUMNS = (text("agent"), text("state"), text("in hand"), text("skills"))
