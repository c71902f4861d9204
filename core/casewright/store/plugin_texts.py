"""A plugin's own documents in the full-text index: found by the tokens that tickets are found by, on either database."""

from collections.abc import Sequence
from itertools import combinations
from math import comb

from casewright.contributions import FoundText
from casewright.errors import PluginFailed, message
from casewright.store import postgres_search as postgres
from casewright.store import search
from casewright.store.database import Database
from casewright.store.reaching import Condition
from casewright.store.search import Run

HOOK = "index"
"""What is said to have failed when a plugin asks its index for what it does not do."""
WEIGHTS = (10.0, 4.0, 1.0)
"""How much a word counts in the strong, the middle and the weak text."""
MOST_FOUND = 10_000
MOST_SOUGHT = 200
_MORE = 8
"""So many times as many are looked at where too few of the best are one's own."""
_TEXTS = ("strong", "middle", "weak")
_MARK = "\ue002"
"""What the index puts before a label: nothing that is typed has it in it."""
_OF_SQLITE = f"bm25(plugin_text, 0.0, {', '.join(map(str, WEIGHTS))})"
_SHARES = ", ".join(str(one / WEIGHTS[0]) for one in reversed(WEIGHTS))
_OF_POSTGRES = f"ts_rank('{{0, {_SHARES}}}', lexemes, ?::tsquery)"
_NAMED = "SELECT id FROM plugin_document WHERE plugin = ? AND name = ?"


class PluginTexts:
    """A plugin's handle on its documents, for as long as what it was given for lasts."""

    def __init__(self, database: Database, plugin: str, *, writable: bool) -> None:
        self._database = database
        self._plugin = plugin
        self._writable = writable
        self._open = True

    def put(self, name: str, texts: Sequence[str], *, labels: Sequence[str] = ()) -> None:
        """Put a document into the index, in place of the one of that name."""
        self._must_be_open(writing=True)
        if not 0 < len(texts) <= len(_TEXTS):
            raise self._failed("a document has one, two or three texts")
        self.remove(name)
        added = "INSERT INTO plugin_document (plugin, name) VALUES (?, ?) RETURNING id"
        number = self._database.execute(added, (self._plugin, name)).fetchone()[0]
        parts = [" ".join(search.tokens(one)) for one in texts]
        parts += [""] * (len(_TEXTS) - len(parts))
        self._database.execute(
            "INSERT INTO plugin_text (rowid, labels, strong, middle, weak) VALUES (?, ?, ?, ?, ?)",
            (number, " ".join(map(_label, labels)), *parts),
        )

    def remove(self, name: str) -> None:
        """Take a document out of the index, if it is there."""
        self._must_be_open(writing=True)
        for (number,) in self._database.execute(_NAMED, (self._plugin, name)).fetchall():
            self._database.execute("DELETE FROM plugin_text WHERE rowid = ?", (number,))
            self._database.execute("DELETE FROM plugin_document WHERE id = ?", (number,))

    def find(
        self,
        *,
        every: Sequence[str] = (),
        some: Sequence[str] = (),
        least: int = 1,
        labels: Sequence[Sequence[str]] = (),
        limit: int = 100,
    ) -> list[FoundText]:
        """Return the documents in which `every` text and at `least` so many of `some` stand, the most fitting first."""
        self._must_be_open()
        needed = [run for text in every for run in search.runs_of(text)]
        chosen = [runs for text in some if (runs := search.runs_of(text))]
        least = max(1, min(least, len(chosen)))
        together = comb(len(chosen), least) * least
        if len(needed) + max(together, sum(map(len, chosen))) > MOST_SOUGHT:
            raise self._failed("it seeks too many words at once")
        if not needed and not chosen:
            return []
        said = [list(map(_label, one)) for one in labels]
        most = max(0, min(limit, MOST_FOUND))
        if not self._database.is_file:
            statement, values = _on_server(needed, chosen, least, said)
            rows = self._database.execute(statement, (*values, self._plugin, most)).fetchall()
            return [FoundText(name=name, rank=rank) for name, rank in rows]
        return self._the_best_in_file(*_in_file(needed, chosen, least, said), most)

    def _the_best_in_file(
        self, statement: str, values: Sequence[object], most: int
    ) -> list[FoundText]:
        """Return the most fitting of what is ours: whose each of them is, is looked up for few, since that takes as long as ranking it."""
        taken = most
        while True:
            rows = self._database.execute(statement, (*values, taken)).fetchall()
            ours = [row for row in rows if row[0] == self._plugin]
            if len(ours) >= most or len(rows) < taken:
                return [FoundText(name=name, rank=rank) for _, name, rank in ours[:most]]
            taken *= _MORE

    def close(self) -> None:
        """End the handle: what it was given for is over, and whoever kept it cannot use it any more."""
        self._open = False

    def _must_be_open(self, *, writing: bool = False) -> None:
        if not self._open:
            raise self._failed("what its index was given for has ended")
        if writing and not self._writable:
            raise self._failed("it writes to its index where it may only read")

    def _failed(self, reason: str) -> PluginFailed:
        return PluginFailed(plugin=self._plugin, hook=HOOK, reason=message(reason))


def _in_file(
    every: Sequence[Run],
    some: Sequence[Sequence[Run]],
    least: int,
    labels: Sequence[Sequence[str]],
) -> Condition:
    parts = [_standing(run) for run in every]
    if some:
        each = [f"({' AND '.join(map(_standing, runs))})" for runs in some]
        parts.append(_at_least(least, each))
    query = f"{{{' '.join(_TEXTS)}}} : ({' AND '.join(parts)})"
    for alternatives in labels:
        either = " OR ".join(f'"{one}"' for one in alternatives) or f'"{_MARK}"'
        query += f" AND (labels : ({either}))"
    statement = (
        "SELECT plugin_document.plugin, plugin_document.name, found.fit FROM"
        f" (SELECT rowid AS id, -{_OF_SQLITE} AS fit FROM plugin_text WHERE plugin_text MATCH ?"
        " ORDER BY fit DESC, rowid LIMIT ?) AS found JOIN plugin_document USING (id)"
        " ORDER BY found.fit DESC, id"
    )
    return statement, [query]


def _at_least(least: int, each: Sequence[str]) -> str:
    """Return the query that at least so many stand; the index counts every word of a query anew, so that few are said twice."""
    first, *rest = each
    if len(each) == least:
        return f"({' AND '.join(each)})"
    if least == 1:
        return f"({' OR '.join(each)})"
    return f"(({first} AND {_at_least(least - 1, rest)}) OR {_at_least(least, rest)})"


def _on_server(
    every: Sequence[Run],
    some: Sequence[Sequence[Run]],
    least: int,
    labels: Sequence[Sequence[str]],
) -> Condition:
    """The same by lexemes and, since they do not know what follows what, by the texts as they stand."""
    within = "' ' || strong || '  ' || middle || '  ' || weak || ' '"
    needed = [_standing_there(run, within) for run in every]
    if some:
        each = [
            postgres.all_of([_standing_there(run, within) for run in runs]) for runs in some
        ]
        few = [postgres.all_of(few) for few in combinations(each, least)]
        needed.append(postgres.any_of(few))
    for alternatives in labels:
        either = " | ".join(map(postgres.lexeme, alternatives)) or postgres.lexeme(_MARK)
        needed.append(("lexemes @@ ?::tsquery", [either]))
    found = postgres.all_of(needed)
    fitting = " | ".join(
        postgres.lexemes_of(run) for run in [*every, *(run for runs in some for run in runs)]
    )
    statement = (
        f"SELECT plugin_document.name, {_OF_POSTGRES} AS fit FROM plugin_text"
        " JOIN plugin_document ON plugin_document.id = plugin_text.rowid"
        f" WHERE {found[0]} AND plugin_document.plugin = ?"
        " ORDER BY fit DESC, plugin_document.id LIMIT ?"
    )
    return statement, [fitting, *found[1]]


def _is_letter(run: Run) -> bool:
    """Return whether a run is a single letter or digit: it stands for itself, since half of all words begin with it."""
    return len(run[1]) == 1


def _standing(run: Run) -> str:
    return f'"{run[1]}"' if _is_letter(run) else search.standing(run)


def _standing_there(run: Run, within: str) -> Condition:
    if _is_letter(run):
        return postgres.whole(run[1], within=within)
    return postgres.standing(run, within=within)


def _label(text: str) -> str:
    """Return a label as one token, whatever stands in it."""
    return _MARK + "".join(
        one if one.isascii() and one.isalnum() else f"\ue003{ord(one):x}\ue003"
        for one in text.casefold()
    )
