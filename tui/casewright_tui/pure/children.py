"""The other tickets of a ticket: where it came from, what was opened from it, its earlier rounds, and what is linked."""

from collections.abc import Iterator, Sequence

from casewright.model import Ticket
from casewright.telling.kinds import LINKS
from casewright.telling.names import Names
from casewright_tui.lines import Line
from casewright_tui.pure.sheet import heading, told

TICKET = "ticket:"
"""How the id of a ticket's line begins; what follows is its key."""


def pane(
    names: Names,
    ticket: Ticket,
    children: Sequence[Ticket],
    rounds: Sequence[Ticket],
    width: int,
    *,
    more: int = 0,
) -> list[Line]:
    """Return the pane; nothing where there are no others. `more` were opened from it than are listed."""
    lines: list[Line] = []
    for key, said in _related(names, ticket, children, rounds):
        lines += told(said, width, mark=f"{key}  " if key not in said else "", id=TICKET + key)
    if more:
        lines += told(names.texts.say("and {count} more", count=more), width, tone="dim")
    return [*heading(names.texts.text("Other tickets")), *lines] if lines else []


def _related(
    names: Names, ticket: Ticket, children: Sequence[Ticket], rounds: Sequence[Ticket]
) -> Iterator[tuple[str, str]]:
    texts = names.texts
    if ticket.parent:
        yield ticket.parent, texts.say("it is part of {key}", key=ticket.parent)
    for one in children:
        yield (
            one.key,
            texts.say(
                "{title}: {state}, with {handler}",
                title=names.words(names.of(one).title),
                state=names.state(one),
                handler=names.calls(one.handler),
            ),
        )
    for one in rounds:
        if one.key != ticket.key:
            yield (
                one.key,
                texts.say(
                    "round {round}: {state}", round=str(one.round), state=names.state(one)
                ),
            )
    shown = {one.key for one in (*children, *rounds)}
    for role, key in ticket.links:
        if key not in shown:
            yield (
                key,
                texts.say(
                    "{key} is linked ({role})", key=key, role=texts.text(LINKS.get(role, role))
                ),
            )
