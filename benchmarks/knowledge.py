"""Searching and suggesting among many articles, through the desk: `python benchmarks/knowledge.py --articles 100000`.

The articles are those of the tests' corpus, half of them Chinese and half in both languages, put straight into the plugin's tables and
index; what is asked goes through the desk, as somebody who may read them. Medians, and what 95 of 100 stay within.
"""

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.knowledge import corpus
from tests.knowledge.library import Library, founded

from casewright.model import SYSTEM_PEOPLE
from casewright_knowledge import indexing, stored, synonyms_file
from casewright_knowledge.article import content_of
from casewright_knowledge.moments import number_of

AT_ONCE = 2_000
QUESTIONS = (
    "宽带测速不达标怎么办", "发票抬头可以改吗", "how do I cancel the plan", "I was charged twice this month",
    "老人办套餐有优惠吗", "机顶盒黑屏没有信号", "roaming is not working abroad", "换地址宽带怎么移机",
)  # fmt: skip
GOALS = {"search": 20.0, "suggest": 50.0}
"""Milliseconds at the median."""


def fill(library: Library, articles: int) -> None:
    """Put so many articles there as if each had been published."""
    desk = library.desk
    actor = SYSTEM_PEOPLE["system"]
    half = articles // 2
    fields = chain(corpus.chinese(half, seed=5), corpus.distractors(articles - half, seed=6))
    number = 0
    while part := list(islice(fields, AT_ONCE)):
        with desk._database.write():
            desk._library.refreshed()
            plugins = desk._care.plugins
            now = desk._clock.now()
            with desk._plugged._desk(
                plugins, "knowledge", actor, now, doing="benchmark"
            ) as own:
                meaning = synonyms_file.meaning(own)
                for one in part:
                    number += 1
                    _publish(own, f"KB-2025-{number:06}", one, meaning, number_of(now))


def _publish(own: Any, key: str, fields: dict[str, Any], meaning: Any, at: int) -> None:
    content = content_of(fields)
    found_by = indexing.analysed(content, meaning)
    version = stored.made(key, 1, at=at, by="root", note="", content=content, terms=found_by)
    stored.follow(own.store, key, owner="root", state="published", review_due=0)
    stored.add_version(own.store, version)
    stored.publish(own.store, key, content, version=1, at=at)
    indexing.put(own, version)


def measured(library: Library) -> Iterator[tuple[str, str, float, float]]:
    """Yield what was asked, by which goal it is judged, and the median and the 95th of 100 in milliseconds."""
    words = corpus.VOCABULARY
    pairs = [f"{one} {other}" for one, other in zip(words, words[40:], strict=False)]
    tickets = [library.inquiry(one, one) for one in QUESTIONS]
    asked: Sequence[tuple[str, str, list[Callable[[], object]]]] = (
        ("search: a word of two characters", "search", [lambda w=w: library.search(w) for w in words]),  # type: ignore[misc]
        ("search: two words", "search", [lambda w=w: library.search(w) for w in pairs]),  # type: ignore[misc]
        ("search: an English word", "search", [lambda w=w: library.search(w[1], language="en") for w in corpus.SUBJECTS]),  # type: ignore[misc]
        ("search: a question", "search", [lambda q=q: library.search(q) for q in QUESTIONS * 5]),  # type: ignore[misc]
        ("search: a slip of the finger", "search", [lambda w=w: library.search(w) for w in ("brodband", "invioce", "modme", "chanel") * 5]),  # type: ignore[misc]
        ("suggestions for a ticket", "suggest", [lambda t=t: library.suggest(t) for t in tickets * 5]),  # type: ignore[misc]
    )  # fmt: skip
    for name, goal, calls in asked:
        calls[0]()
        taken = sorted(_milliseconds(one) for one in calls)
        yield name, goal, statistics.median(taken), taken[int(len(taken) * 0.95)]


def _milliseconds(call: Callable[[], object]) -> float:
    begun = time.perf_counter()
    call()
    return 1_000 * (time.perf_counter() - begun)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--must", action="store_true", help="fail where a goal is missed")
    options = parser.parse_args()
    missed = []
    with tempfile.TemporaryDirectory(prefix="casewright-bench-") as folder:
        library = Library(founded(Path(folder) / "template"), Path(folder) / "w")
        begun = time.perf_counter()
        fill(library, options.articles)
        took = time.perf_counter() - begun
        size = (library.root / "casewright.db").stat().st_size / 1e6
        print(f"{options.articles:,} articles in {took:.0f} s, {size:.0f} MB", flush=True)
        for name, goal, median, most in measured(library):
            met = median <= GOALS[goal]
            missed += [] if met else [name]
            print(
                f"{name:34} {median:7.1f} ms  95 of 100: {most:7.1f}  goal {GOALS[goal]:.0f} {'met' if met else 'missed'}",
                flush=True,
            )
        library.close()
    if missed and options.must:
        sys.exit(f"missed: {', '.join(missed)}")


if __name__ == "__main__":
    main()
