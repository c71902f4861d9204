"""Read by Python when it starts, where a test puts this folder on its path: breaks a server as `CASEWRIGHT_SABOTAGE` says."""

import os
import time
from typing import Any

_LONG_ENOUGH_TO_BE_KILLED = 0.3


def _answer_before_the_commit() -> None:
    from casewright.server import waiting
    from casewright.server import writer_thread as writer

    inside = writer._outcome

    def outcome(desk: Any, one: waiting.Waiting) -> Any:
        found = inside(desk, one)
        waiting.answer([(one, found)])
        time.sleep(_LONG_ENOUGH_TO_BE_KILLED)
        return found

    writer._outcome = outcome


def _answer_long_after_the_commit() -> None:
    from casewright.server import writer_thread as writer

    inside = writer.answer

    def answer(outcomes: Any) -> None:
        time.sleep(_LONG_ENOUGH_TO_BE_KILLED)
        inside(outcomes)

    writer.answer = answer


_SABOTAGE = {
    "answer before the commit": _answer_before_the_commit,
    "answer long after the commit": _answer_long_after_the_commit,
}
if "CASEWRIGHT_SABOTAGE" in os.environ:
    _SABOTAGE[os.environ["CASEWRIGHT_SABOTAGE"]]()
