"""Where the terminal begins: whoever sits down is given the application, or the plain mode."""

import gc
import os
import pkgutil
import sys
from importlib import import_module

from casewright.bilingual import LANGUAGES
from casewright.front_door import Sitting
from casewright.texts import Texts

DRIVERS = ("textual.drivers.linux_driver", "textual.drivers.web_driver")
LAYOUTS = ("textual.layouts.factory", "textual.layouts.horizontal", "textual.layouts.stream")
"""What Textual imports only as it lays a screen out."""


def prepare() -> None:
    """Import all of the terminal, in a process from which sittings are forked: they share that memory. Nothing is started."""
    import casewright_tui

    found = pkgutil.walk_packages(casewright_tui.__path__, f"{casewright_tui.__name__}.")
    for module in (*(one.name for one in found), *DRIVERS, *LAYOUTS):
        import_module(module)
    from casewright_tui.width import cells

    for lang in LANGUAGES:  # This reads the catalogues, and how wide characters are.
        cells(Texts(lang).text("Help"))


def live(sitting: Sitting) -> int:
    """Run until whoever sits there leaves; return the exit code."""
    if sitting.plain:
        gc.enable()
        from casewright_tui.plain import run_plainly

        return run_plainly(sitting)
    _forget_surroundings()
    from casewright_tui.app import Terminal

    terminal = Terminal(sitting)
    code = terminal.run() or 0
    if terminal.bug is not None:
        raise terminal.bug
    if terminal.last_words:
        print(terminal.last_words, file=sys.stderr)
    return code


def _forget_surroundings() -> None:
    """Have Textual see nothing of the environment: what somebody set there for other applications is not meant for this one."""
    for name in [one for one in os.environ if one.startswith("TEXTUAL")]:
        del os.environ[name]
    os.environ["TEXTUAL_ANIMATIONS"] = "none"
