"""A ticket's attached files, put where somebody wants them on the machine that they sit at."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

from casewright.answers import AttachedFile
from casewright.errors import CasewrightError
from casewright.new_file import write_new
from casewright.queries import GetFile
from casewright.texts import text

if TYPE_CHECKING:
    from casewright_tui.screens.ticket import TicketScreen

WHERE = text("Where is the file to be put? It must not be there yet.")


class Files:
    """Fetches the files of one ticket."""

    def __init__(self, screen: "TicketScreen") -> None:
        self._screen = screen
        self._number = 0

    async def put(self, number: int) -> None:
        """Ask where a file is to be put, and put it there; who comes through a door has no files of their own here."""
        from casewright_tui.screens.prompt import Prompt

        screen, known = self._screen, self._screen.sheet
        if known is None:
            return
        if not screen.terminal.sitting.is_local:
            screen.tell(
                "Files are fetched at your own machine: casewright ticket file {ticket} {number} FILE",
                ticket=known.ticket.key,
                number=str(number),
            )
            return
        self._number = number
        files = [one for one in known.events if one.kind == "FileAttached"]
        name = plain_name(str(files[number - 1].private.get("file") or ""))
        prompt = Prompt(WHERE, str(Path.cwd() / (name or f"{known.ticket.key}-{number}")))
        await screen.terminal.push_screen(prompt, self._answered)

    async def _answered(self, typed: str | None) -> None:
        if not typed:
            return
        screen, place = self._screen, Path(typed).expanduser().absolute()
        try:
            query = GetFile(actor=screen.actor, ticket=screen.key, number=self._number)
            found: AttachedFile = await screen.ask(query)
            write_new(place, found.content)
        except CasewrightError as error:
            screen.tell_error(error)
        else:
            count = len(found.content)
            screen.tell("{count} bytes are now in {file}", file=str(place), count=count)


def plain_name(name: str) -> str:
    """Return what a file that somebody sent may be called here: no folder, no control character, no hidden name."""
    last = re.split(r"[/\\]", name)[-1]
    return "".join(filter(str.isprintable, last)).strip().lstrip(".")
