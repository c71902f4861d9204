"""How soon a form of forty fields is open and judged at the terminal: `python benchmarks/tui_form.py`; no screen, one process."""

import asyncio
import sys
import time
import timeit
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.server.served import ADMIN, founded
from tests.tui.seated import seated
from tests.tui.test_form_model import NOW, enumerated, form

from casewright.bilingual import Bilingual
from casewright.forms.spec import Form
from casewright_tui.errands.errand import Errand
from casewright_tui.messages import GoTo
from casewright_tui.pure.form_model import FormModel
from casewright_tui.screens.form import FormScreen

FIELDS, TIMES = 40, 15


def main() -> None:
    """Measure both, and say the median and the worst."""
    long: Form = form(dict(enumerated(FIELDS)), ("f0", "f1"))
    model = FormModel(long)
    entries: dict[str, Any] = {"f0": "text", "f1": "7"}
    judged = sorted(timeit.repeat(lambda: model.filled(entries, NOW), number=1, repeat=200))
    opened, spent = asyncio.run(_opened(long))
    for said, taken in (("opened", opened), ("opened, CPU", spent), ("judged", judged)):
        middle, worst = taken[len(taken) // 2] * 1000, taken[-1] * 1000
        sys.stdout.write(
            f"{FIELDS} fields {said}: median {middle:.2f} ms, worst {worst:.2f} ms\n"
        )


async def _opened(long: Form) -> tuple[list[float], list[float]]:
    """Return how long it took each time from the key's message until a field had the keys: on the clock, and of a processor."""
    errand = Errand(
        name="long", title=Bilingual(en="Long", zh="长"), form=long, make=lambda values: ()
    )
    taken, spent = [], []
    with TemporaryDirectory() as folder:
        root = Path(folder) / "workspace"
        founded(root)
        async with seated(root, ADMIN, size=(160, 50)) as one:
            for _ in range(TIMES):
                begun, before = time.perf_counter(), time.process_time()
                one.terminal.post_message(GoTo("form", errand=errand))
                while not (
                    isinstance(one.terminal.screen, FormScreen) and one.terminal.focused
                ):
                    await asyncio.sleep(0.001)
                taken.append(time.perf_counter() - begun)
                spent.append(time.process_time() - before)
                await one.press("escape")
    return sorted(taken), sorted(spent)


if __name__ == "__main__":
    main()
