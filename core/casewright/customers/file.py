"""From `customers.yaml` to its checked data, or to everything that is wrong with it at once."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from casewright import bilingual, strict_yaml
from casewright.customers.churn import conditions
from casewright.customers.naming import Named, naming_problems
from casewright.customers.settings import FILE, LEVELS
from casewright.document import Document
from casewright.document import Path as DocumentPath
from casewright.errors import FileUnreadable, Message, Place, Problem, YamlRefused, message
from casewright.nearest import hint
from casewright.patterns import pattern

__all__ = ["FILE", "load", "problems", "problems_in"]

WORDS = ("country_code", "complaints", "survey", "churn")
CHURN_WORDS = ("levels", "rules")
RULE_WORDS = ("name", "title", "when", "points")
SURVEY_WORDS = ("workflow", "field", "points")
MOST_RULES = 100
MOST_POINTS = 1000
BEST, WORST = 5, 1
"""What the best and the worst answer to a survey is worth."""
_COUNTRY_CODE = pattern(r"[1-9][0-9]{0,2}")
_NAME = pattern(r"[a-z][a-z0-9_]{0,62}")


def problems_in(root: Path) -> list[Problem]:
    """Return what is wrong with the file of the workspace at `root`; one that is not there is no problem."""
    path = root / FILE
    return load(path, root=root)[1] if path.exists() else []


def load(
    path: Path, *, file: str | None = None, root: Path | None = None
) -> tuple[dict[str, Any] | None, list[Problem]]:
    """Return the checked data of the file, None when it is refused, and all problems.

    With the `root` of a workspace what the file names of it must be there.
    """
    name = file or str(path)
    try:
        document = strict_yaml.load_file(path, file=name)
    except (FileUnreadable, YamlRefused) as refusal:
        place = Place(name) if isinstance(refusal, FileUnreadable) else refusal.place
        return None, [Problem(code="customers.unreadable", message=refusal.reason, place=place)]
    wrong = list(problems(document))
    if root is not None and not wrong:
        wrong += naming_problems(document, Named(root))
    found = sorted(wrong, key=lambda one: one.place)
    return (None if found else document.data), found


def problems(document: Document) -> Iterator[Problem]:
    """Yield everything wrong with the document."""
    data = document.data
    if not isinstance(data, dict):
        yield _wrong(document, (), message("write 'survey:' and 'churn:'"))
        return
    yield from _unknown(document, (), data, WORDS)
    code = data.get("country_code", "86")
    if not isinstance(code, str) or not _COUNTRY_CODE.fullmatch(code):
        reason = message('a country code is one to three digits in quotes, such as "86"')
        yield _wrong(document, ("country_code",), reason)
    complaints = data.get("complaints", [])
    if not isinstance(complaints, list) or not all(map(_is_name, complaints)):
        reason = message("write the workflows that count as complaints: [complaint]")
        yield _wrong(document, ("complaints",), reason)
    for path, one in _entries(data, ("survey",)):
        yield from _survey(document, path, one)
    yield from _churn(document, data.get("churn"))


def _survey(document: Document, path: DocumentPath, data: Any) -> Iterator[Problem]:
    shape = message(
        "write where an answer is kept: {{field: satisfaction, points: {{satisfied: 4, ..}}}}"
    )
    if not isinstance(data, dict):
        yield _wrong(document, path, shape)
        return
    yield from _unknown(document, path, data, SURVEY_WORDS)
    points = data.get("points")
    named = [one for one in ("workflow", "field") if one in data]
    if "field" not in data or not all(_is_name(data[one]) for one in named):
        yield _wrong(document, path, shape)
    if not isinstance(points, dict) or not points:
        yield _wrong(document, path, shape)
        return
    for answer, worth in points.items():
        if not _is_number(worth) or not WORST <= worth <= BEST:
            template = "an answer is worth {worst} (worst) to {best} (best)"
            reason = message(template, worst=WORST, best=BEST)
            yield _wrong(document, (*path, "points", answer), reason)


def _churn(document: Document, data: Any) -> Iterator[Problem]:
    if data is None:
        return
    path: DocumentPath = ("churn",)
    if not isinstance(data, dict):
        yield _wrong(document, path, message("write 'levels:' and 'rules:'"))
        return
    yield from _unknown(document, path, data, CHURN_WORDS)
    yield from _levels(document, data.get("levels"))
    rules = list(_entries(data, ("rules",), above=path))
    if len(rules) > MOST_RULES:
        reason = message("there are more than {limit} rules", limit=MOST_RULES)
        yield _wrong(document, (*path, "rules"), reason)
        return
    seen: set[Any] = set()
    asked = conditions()
    for place, rule in rules:
        yield from _rule(document, place, rule, asked)
        name = rule.get("name") if isinstance(rule, dict) else None
        if isinstance(name, str) and name in seen:
            reason = message("there is a rule '{name}' already", name=name)
            yield _wrong(document, (*place, "name"), reason)
        seen.add(name if isinstance(name, str) else None)


def _levels(document: Document, data: Any) -> Iterator[Problem]:
    path: DocumentPath = ("churn", "levels")
    known = LEVELS[:-1]
    if isinstance(data, dict) and (unknown := list(_unknown(document, path, data, known))):
        yield from unknown
        return
    if not isinstance(data, dict) or set(known) - set(data):
        reason = message("write from how many points on: {{high: 60, medium: 30}}")
        yield _wrong(document, path, reason)
        return
    for name in known:
        if not _is_number(data[name]) or not 1 <= data[name] <= MOST_POINTS:
            reason = message("points are a whole number from 1 to {most}", most=MOST_POINTS)
            yield _wrong(document, (*path, name), reason)
            return
    if data["medium"] >= data["high"]:
        reason = message("'high' needs more points than 'medium'")
        yield _wrong(document, (*path, "high"), reason)


def _rule(document: Document, path: DocumentPath, data: Any, asked: Any) -> Iterator[Problem]:
    if not isinstance(data, dict):
        yield _wrong(document, path, message("a rule has a name, a title, 'when' and points"))
        return
    yield from _unknown(document, path, data, RULE_WORDS)
    if not _is_name(data.get("name")):
        reason = message("a name has small letters, digits and _, and begins with a letter")
        yield _wrong(document, (*path, "name"), reason)
    if fault := bilingual.fault(data.get("title")):
        yield _wrong(document, (*path, "title"), fault)
    points = data.get("points")
    if not _is_number(points) or not points or abs(points) > MOST_POINTS:
        reason = message(
            "points are a whole number up to {most}, below 0 for what keeps a customer",
            most=MOST_POINTS,
        )
        yield _wrong(document, (*path, "points"), reason)
    yield from _when(document, (*path, "when"), data.get("when"), asked)


def _when(document: Document, path: DocumentPath, when: Any, asked: Any) -> Iterator[Problem]:
    if not isinstance(when, str) or not when.strip():
        reason = message('write a condition such as "customer.open_matters > 2"')
        yield _wrong(document, path, reason)
        return
    fault = asked.fault(when)
    if fault is not None:
        at_dot = when[fault.column - 1 : fault.column] == "."
        place = document.text_place(path, fault.column - 1 + at_dot)
        yield Problem(code="customers.bad_condition", message=fault.message, place=place)


def _entries(
    data: dict[str, Any], path: tuple[str], above: DocumentPath = ()
) -> Sequence[tuple[DocumentPath, Any]]:
    """Return the entries of a list that may be left out, each with its path; what is no list is its own wrong entry."""
    found = data.get(path[0], [])
    if not isinstance(found, list):
        return [((*above, *path), found)]
    return [((*above, *path, index), one) for index, one in enumerate(found)]


def _unknown(
    document: Document, path: DocumentPath, data: dict[str, Any], known: Sequence[str]
) -> Iterator[Problem]:
    for word in data:
        if word not in known:
            reason = message("unknown word '{word}'{hint}", word=word, hint=hint(word, known))
            place = document.key_place((*path, word))
            yield Problem(code="customers.unknown_word", message=reason, place=place)


def _wrong(document: Document, path: DocumentPath, reason: Message) -> Problem:
    return Problem(code="customers.wrong", message=reason, place=document.place(path))


def _is_name(value: object) -> bool:
    return isinstance(value, str) and _NAME.fullmatch(value) is not None


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
