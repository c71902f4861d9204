"""A ticket's history as the command line lists it: who did what when, and what came of it."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from casewright.cli.answer import Heading
from casewright.cli.reading import Reader
from casewright.cli.session import Session
from casewright.model import Event, Ticket
from casewright.telling.story import details, sentence
from casewright.telling.story_time import TimeStory
from casewright.telling.time_words import times_in

if TYPE_CHECKING:
    from casewright.sla.standing import Standing


def story(
    session: Session,
    ticket: Ticket,
    events: Sequence[Event],
    clocks: "Iterable[Standing]" = (),
) -> Iterator[str]:
    """Yield a line for each event, and under it what else is worth telling; `clocks` know the titles of its promises."""
    texts, reader = session.texts, Reader(session)
    time = TimeStory(reader, texts, ticket, clocks)
    title = reader.words(reader.of(ticket).title)
    yield Heading(
        texts.say(
            "{key}  {title} (events: {count})", key=ticket.key, title=title, count=len(events)
        )
    )
    yield texts.say("Times in {zone}.", zone=times_in(texts))
    for event in events:
        said = time.sentence(event) or sentence(reader, ticket, event)
        yield f"{texts.moment(event.at)}  {said}"
        for line in (*time.details(event), *details(reader, ticket, event)):
            first, *rest = line.split("\n")
            yield f"                  {first}"
            yield from (f"                  {one}" for one in rest)
