"""A panel of a plugin, asked and drawn: whatever it raises or brings instead of lines becomes a sentence, never a crash."""

from typing import Any

from casewright.commands import Command
from casewright.errors import CasewrightError, Message, PluginFailed, message
from casewright.queries import Query
from casewright.visible import UNSAFE
from casewright_tui.lines import Line, Piece, piece
from casewright_tui.panels import Asking, Panel, Quote, Showing

LONGEST_QUOTE = 20_000
"""Characters that are put into an answer at most."""
MOST_LINES = 2000
"""Lines of a panel that are drawn; that there were more is said."""


def question(panel: Panel, asking: Asking) -> Query:
    """Return what a panel asks; PluginFailed where it cannot say it."""
    try:
        query = panel.ask(asking)
    except CasewrightError:
        raise
    except Exception as error:
        raise _failed(panel, "ask", _raised(error)) from error
    if not isinstance(query, Query):
        raise _failed(panel, "ask", message("it asks nothing that a desk knows"))
    return query


def drawn(panel: Panel, answer: Any, showing: Showing) -> list[Line]:
    """Return the lines of a panel, cleaned; PluginFailed where it fails or brings something else."""
    try:
        lines = [
            _cleaned(one)
            for _, one in zip(range(MOST_LINES), panel.show(answer, showing), strict=False)
        ]
    except CasewrightError:
        raise
    except Exception as error:
        raise _failed(panel, "show", _raised(error)) from error
    if len(lines) == MOST_LINES:
        said = showing.texts.say("only the first {count} lines are shown", count=MOST_LINES)
        lines.append(Line(pieces=(piece(said, "dim"),)))
    return lines


def leads_to(panel: Panel, id: str) -> tuple[str, dict[str, Any]] | None:
    """Return the place that a chosen line leads to, None for none; PluginFailed where it is none that there is."""
    from casewright_tui.places import PLACES

    try:
        found = panel.go(id)
        where = None if found is None else (str(found[0]), dict(found[1]))
    except Exception as error:
        raise _failed(panel, "go", _raised(error)) from error
    if where is not None and where[0] not in PLACES:
        raise _failed(panel, "go", message("there is no place '{place}'", place=where[0]))
    return where


def quoted(panel: Panel, answer: Any, id: str, asking: Asking) -> Quote | None:
    """Return what a chosen line puts into the answer to the customer, None for nothing; PluginFailed where it is none."""
    try:
        found = panel.quote(answer, id, asking)
    except Exception as error:
        raise _failed(panel, "quote", _raised(error)) from error
    if found is None:
        return None
    if (
        not isinstance(found, Quote)
        or not isinstance(found.command, Command)
        or not isinstance(found.text, str)
    ):
        raise _failed(panel, "quote", message("it quotes nothing that can be said"))
    return Quote(command=found.command, text=UNSAFE.sub("", found.text)[:LONGEST_QUOTE])


def _cleaned(one: Line) -> Line:
    """Return a line as it may reach a terminal, whoever made its pieces; TypeError where it is none."""
    if not isinstance(one, Line) or not all(isinstance(part, Piece) for part in one.pieces):
        raise TypeError("what it shows are no lines")
    pieces = tuple(piece(part.text, part.tone) for part in one.pieces)
    return Line(pieces=pieces, id=str(one.id), indent=int(one.indent))


def _failed(panel: Panel, where: str, reason: Message) -> PluginFailed:
    return PluginFailed(plugin=panel.name, hook=where, reason=reason)


def _raised(error: Exception) -> Message:
    return message("it raised {error}", error=f"{type(error).__name__}: {error}")
