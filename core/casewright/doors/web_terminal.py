"""One terminal in a browser: textual-serve's side of the WebSocket, and a forked session behind it instead of a command."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from textual_serve.app_service import AppService
from textual_serve.download_manager import DownloadManager

from casewright.doors.births import Birth, Nursery
from casewright.doors.born import Order

LAST_WORDS = 3.0
"""Seconds that an application may take to end once its browser has gone."""
LARGEST = 1000


class _Process:
    """What textual-serve asks of a process: its three streams."""

    def __init__(
        self,
        stdin: asyncio.StreamWriter,
        stdout: asyncio.StreamReader,
        stderr: asyncio.StreamReader,
    ) -> None:
        self.stdin, self.stdout, self.stderr = stdin, stdout, stderr


class WebTerminal(AppService):
    """Runs one application in a session of its own, from the WebSocket's first message to its last."""

    def __init__(
        self,
        order: Callable[[int, int], Order],
        nursery: Nursery,
        *,
        idle_seconds: float,
        write_bytes: Callable[[bytes], Awaitable[None]],
        write_str: Callable[[str], Awaitable[None]],
        close: Callable[[], Awaitable[None]],
    ) -> None:
        super().__init__(
            "",
            write_bytes=write_bytes,
            write_str=write_str,
            close=close,
            download_manager=DownloadManager(),
        )
        self._order, self._nursery = order, nursery
        self._birth: Birth | None = None
        self._idle_seconds = idle_seconds
        self._idle: asyncio.TimerHandle | None = None

    async def stop(self) -> None:
        """Have the application end, and end its process where it does not."""
        if self._idle is not None:
            self._idle.cancel()
        if self._task is not None:
            task, self._task = self._task, None
            with suppress(OSError):
                await self.send_meta({"type": "quit"})
            await asyncio.wait([task], timeout=LAST_WORDS)
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        if self._birth is not None:
            self._birth.end()
        if self._stdin is not None:
            self._stdin.close()

    async def run(self) -> None:
        """Hand on what the application draws until it has ended; then the browser is told so."""
        try:
            await super().run()
        finally:
            with suppress(ConnectionError, RuntimeError):
                await self.remote_close()

    async def on_meta(self, data: bytes) -> None:
        """Take from the application that it has ended, and nothing else: it opens no page and sends no file."""
        if b'"exit"' in data:
            await self.remote_close()

    async def start(self, width: int, height: int) -> None:
        """Begin, and end by itself once nobody has typed for long."""
        self._stir()
        await super().start(width, height)

    async def send_bytes(self, data: bytes) -> bool:
        """Hand on what was typed."""
        self._stir()
        return await super().send_bytes(data)

    async def set_terminal_size(self, width: int, height: int) -> None:
        """Have the application draw on a terminal of this size, within what is one."""
        await super().set_terminal_size(_within(width), _within(height))

    def _stir(self) -> None:
        loop = asyncio.get_running_loop()
        if self._idle is not None:
            self._idle.cancel()
        self._idle = loop.call_later(
            self._idle_seconds, lambda: asyncio.ensure_future(self.remote_close())
        )

    async def _open_app_process(self, width: int = 80, height: int = 24) -> Any:
        """Have a session forked, with pipes for streams."""
        ins, outs, errors = os.pipe(), os.pipe(), os.pipe()
        theirs = [ins[0], outs[1], errors[1]]
        try:
            self._birth = self._nursery.bear(
                self._order(_within(width), _within(height)), theirs, lambda *_: None
            )
        finally:
            for one in theirs:
                os.close(one)
        made = _Process(await _writer(ins[1]), await _reader(outs[0]), await _reader(errors[0]))
        self._process = made  # type: ignore[assignment]  # its streams are all that is asked of it
        self._stdin = made.stdin
        return made


def _within(size: int) -> int:
    return max(20, min(size, LARGEST))


async def _reader(descriptor: int) -> asyncio.StreamReader:
    loop, reader = asyncio.get_running_loop(), asyncio.StreamReader()
    pipe = os.fdopen(descriptor, "rb", 0)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), pipe)
    return reader


async def _writer(descriptor: int) -> asyncio.StreamWriter:
    loop, pipe = asyncio.get_running_loop(), os.fdopen(descriptor, "wb", 0)
    transport, protocol = await loop.connect_write_pipe(
        lambda: asyncio.StreamReaderProtocol(asyncio.StreamReader()), pipe
    )
    return asyncio.StreamWriter(transport, protocol, None, loop)
