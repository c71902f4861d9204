"""`casewright worker`: fires what is due and hands over what is to be sent, until it is told to stop."""

import json
import signal
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, redirect_stdout
from queue import Queue
from threading import Event
from typing import TYPE_CHECKING, Any

from casewright.cli.answer import Answer
from casewright.cli.grammar import Given, Noun, Option, Verb
from casewright.cli.incident import incident_sentence, log_of
from casewright.cli.output import print_line
from casewright.cli.refusal import plain
from casewright.cli.session import Session
from casewright.clock import SystemClock
from casewright.errors import Place, message
from casewright.ownership import held
from casewright.texts import Texts, text

if TYPE_CHECKING:
    from casewright.worker.journal import Line
    from casewright.worker.pulse import Pulse
    from casewright.worker.senders import Arrived
    from casewright.worker.tally import Tally


LOOPBACK = "127.0.0.1"


def work(session: Session, given: Given) -> Answer:
    """Work until SIGTERM or SIGINT, or, with --once, until nothing is left to do now."""
    from casewright.worker.holders import holder_here, is_dead
    from casewright.worker.loop import Worker

    once, journal = given.flag("once"), _Journal(session)
    with ExitStack() as closing:
        stop = closing.enter_context(_stopped_by_signals())
        if session.as_json:
            # A channel that prints must not spoil the one document.
            closing.enter_context(redirect_stdout(sys.stderr))
        arrived: Queue[Arrived] = Queue()
        pulse = _watched(session, given, journal, closing)
        working = session.own_desk.working(among_others=not once)
        holder = holder_here()
        worker = Worker(
            working,
            working.open_channels(),
            holder=holder,
            tell=journal.tell,
            stop=stop,
            arrived=arrived,
            pulse=pulse,
        )
        if not once:
            if held(session.config.database):
                working.inherit(is_dead)
            if not working.backend.shared:
                # Whoever is second says so before it listens, and before it claims to be at work.
                working.hold(holder)
            closing.callback(working.let_go, holder)
            _listen(session, arrived, journal, closing)
            journal.remark("started", text("at work, until SIGTERM or Ctrl-C"))
        tally = worker.run(once=once)
    return Answer(document=tally.document(), lines=_lines(tally, session.texts))


def _listen(
    session: Session, arrived: "Queue[Arrived]", journal: "_Journal", closing: ExitStack
) -> None:
    """Let receipts and replies in, if the workspace says where."""
    settings = session.config.worker
    if not settings.host:
        return
    from casewright.worker.listener import Listener

    listener = Listener(settings, session.config.channels, arrived)  # type: ignore[arg-type]
    port = listener.start()
    closing.callback(listener.stop)
    journal.remark(
        "listening",
        text("receipts and replies come in at {address}"),
        address=f"{settings.host}:{port}",
    )


def _watched(
    session: Session, given: Given, journal: "_Journal", closing: ExitStack
) -> "Pulse | None":
    """Let the worker be watched over, if it was said where."""
    written = given.text("metrics")
    if written is None:
        return None
    from casewright.settings.delivering import address_of
    from casewright.worker.monitor import Monitor
    from casewright.worker.pulse import Pulse

    address = f"{LOOPBACK}:{written}" if written.isdecimal() else written
    host, port = address_of(address, Place("--metrics"))
    pulse = Pulse(session.own_desk.vitals)
    monitor = Monitor(pulse, host=host, port=port)
    said = f"{host}:{monitor.start()}"
    closing.callback(monitor.stop)
    template = text("/health, /ready and /metrics answer at {address}")
    journal.remark("watched", template, address=said)
    return pulse


@contextmanager
def _stopped_by_signals() -> Iterator[Event]:
    """Yield an event that SIGTERM and SIGINT set: what was begun is ended first."""
    stop = Event()
    both = (signal.SIGTERM, signal.SIGINT)
    before = [signal.signal(one, lambda *_: stop.set()) for one in both]
    try:
        yield stop
    finally:
        for one, handler in zip(both, before, strict=True):
            signal.signal(one, handler)


class _Journal:
    """Writes lines to the log and to the standard error: there as sentences for people, or as JSON that no value forges."""

    def __init__(self, session: Session) -> None:
        self._texts, self._as_json, self._clock = session.texts, session.as_json, SystemClock()
        self._log = log_of(session)

    def remark(self, event: str, sentence: str, **values: object) -> None:
        """Write a line of the command's own."""
        from casewright.worker.journal import line

        self.tell(line(event, message(sentence, **values)))

    def tell(self, line: "Line") -> None:
        """Write a line of the worker's."""
        now, said = self._clock.now(), self._texts.render(line.sentence) + self._keep(line)
        if not self._as_json:
            print_line(f"{self._texts.moment(now)}  {_on_one_line(said)}", sys.stderr)
            return
        fields = {name: plain(value, self._texts) for name, value in line.fields.items()}
        document = {
            "at": plain(now, self._texts),
            "event": line.event,
            "grade": line.grade,
            "message": said,
            **fields,
        }
        print_line(json.dumps(document, ensure_ascii=True, default=str), sys.stderr)

    def _keep(self, line: "Line") -> str:
        """Write the line into the log; return what is to be said of it here: a bug's incident."""
        if self._log is None:
            return ""
        fields = {name: plain(value, _ENGLISH) for name, value in line.fields.items()}
        if line.bug is None:
            self._log.write(line.event, grade=line.grade, **fields)
            return ""
        incident = self._log.incident(line.bug, doing=line.event, door="worker", **fields)
        return " " + incident_sentence(incident, self._texts)


def _on_one_line(said: str) -> str:
    return " ".join(said.split())


def _lines(tally: "Tally", texts: Texts) -> Iterator[str]:
    counts: Any = tally.counts
    yield texts.say(
        "Timers fired: {fired}; out of date: {stale}; failed: {troubles}.",
        fired=counts["fired"],
        stale=counts["stale"],
        troubles=counts["troubles"],
    )
    yield texts.say(
        "Notices on their way: {notices} in {deliveries} message(s); held: {held}; given up: {given_up}.",
        notices=counts["notices"],
        deliveries=counts["deliveries"],
        held=counts["held"],
        given_up=counts["given_up"],
    )
    yield texts.say(
        "Attempts: {attempts}; accepted {accepted}, delivered {delivered}, unknown {unknown}, rejected {rejected}, "
        "no answer {unanswered}.",
        **{name: counts[name] for name in _OUTCOMES},
    )
    if counts["receipts"] or counts["replies"]:
        yield texts.say(
            "Receipts: {receipts}, of which nobody knows {unknown}; replies: {replies}.",
            receipts=counts["receipts"],
            unknown=counts["unknown_receipts"],
            replies=counts["replies"],
        )
    if counts["arrivals"]:
        yield texts.say(
            "Came in: {arrivals}, of which {unsorted} wait unsorted.",
            arrivals=counts["arrivals"],
            unsorted=counts["unsorted"],
        )
    if counts["calls"]:
        yield texts.say(
            "Other systems told: {told}; not told: {not_told}.",
            told=counts["told"],
            not_told=counts["not_told"],
        )
    yield from _lags(tally, texts)


def _lags(tally: "Tally", texts: Texts) -> Iterator[str]:
    """Yield how late the timers were, as a histogram."""
    lags = tally.lags
    if not lags.count:
        return
    yield texts.say(
        "How late the timers were: half of them up to {median} s, 99 of 100 up to {most} s, the last {largest} s.",
        median=f"{lags.quantile(0.5):.3f}",
        most=f"{lags.quantile(0.99):.3f}",
        largest=f"{lags.largest:.3f}",
    )
    widest = max(count for _, count in lags.histogram())
    for end, count in lags.histogram():
        if count:
            shown = f"<= {end:g} s" if end is not None else "   > 1 h"
            yield f"  {shown:>10}  {'#' * max(1, 40 * count // widest):<40}  {count}"


_ENGLISH = Texts("en")
"""A log is read by programs and by whoever looks after several installations: in one language."""
_OUTCOMES = ("attempts", "accepted", "delivered", "unknown", "rejected", "unanswered")

NOUNS = (
    Noun(
        name="worker",
        help=text("fire what is due, send what is to be sent"),
        verbs=(
            Verb(
                name="",
                run=work,
                help=text("fire timers when they are due, and hand notices to their channels"),
                more=text(
                    "One worker works for a workspace; SIGTERM or Ctrl-C lets it end what it has begun. "
                    "It writes what it meets to the standard error."
                ),
                options=(
                    Option(
                        name="--once",
                        help=text("do all that is due now, wait for the answers, and stop"),
                    ),
                    Option(
                        name="--metrics",
                        value="PORT",
                        help=text(
                            "answer /health, /ready and /metrics (Prometheus) at this port of the machine, or at ADDRESS:PORT"
                        ),
                    ),
                ),
            ),
        ),
    ),
)
