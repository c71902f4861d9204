"""Drafts of the terminal: what was typed is kept at the desk, and waits here while the desk is away."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from casewright.answers import SavedDraft
from casewright.commands import Command
from casewright.errors import CasewrightError, ServerUnreachable
from casewright.queries import ListDrafts
from casewright_tui.messages import Told
from casewright_tui.pure.drafts import Unsaved

if TYPE_CHECKING:
    from casewright_tui.app import Terminal

AGAIN_AFTER = 2.0
"""Seconds after which a desk that was away is told again."""


class Drafts:
    """Keeps drafts without ever making a key wait for it."""

    def __init__(self, terminal: "Terminal") -> None:
        self._terminal = terminal
        self._unsaved = Unsaved(actor="")
        self._telling: asyncio.Task[None] | None = None

    def keep(self, about: str, ticket: str, values: Mapping[str, Any]) -> None:
        """Have a draft kept; one without anything in it is dropped."""
        if not values:
            self.drop(about)
            return
        self._unsaved.actor = self._terminal.actor
        self._unsaved.keep(about, ticket, values)
        self._tell()

    def drop(self, about: str) -> None:
        """Have a draft kept no more."""
        self._unsaved.actor = self._terminal.actor
        self._unsaved.drop(about)
        self._tell()

    async def of(self, about: str) -> Mapping[str, Any]:
        """Return what was kept under a name; {} where nothing was."""
        waiting = self._unsaved.values(about)
        if waiting is not None:
            return waiting
        found = await self.all()
        return next((one.values for one in found if one.about == about), {})

    async def all(self) -> Sequence[SavedDraft]:
        """Return all that the desk keeps for whoever sits here, the newest first; raises what the desk does."""
        found: Sequence[SavedDraft] = await self._terminal.ask(
            ListDrafts(actor=self._terminal.actor)
        )
        return found

    async def offer(self) -> None:
        """Say, where something was begun and not submitted, that it is still there."""
        try:
            count = len(await self.all())
        except CasewrightError as error:
            self._terminal.post_message(
                Told(self._terminal.texts.error(error), bad=True, error=error)
            )
            return
        if count:
            said = self._terminal.texts.say(
                "You began {count} form(s) and did not finish: F4, Begun forms.", count=count
            )
            self._terminal.post_message(Told(said))

    async def settled(self) -> None:
        """Wait until the desk was told of everything, or is away."""
        if self._telling is not None:
            await asyncio.wait({self._telling}, timeout=AGAIN_AFTER / 2)

    def _tell(self) -> None:
        if self._telling is None or self._telling.done():
            self._telling = asyncio.create_task(self._told())
            self._telling.add_done_callback(self._ended)

    def _ended(self, telling: "asyncio.Task[None]") -> None:
        """End the terminal with what nobody foresaw, as any other part of it does: drafts are not lost in silence."""
        if not telling.cancelled() and isinstance(error := telling.exception(), Exception):
            self._terminal.ended_by(error)

    async def _told(self) -> None:
        while (command := self._unsaved.next()) is not None:
            try:
                await self._said(command)
            except ServerUnreachable:
                await asyncio.sleep(AGAIN_AFTER)
                continue
            except CasewrightError as error:
                sentence = self._terminal.texts.error(error)
                self._terminal.post_message(Told(sentence, bad=True, error=error))
            self._unsaved.told(command)

    async def _said(self, command: Command) -> None:
        done: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._terminal.link.work(lambda came: came.desk.execute(command), done, lane="eyes")
        await done
