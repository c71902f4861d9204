"""The terminal with its clocks hurried, for what would take hours otherwise: `python -m tests.tui.hurried WORDS`.

Whatever changes is looked for and shown so many times as often; how often the queue was refreshed is written to the file
that the environment names.
"""

import os
import sys
from pathlib import Path
from typing import Any

from casewright.cli import sitting
from casewright.cli.__main__ import main
from casewright_tui import app, news
from casewright_tui.screens import queue_live

HURRY = 15
COUNTED = "HURRIED_COUNT"


def hurry() -> None:
    """Have everything that happens by the clock happen more often, and the refreshes be counted."""
    sitting.LOOK_EVERY /= HURRY
    news.GATHER /= HURRY
    app.SUMMARY_EVERY /= HURRY
    queue_live.EVERY /= HURRY
    renew, count = queue_live.LiveQueue._renew, 0

    async def counted(screen: queue_live.LiveQueue) -> Any:
        nonlocal count
        count += 1
        Path(os.environ[COUNTED]).write_text(str(count), encoding="ascii")
        return await renew(screen)

    queue_live.LiveQueue._renew = counted  # type: ignore[method-assign]


if __name__ == "__main__":
    hurry()
    sys.exit(main())
