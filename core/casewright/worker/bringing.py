"""Bringing what was fetched to the desk: its fetcher hears when it is durable, or why it is not."""

from queue import Empty, Queue
from typing import Any

from casewright.desk.working.back_door import Working
from casewright.errors import CasewrightError, DatabaseBusy, DatabaseUnusable, Message, message
from casewright.worker.fetching import Came, Fetchers
from casewright.worker.journal import Tell, line
from casewright.worker.tally import Tally

_BETWEEN_LOOKS = 0.05


def bring(working: Working, came: Came, tell: Tell, tally: Tally) -> None:
    """Take in what a fetcher brings; what cannot be kept stays where it was, and is told. DatabaseBusy, DatabaseUnusable."""
    try:
        outcome = working.take_in(came.arrival)
    except (DatabaseBusy, DatabaseUnusable):
        raise
    except Exception as error:  # noqa: BLE001  A border: the fetcher's thread is told.
        came.over.set_exception(error)
        own = isinstance(error, CasewrightError)
        said = message(
            "something that came in over '{channel}' could not be taken in: {error}",
            channel=came.arrival.channel,
            error=_told(error),
        )
        tell(line("not_taken_in", said, grade="warning", bug=None if own else error))
        return
    tally.add(arrivals=1, **{outcome: 1} if outcome == "unsorted" else {})
    came.over.set_result(outcome)


def fetch_once(working: Working, tell: Tell) -> Tally:
    """Fetch what lies in the mailboxes now and take it in; return how much there was."""
    sink: Queue[Any] = Queue()
    tally = Tally()
    fetchers = Fetchers(working.config, sink, keep=working.keep, now=working.now, once=True)
    fetchers.start()
    try:
        while fetchers.busy or not sink.empty():
            try:
                came = sink.get(timeout=_BETWEEN_LOOKS)
            except Empty:
                continue
            if isinstance(came, Came):
                bring(working, came, tell, tally)
            else:
                tell(came)
    finally:
        fetchers.stop()
    return tally


def _told(error: Exception) -> Message:
    if isinstance(error, CasewrightError):
        return Message(error.sentence, error.details())
    kind = type(error).__name__
    return message("something in casewright itself went wrong ({kind})", kind=kind)
