"""Pictures of the places as the web door shows them in a browser, to be looked at: `python -m tests.tui.pictures FOLDER`, by hand."""

import shutil
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from casewright.access import passwords
from casewright.commands import SetPassword
from casewright.config import read_config
from casewright.desk import open_desk
from casewright.model import SYSTEM

from ..server.served import ADMIN, Served, served
from .busy_centre import founded_busy

PASSWORD = "correct horse battery"
LISTENS = '\n[web]\nlisten = "127.0.0.1:0"\n'
WINDOW = {"width": 1000, "height": 620}
SETTLED = 1200
"""Milliseconds until a place is drawn for certain: nobody waits for this but whoever looks."""
GOES = ("F4", "Control+F", *"!=@%+02")
"""Keys that lead to another place, in which what is pressed next is meant."""
PLACES: dict[str, tuple[str, ...]] = {
    "queue": (),
    "views": ("0",),
    "filter": ("F3", *"宽带"),
    "ticket": ("2", "End", "Enter"),
    "complaint": ("Control+F", *"CMP-2026-000002", "Enter", "Enter"),
    "timeline": ("Control+F", *"CMP-2026-000002", "Enter", "Enter", "Tab", "m"),
    "actions": ("Enter", "F2"),
    "form": ("F7", *"已回电 called back"),
    "dispatch": ("Enter", "F2", *"dis", "Enter"),
    "contact": ("+", *"C-10086", "Enter"),
    "search": ("Control+F", *"宽带", "Enter"),
    "notices": ("!",),
    "announcement": ("!", "2", "Enter"),
    "wallboard": ("=",),
    "people": ("@",),
    "workflows": ("%",),
    "workflow": ("%", "ArrowDown", "ArrowDown", "Control+D"),
    "settings": ("Control+T",),
    "help": ("F1",),
    "palette": ("F4",),
    "said": ("Control+L",),
    "drafts": ("F4", *"begun", "Enter"),
    "letters": ("F4", *"dead", "Enter"),
    "access": ("F4", *"who looked", "Enter"),
    "audit": ("F4", *"histories", "Enter"),
    "panel": ("F4", *"queues stand", "Enter"),
    "lock": ("Control+K",),
}
"""By which keys each is come to from the queue; a Chinese palette finds what is typed in English too."""


def taken(folder: Path, names: list[str]) -> None:
    """Serve a busy centre, and take a picture of each place in both languages."""
    from playwright.sync_api import sync_playwright

    folder.mkdir(parents=True, exist_ok=True)
    root = Path(tempfile.mkdtemp(prefix="casewright-pictures-")) / "workspace"
    founded_busy(root, now=datetime.now(UTC))
    file = root / "casewright.toml"
    file.write_text(file.read_text("utf-8") + LISTENS, "utf-8")
    with open_desk(read_config(root)) as desk:
        verifier = passwords.hashed(PASSWORD)
        desk.execute_as_system(SetPassword(actor=SYSTEM, name=ADMIN, verifier=verifier))
    with served(root, "--web") as running, sync_playwright() as started:
        path = shutil.which("chromium") or shutil.which("chromium-browser")
        browser = started.chromium.launch(executable_path=path, args=["--no-sandbox"])
        for lang, locale in (("zh", "zh-CN"), ("en", "en-GB")):
            page = browser.new_page(locale=locale, viewport=WINDOW)
            page.goto(_address(running))
            for keys in (ADMIN, "Tab", PASSWORD, "Tab", "Enter"):
                page.keyboard.press(keys) if keys in ("Tab", "Enter") else page.keyboard.type(
                    keys
                )
            page.wait_for_timeout(3 * SETTLED)
            _walk(page, folder, lang, names)
            page.close()
        browser.close()


def _walk(page: Any, folder: Path, lang: str, names: list[str]) -> None:
    for name, keys in PLACES.items():
        if names and name not in names:
            continue
        page.reload()
        page.wait_for_selector(
            "body.-first-byte .xterm-helper-textarea:focus", state="attached"
        )
        page.wait_for_timeout(5 * SETTLED)
        for key in keys:
            page.keyboard.type(key) if len(key) == 1 else page.keyboard.press(key)
            page.wait_for_timeout(
                SETTLED if key in GOES else SETTLED // (20 if len(key) == 1 else 3)
            )
        page.wait_for_timeout(SETTLED)
        page.screenshot(path=str(folder / f"{name}-{lang}.png"))


def _address(running: Served) -> str:
    import re

    from ..server.served import eventually

    eventually(lambda: "web: " in running.log)
    found = re.search(r"web: (\S+)", running.log)
    assert found is not None
    return found[1]


if __name__ == "__main__":
    taken(Path(sys.argv[1]), sys.argv[2:])
