"""The keyboard as it was pressed: an Esc and the key after it, which may arrive in one piece, are two keys.

Terminals send Alt with a key as Esc and that key; Textual takes both for one, and an Esc that is typed ahead is lost. Nothing
here is bound to Alt.
"""

import os
import selectors
from codecs import getincrementaldecoder
from collections.abc import Iterator

from textual import events
from textual._xterm_parser import XTermParser
from textual.constants import ESCAPE_DELAY
from textual.drivers.linux_driver import LinuxDriver

from casewright.patterns import pattern

ESCAPE = "\x1b"
PASTE_BEGINS, PASTE_ENDS = "\x1b[200~", "\x1b[201~"
_LONE = pattern(f"({ESCAPE}(?![\\[OPX^_\\]bf]))")
"""An Esc that begins no sequence; with `b` and `f` some terminals send Alt with an arrow, by words."""
_LOOK_EVERY = 0.1
_AT_ONCE = 4096


def pieces(typed: str, *, pasting: bool = False) -> Iterator[str]:
    """Yield what came from a terminal, each Esc that is a key of its own apart; what is pasted stays whole.

    An Enter that was pressed before the terminal was ours came as the end of a line.
    """
    while typed:
        mark = PASTE_ENDS if pasting else PASTE_BEGINS
        before, found, typed = typed.partition(mark)
        if pasting:
            yield before + found
        else:
            yield from filter(None, _LONE.split(before.replace("\n", "\r")))
            if found:
                yield found
        pasting = pasting != bool(found)


class Keyboard(LinuxDriver):
    """Textual's driver for a terminal, with its input taken apart before it is understood."""

    def run_input_thread(self) -> None:
        """Read until the terminal is left."""
        parser, pasting = XTermParser(self._debug), False
        decode = getincrementaldecoder("utf-8")().decode
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                typed = decode(self._read(selector, _LOOK_EVERY))
                while typed.endswith(ESCAPE) and (more := self._read(selector, ESCAPE_DELAY)):
                    typed += decode(more)
                for piece in pieces(typed, pasting=pasting):
                    pasting = (pasting or piece == PASTE_BEGINS) and not piece.endswith(
                        PASTE_ENDS
                    )
                    if piece == ESCAPE and not pasting:
                        self.process_message(events.Key("escape", ESCAPE))
                    else:
                        for event in parser.feed(piece):
                            self.process_message(event)
                for event in parser.tick():
                    self.process_message(event)

    def _read(self, selector: selectors.SelectSelector, seconds: float) -> bytes:
        """Return what is there within so many seconds; b"" for nothing, or where the input has ended."""
        return os.read(self.fileno, _AT_ONCE) if selector.select(seconds) else b""
