"""Goals 1 to 4: commands through the desk against bare sqlite3 and against SQLModel as its pages teach it."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial

from bare import Bare, Texts, texts
from commands import Setting, same_statements
from goal import Bench, Row, shifted
from interleaved import Measured, Variant, measure
from job_workspace import ACTOR, Steps, copied, fire, form, keys_of, make
from session_style import SessionStyle

from casewright.commands import FireTransition
from casewright.config import Config, Synchronous
from casewright.desk import open_desk
from casewright.desk.shared_desk import SharedDesk, open_shared_desk

CALLERS = (32, 128)
GROUP = 100
STEPS = partial(Steps, filled=True)
_SAME = "the same statements on the same schema and pragmas, 10k tickets, with a form"


def rows(bench: Bench) -> Iterator[Row]:
    """Yield the rows of goals 1 to 4."""
    config = make(bench.folder / "commands", bench.scale.tickets)
    steps = texts(config)
    same_statements(config, steps)
    yield from _one_caller(bench, config, steps)
    yield from _many_callers(bench, config, steps)
    yield _without_sql(bench, config, steps)


def _one_caller(
    bench: Bench, config: Config, steps: dict[tuple[str, int], Texts]
) -> Iterator[Row]:
    durable = _compared(bench, config, steps, "FULL")
    quick = _compared(bench, config, steps, "NORMAL")
    plain = _compared(bench, config, steps, "FULL", filled=False)
    yield _row("1", "command, 1 caller, FULL", durable.speed("desk", base="bare"), 0.65, _SAME)
    yield _row(
        "1",
        "command without a form, 1 caller, FULL",
        plain.speed("desk", base="bare"),
        0.65,
        _SAME,
    )
    session = "a Session a command, objects loaded, changed, added, committed, refreshed"
    yield _row(
        "4", "SQLModel, 1 caller, FULL", durable.speed("desk", base="session"), 5, session
    )
    yield _row(
        "4", "SQLModel, 1 caller, NORMAL", quick.speed("desk", base="session"), 8, session
    )


def _row(goal: str, what: str, ratio: object, bound: float, how: str) -> Row:
    return Row(goal=goal, what=what, ratio=ratio, bound=bound, at_least=True, how=how)  # type: ignore[arg-type]


def _compared(
    bench: Bench,
    config: Config,
    steps: dict[tuple[str, int], Texts],
    synchronous: Synchronous,
    *,
    filled: bool = True,
) -> Measured:
    keys = keys_of(config)
    with ExitStack() as closing:
        desk = closing.enter_context(open_desk(copied(config, "desk", synchronous)))
        mine = Steps(keys, filled=filled)
        bare, plain = _bare(copied(config, "bare", synchronous), steps, keys, filled)
        closing.callback(bare.close)
        session = SessionStyle(copied(config, "session", synchronous), steps)
        closing.callback(session.close)
        theirs = Steps(keys, filled=filled)
        variants = (
            Variant(name="desk", run=_times(lambda: fire(desk, *mine.next()))),
            plain,
            Variant(name="session", run=_times(lambda: session.step(*theirs.next()))),
        )
        scale = bench.scale
        return measure(variants, rounds=scale.rounds, operations=scale.commands // 2)


def _times(once: Callable[[], object]) -> Callable[[int], None]:
    def run(commands: int) -> None:
        for _ in range(commands):
            once()

    return run


def _bare(
    config: Config,
    steps: dict[tuple[str, int], Texts],
    keys: Sequence[str],
    filled: bool = True,
) -> tuple[Bare, Variant]:
    bare, upcoming = Bare(config, steps), Steps(keys, filled=filled)

    def once() -> None:
        bare.execute("BEGIN IMMEDIATE")
        bare.step(*upcoming.next())
        bare.execute("COMMIT")

    return bare, Variant(name="bare", run=_times(once))


def _many_callers(
    bench: Bench, config: Config, steps: dict[tuple[str, int], Texts]
) -> Iterator[Row]:
    keys = keys_of(config)
    with ExitStack() as closing:
        bare, plain = _bare(copied(config, "bare", "FULL"), steps, keys)
        closing.callback(bare.close)
        session = SessionStyle(copied(config, "session", "FULL"), steps)
        closing.callback(session.close)
        upcoming = Steps(keys, filled=True)
        variants = [
            plain, Variant(name="session", run=_times(lambda: session.step(*upcoming.next()))),
        ]  # fmt: skip
        for many in CALLERS:
            for name, kind in (("threads", _threads), ("loop", _loop)):
                shared = open_shared_desk(copied(config, f"{name}{many}", "FULL"))
                closing.enter_context(shared)
                run = kind(shared, _own(keys, many))
                variants.append(Variant(name=f"{name} {many}", run=run))
        operations = max(CALLERS[-1], bench.scale.commands // CALLERS[-1] * CALLERS[-1])
        found = measure(variants, rounds=bench.scale.rounds, operations=operations)
    how = "one shared desk in one process against one bare commit a command; each answered after its commit"
    for many, bound in zip(CALLERS, (2.0, 2.5), strict=True):
        for name in ("threads", "loop"):
            speed = found.speed(f"{name} {many}", base="bare")
            yield _row("2", f"{many} callers ({name}), all durable, FULL", speed, bound, how)
    speed = found.speed(f"threads {CALLERS[0]}", base="session")
    yield _row("4", "SQLModel, 32 callers against one of its own, FULL", speed, 15, how)


def _own(keys: Sequence[str], many: int, kind: Callable[..., Steps] = STEPS) -> list[Steps]:
    """Return what each caller does, on tickets of its own; pairs, because every other ticket is one that is being checked."""
    found = []
    for number in range(many):
        own = [
            key
            for begin in range(2 * number, len(keys) - 1, 2 * many)
            for key in keys[begin : begin + 2]
        ]
        found.append(kind(own or keys[:2], seed=number))
    return found


def _threads(shared: SharedDesk, callers: list[Steps]) -> Callable[[int], None]:
    pool = ThreadPoolExecutor(len(callers))

    def run(commands: int) -> None:
        each = commands // len(callers)
        list(pool.map(lambda steps: _times(lambda: fire(shared, *steps.next()))(each), callers))

    return run


def _loop(shared: SharedDesk, callers: list[Steps]) -> Callable[[int], None]:
    async def work(steps: Steps, commands: int) -> None:
        for _ in range(commands):
            key, transition, note = steps.next()
            await shared.execute_soon(
                FireTransition(actor=ACTOR, ticket=key, transition=transition, form=form(note))
            )

    async def all_of_them(each: int) -> None:
        await asyncio.gather(*(work(steps, each) for steps in callers))

    return lambda commands: asyncio.run(all_of_them(commands // len(callers)))


def _without_sql(bench: Bench, config: Config, steps: dict[tuple[str, int], Texts]) -> Row:
    """Return the row of the CPU that the desk adds to its statements, many a commit so that hardly anything else is there."""
    keys = keys_of(config)
    setting = Setting(name="", synchronous="NORMAL", per_commit=GROUP, filled=True)
    with open_desk(copied(config, "desk", setting.synchronous)) as desk:
        bare = Bare(copied(config, "bare", setting.synchronous), steps)
        mine, theirs = Steps(keys, filled=True), Steps(keys, filled=True)

        def ours(groups: int) -> None:
            for _ in range(groups):
                with desk.batch():
                    _times(lambda: fire(desk, *mine.next()))(GROUP)

        def plain(groups: int) -> None:
            for _ in range(groups):
                bare.execute("BEGIN IMMEDIATE")
                _times(lambda: bare.step(*theirs.next()))(GROUP)
                bare.execute("COMMIT")

        variants = (Variant(name="desk", run=ours), Variant(name="bare", run=plain))
        groups = max(1, bench.scale.commands // GROUP)
        found = measure(variants, rounds=bench.scale.rounds, operations=groups)
        bare.close()
    return Row(
        goal="3",
        what="CPU of a command beyond that of its statements",
        ratio=shifted(found.cpu("desk", base="bare"), -1),
        bound=1.0,
        at_least=False,
        how="process CPU, 100 commands a commit at NORMAL, (desk - bare) / bare",
    )
