"""casewright and its peers doing the same ticket work at the same durability, in one interleaved run: `make bench-peers`.

Everybody keeps its data in SQLite, WAL, FULL, on the same disk; one step is a ticket moved on, durable when it is done. What
exactly each of them does stands at the head of its file in `peers/`; each of them writes fewer rows than casewright. Peers run in
environments and processes of their own (`.bench-peers/`), have as many tickets, and are told over a pipe how many steps to take.

casewright is measured twice: moving the state alone, which is what roundup and django-helpdesk do, and with a form of six fields that is
checked, searched by, asked in a condition, and told of every second time, which none of them does.
"""

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import asdict
from functools import partial
from pathlib import Path

from bare import texts
from goal import SCALES, Bench, Row
from goal_commands import _own, _threads, _times
from goals import PAGE, in_terminal, record
from interleaved import Measured, Variant, measure
from job_workspace import Moves, Steps, copied, fire, keys_of, make
from peer import PEERS, Running

from casewright.desk import Desk, open_desk
from casewright.desk.shared_desk import open_shared_desk

CALLERS = 32
WORKS: dict[str, Callable[..., Steps]] = {"state": Moves, "form": partial(Steps, filled=True)}
"""What casewright does: the state alone is moved, or a form is filled in as well."""
TITLE = "## Peers, in one table"
BOUNDS = (
    ("12", "spiffworkflow step", "load, step, save", 2.5, 6.0),
    ("13", "dbos ten_steps", "a transactional step with rows like ours", 6.0, 20.0),
    ("14", "helpdesk update", "update_ticket()", 8.0, None),
    ("14", "helpdesk orm", "its bare ORM", 2.5, None),
    ("15", "roundup set_status", "issue.set(status)", 1.25, 3.0),
)


def rows(bench: Bench) -> tuple[list[Row], Measured]:
    """Return the rows of goals 12 to 15."""
    config = make(bench.folder / "ours", bench.scale.tickets)
    texts(config)
    keys, versions = keys_of(config), {}
    with ExitStack() as closing:
        variants = []
        for name, kind in WORKS.items():
            desk = closing.enter_context(open_desk(copied(config, f"{name}-one", "FULL")))
            shared = closing.enter_context(
                open_shared_desk(copied(config, f"{name}-many", "FULL"))
            )
            once = partial(_one, desk, kind(keys))
            many = _threads(shared, _own(keys, CALLERS, kind))
            variants += [
                Variant(name=f"{name} one", run=_times(once)),
                Variant(name=f"{name} many", run=many),
            ]
        for peer in PEERS:
            running = Running(peer, bench.folder / peer.name, bench.scale.tickets)
            closing.callback(running.close)
            versions[peer.name] = running.version
            variants += running.variants()
        operations = max(CALLERS, bench.scale.commands // 160 * 160)
        found = measure(variants, rounds=bench.scale.rounds, operations=operations)
    return [row for bound in BOUNDS for row in _rows(found, versions, *bound)], found


def _one(desk: Desk, upcoming: Steps) -> None:
    fire(desk, *upcoming.next())


def _rows(
    found: Measured,
    versions: dict[str, str],
    goal: str,
    name: str,
    what: str,
    alone: float,
    together: float | None,
) -> list[Row]:
    peer = name.split()[0]
    how = (
        f"{peer} {versions[peer]}: {what}; SQLite, WAL, FULL; `benchmarks/peers/{peer}_peer.py`"
    )
    wanted = (("one", "1 caller", alone), ("many", f"{CALLERS} callers", together))
    return [
        Row(
            goal=goal, what=f"{peer}, {what}: {callers}, {work}",
            ratio=found.speed(f"{work} {ours}", base=name), bound=bound, at_least=True, how=how,
        )
        for ours, callers, bound in wanted
        for work in WORKS
        if bound is not None
    ]  # fmt: skip


def main() -> None:
    """Measure, print, and record where that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", choices=list(SCALES), default="full", help="as of goals.py")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument(
        "--record", action="store_true", help=f"write the table into {PAGE.name}"
    )
    parser.add_argument("--folder", help="where everybody keeps their data")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="casewright-bench-peers-", dir=options.folder))
    try:
        table, found = rows(Bench(folder=folder, scale=SCALES[options.scale]))
    finally:
        shutil.rmtree(folder)
    _show(table, found, as_json=options.json)
    if options.record and options.scale != "small":
        record(
            table,
            PAGE,
            TITLE,
            f"python benchmarks/bench_peers.py --scale {options.scale}    # make bench-peers: full",
        )


def _show(table: Sequence[Row], found: Measured, *, as_json: bool) -> None:
    if as_json:
        shown = [{**asdict(one), "verdict": one.verdict} for one in table]
        print(json.dumps(shown, indent=1))
        return
    print(in_terminal(table))
    each = (f"{name} {found.seconds(name) * 1e6:,.0f}" for name in found.rounds[0])
    print(f"\nmicroseconds a step: {'; '.join(each)}", file=sys.stderr)


if __name__ == "__main__":
    main()
