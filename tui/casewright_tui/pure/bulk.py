"""One errand for many tickets: what each came to, and the refusals by their reason."""

from collections.abc import Iterable, Sequence

from casewright.commands import Command
from casewright.errors import CasewrightError
from casewright.swift_dataclass import dataclass
from casewright.texts import Texts
from casewright_tui.errands.bulk import DryRun, about
from casewright_tui.lines import Line, Lines, Piece, line, paragraph, piece


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What is to be done with one ticket, all of it or nothing; no ticket for what is about none."""

    ticket: str
    commands: tuple[Command, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """What came of a part: why it is refused, or nothing against it."""

    part: Part
    refusal: CasewrightError | None = None


def parts(commands: Iterable[Command]) -> list[Part]:
    """Return commands by the ticket they are about, in the order in which the tickets first come."""
    found: dict[str, list[Command]] = {}
    for one in commands:
        found.setdefault(about(one), []).append(one)
    return [Part(ticket=ticket, commands=tuple(own)) for ticket, own in found.items()]


def tried(title: str, dry: DryRun, texts: Texts, width: int) -> Lines:
    """Return what a dry run showed: how many can be done, and which are refused, by reason."""
    able, refused = len(dry.passed), sum(len(one.tickets) for one in dry.refused)
    can = texts.say("{count} of {all} can be done", count=able, all=able + refused)
    lines = [
        Line(),
        line(Piece(" "), piece(title, "title")),
        Line(),
        line(Piece(" "), piece(can, "good" if able else "bad")),
    ]
    if refused:
        cannot = texts.say("{count} are refused:", count=refused)
        lines.append(line(Piece(" "), piece(cannot, "bad")))
        lines += _reasons(dry, texts, width)
    then = (
        texts.say("Enter does it for the {count}; Esc does nothing.", count=able)
        if able
        else texts.text("Nothing can be done; Esc goes back.")
    )
    return [*lines, Line(), line(Piece(" "), piece(then, "strong"))]


def results(title: str, came: Sequence[Came], texts: Texts, width: int) -> Lines:
    """Return what came of each ticket."""
    done = sum(one.refusal is None for one in came)
    lines = [
        Line(),
        line(Piece(" "), piece(title, "title")),
        Line(),
        line(
            Piece(" "),
            piece(
                texts.say("{count} of {all} are done", count=done, all=len(came)),
                "good" if done else "bad",
            ),
        ),
        Line(),
    ]
    for one in came:
        if one.refusal is None:
            lines.append(
                line(
                    Piece("  "),
                    piece(one.part.ticket),
                    Piece("  "),
                    piece(texts.text("done"), "good"),
                )
            )
        else:
            lines.append(
                line(
                    Piece("  "),
                    piece(one.part.ticket),
                    Piece("  "),
                    piece(texts.text("refused"), "bad"),
                )
            )
            lines += paragraph(texts.error(one.refusal), width - 1, "dim", indent=4)
    return lines


def _reasons(dry: DryRun, texts: Texts, width: int) -> list[Line]:
    lines: list[Line] = []
    for one in sorted(dry.refused, key=lambda one: -len(one.tickets)):
        lines.append(Line())
        lines += paragraph(f"{len(one.tickets)} × {one.reason}", width - 1, indent=2)
        lines += paragraph(texts.listing(one.tickets), width - 1, "dim", indent=4)
    return lines
