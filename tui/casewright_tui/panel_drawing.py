"""A panel of a plugin, asked and drawn: whatever it raises or brings instead of lines becomes a sentence, never a crash."""

from typing import Any

from casewright.commands import Command
from casewright.errors import CasewrightError, Message, PluginFailed, message
from casewright.queries import Query
from casewright.visible import UNSAFE
from casewright_tui.lines import Line, Lines, Piece, piece
from casewright_tui.panels import Asking, Panel, PanelKey, Quote, Showing
from casewright_tui.width import cells

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
    """Return the lines of a panel, cleaned, and what its keys do; PluginFailed where it fails or brings something else."""
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
    if panel.keys and (panel.at == "about" or any(one.id for one in lines)):
        lines += _legend(panel, showing)
    return lines


def _legend(panel: Panel, showing: Showing) -> Lines:
    """Return what the keys of a panel do, as many to a line as there is room for."""
    found: list[Line] = [Line(pieces=(Piece(" "),))]
    for one in panel.keys:
        title = piece(f" {showing.texts.text(one.title)}  ", "dim")
        both = (Piece(one.key, "key"), title)
        before = found[-1].pieces if len(found) > 1 else ()
        fits = before and sum(cells(one.text) for one in (*before, *both)) <= showing.width
        if fits:
            found[-1] = Line(pieces=(*before, *both))
        else:
            found.append(Line(pieces=both))
    return found


def leads_to(panel: Panel, id: str) -> tuple[str, dict[str, Any]] | None:
    """Return the place that a chosen line leads to, None for none; PluginFailed where it is none that there is."""
    try:
        found = panel.go(id)
        return None if found is None else _place(panel, "go", found)
    except CasewrightError:
        raise
    except Exception as error:
        raise _failed(panel, "go", _raised(error)) from error


def done_by(
    panel: Panel, key: PanelKey, answer: Any, id: str, asking: Asking
) -> Command | tuple[str, dict[str, Any]] | None:
    """Return the command that a key is, or the place that it leads to, None for neither; PluginFailed where it is none."""
    try:
        found = key.do(answer, id, asking)
        if found is None or isinstance(found, Command):
            return found
        return _place(panel, key.key, found)
    except CasewrightError:
        raise
    except Exception as error:
        raise _failed(panel, key.key, _raised(error)) from error


def noted(panel: Panel, answer: Any, asking: Asking) -> Command | None:
    """Return the command that notes what was answered, None for nothing; PluginFailed where it is none."""
    try:
        found = panel.noted(answer, asking)
    except Exception as error:
        raise _failed(panel, "noted", _raised(error)) from error
    if found is not None and not isinstance(found, Command):
        raise _failed(panel, "noted", message("it notes nothing that a desk knows"))
    return found


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


def _place(panel: Panel, where: str, found: Any) -> tuple[str, dict[str, Any]]:
    """Return a place and what about; PluginFailed where there is no such place, whatever else it is raises."""
    from casewright_tui.places import PLACES

    place, about = str(found[0]), dict(found[1])
    if place not in PLACES:
        raise _failed(panel, where, message("there is no place '{place}'", place=place))
    return place, about


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
