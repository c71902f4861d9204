"""Where a word stands in a TOML file, which Python's reader of TOML does not tell."""

from casewright.errors import Place
from casewright.patterns import pattern
from casewright.swift_dataclass import dataclass

_HEADER = pattern(r"\s*\[\[?\s*([^\]]+?)\s*\]\]?\s*(?:#.*)?")
_KEY = pattern(
    r"""\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*="""
)
_WORD = pattern(r"""[\w-]+|"[^"]*"|'[^']*'""")


@dataclass(frozen=True, slots=True)
class TomlPlaces:
    """The text of one TOML file, asked for the places of its words."""

    file: str
    text: str

    def of(self, *words: str) -> Place:
        """Return where `words` (table, table, ..., key) stand, or the nearest table around them."""
        best, depth = Place(self.file), 0
        table: tuple[str, ...] = ()
        for number, line in enumerate(self.text.splitlines(), 1):
            if header := _HEADER.fullmatch(line):
                table = found = _words(header[1])
            elif key := _KEY.match(line):
                found = (*table, *_words(key[1]))
            else:
                continue
            shared = _shared(found, words)
            if shared > depth:
                column = len(line) - len(line.lstrip()) + 1
                best, depth = Place(self.file, number, column), shared
        return best


def _words(dotted: str) -> tuple[str, ...]:
    return tuple(word.strip("\"'") for word in _WORD.findall(dotted))


def _shared(found: tuple[str, ...], wanted: tuple[str, ...]) -> int:
    """Return how many words of `wanted` stand on the line, none when the line is about another."""
    many = min(len(found), len(wanted))
    return many if found[:many] == wanted[:many] else 0
