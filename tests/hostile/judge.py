"""Reads hostile texts through the doors and says what came of each; also run as a process of its own.

A process of its own, since what is tried here has killed interpreters. Sockets cannot be opened in it.
"""

import json
import socket
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.path.insert(0, str(HERE.parents[1] / "core"))

import bombs  # noqa: E402

from casewright import strict_json, strict_yaml  # noqa: E402
from casewright.errors import JsonRefused, YamlRefused  # noqa: E402
from casewright.forms.load import read_form  # noqa: E402


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What came of one text: refused at a place for a reason, or neither."""

    kind: str
    group: str
    name: str
    refused: bool
    place: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    kind: str
    group: str
    name: str
    source: Callable[[], bytes]


def cases() -> Iterator[Case]:
    """Return the files under workflows/, forms/ and json/, and the bombs that go with them."""
    made = {"workflows": bombs.YAML, "forms": bombs.FORMS, "json": bombs.JSON}
    for kind, groups in made.items():
        for path in sorted((HERE / kind).rglob("*.*")):
            yield Case(
                kind=kind, group=path.parent.name, name=path.name, source=path.read_bytes
            )
        for group, texts in groups.items():
            for name, make in texts.items():
                yield Case(
                    kind=kind, group=group, name=name, source=lambda make=make: make().encode()
                )


def judge(case: Case) -> Verdict:
    """Return whether a door refused the text; a crash of Python is no refusal."""
    refused, place, reason = False, "", ""
    try:
        place, reason = _DOORS[case.kind](case.source(), case.name)
        refused = bool(reason)
    except (YamlRefused, JsonRefused) as error:
        refused, place, reason = True, str(error.place), str(error.reason)
    except Exception as error:  # noqa: BLE001 - whatever else is raised is reported as not refused
        reason = repr(error)
    return Verdict(
        kind=case.kind,
        group=case.group,
        name=case.name,
        refused=refused,
        place=place,
        reason=reason,
    )


def _through_yaml(source: bytes, name: str) -> tuple[str, str]:
    strict_yaml.load(source, file=name)
    return "", ""


def _through_json(source: bytes, name: str) -> tuple[str, str]:
    strict_json.loads(source, file=name)
    return "", ""


def _through_forms(source: bytes, name: str) -> tuple[str, str]:
    form, problems = read_form(strict_yaml.load(source, file=name), name="hostile")
    grave = [problem for problem in problems if problem.grave]
    return (str(grave[0].place), str(grave[0].message)) if grave and form is None else ("", "")


_DOORS = {"workflows": _through_yaml, "forms": _through_forms, "json": _through_json}


def _no_sockets(*_: object, **__: object) -> None:
    raise AssertionError("a socket was opened")


if __name__ == "__main__":
    socket.socket = _no_sockets  # type: ignore[assignment,misc]
    json.dump([asdict(judge(case)) for case in cases()], sys.stdout)
