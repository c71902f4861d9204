"""The laws tried in a process of its own, which a bad plugin may end: what was found by then is kept, the rest goes on."""

import json
import pickle
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from casewright.errors import Message, message
from casewright.plugins.apart import run_apart
from casewright.swift_dataclass import dataclass
from casewright.testing.laws.catalogue import LAWS
from casewright.testing.laws.law import Law, Section


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """A law, and where a plugin breaks it."""

    law: Law
    broken: tuple[Message, ...]


def verdicts(name: str, section: Section) -> Iterator[Verdict]:
    """Yield what becomes of each law on a plugin that is installed, with the settings of `section`.

    One that does not load breaks the first, and no other is tried on it.
    """
    tried = 0
    while tried < len(LAWS):
        found, ending = _tried(name, section, tried)
        for law, broken in zip(LAWS[tried:], found, strict=False):
            yield Verdict(law=law, broken=broken)
            if not _goes_on(law, broken):
                return
        tried += len(found)
        if tried < len(LAWS):
            yield Verdict(law=LAWS[tried], broken=(ending,))
            if not _goes_on(LAWS[tried], (ending,)):
                return
            tried += 1


def main() -> None:
    """Try the laws from a number on, and write what each finds into a file at once."""
    name, section, first, file = sys.argv[1:]
    settings = json.loads(section)
    with Path(file).open("ab", buffering=0) as kept, TemporaryDirectory() as folder:
        for law in LAWS[int(first) :]:
            place = Path(folder) / law.name
            place.mkdir()
            broken = tuple(_plain(one) for one in law.broken(name, place, settings))
            pickle.dump(broken, kept)
            if not _goes_on(law, broken):
                return


def _goes_on(law: Law, broken: tuple[Message, ...]) -> bool:
    """Return whether another law can be tried: not on a plugin that does not load."""
    return law is not LAWS[0] or not broken


def _tried(
    name: str, section: Section, first: int
) -> tuple[list[tuple[Message, ...]], Message]:
    """Return what each law from number `first` on finds, as far as it went, and how it ended."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "found"
        done = run_apart(__name__, name, json.dumps(section), str(first), str(file))
        found = list(_read(file))
    template = "the process ended while this was tried (exit code {code}): {said}"
    said = done.stderr.strip().splitlines()[-1:] or ["-"]
    return found, message(template, code=done.returncode, said=said[0][:300])


def _read(file: Path) -> Iterator[tuple[Message, ...]]:
    if not file.exists():
        return
    with file.open("rb") as kept:
        while True:
            try:
                yield pickle.load(kept)
            except EOFError:
                return


def _plain(said: Message) -> Message:
    """Return a sentence that any process can read: values of the plugin's own kinds are told as text."""
    values = {
        name: _plain(one)
        if isinstance(one, Message)
        else [_plain(inner) if isinstance(inner, Message) else str(inner) for inner in one]
        if isinstance(one, list | tuple)
        else one
        if type(one) in (str, int, float)
        else str(one)
        for name, one in said.values.items()
    }
    return message(said.text, **values)


if __name__ == "__main__":
    main()
