"""What a publication would change, line by line: what whoever approves it reads."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from casewright import compact_json
from casewright.access.roles import PERMISSIONS, covered, grants_of
from casewright.customers.settings import FILE as CUSTOMERS
from casewright.store import calendars, configuration
from casewright.store.configuration import Configuration
from casewright.store.database import Database

Details = Mapping[str, Mapping[str, tuple[str, ...]]]
Steps = tuple[str | int, ...]
_MISSING = object()


def details(
    database: Database,
    settings: Configuration,
    content: Mapping[str, Any],
    changed: Mapping[str, Mapping[str, str]],
    also: Iterable[str] = (),
) -> Details:
    """Return by kind and name the lines that come (`+`) and go (`-`); `also` are the permissions of plugins.

    A role's permissions are each spelled out, with their scope.
    """
    known = (*PERMISSIONS, *sorted(also))
    sets = {kind: configuration.raw_set(database, kind) for kind in changed}

    def lines(kind: str, name: str) -> tuple[str, ...]:
        before, then = (
            _before(database, settings, sets, kind, name),
            _then(content, kind, name),
        )
        found = _of_role(before, then, known) if kind == "role" else _differences(before, then)
        return tuple(map(_shown, found))

    return {
        kind: {name: lines(kind, name) for name in names} for kind, names in changed.items()
    }


def differences(before: Any, then: Any) -> tuple[str, ...]:
    """Return the lines that come (`+`) and go (`-`) between two plain values."""
    return tuple(map(_shown, _differences(before, then)))


def _before(
    database: Database,
    settings: Configuration,
    sets: Mapping[str, Mapping[str, Any]],
    kind: str,
    name: str,
) -> Any:
    if kind == "workflow":
        digest = settings.current.get(name)
        bundle = None if digest is None else configuration.bundle(database, digest)
        return _MISSING if bundle is None else compact_json.decode(bundle)
    if kind == "calendar":
        digest = settings.calendars.get(name)
        calendar = None if digest is None else calendars.content(database, digest)
        return _MISSING if calendar is None else compact_json.decode(calendar)
    if kind == "file" and name == CUSTOMERS:
        return settings.customers or _MISSING
    return sets[kind].get(name, _MISSING)


def _then(content: Mapping[str, Any], kind: str, name: str) -> Any:
    if kind in ("workflow", "calendar"):
        return compact_json.decode(content[f"{kind}s"][name])
    sets = content["sets"]
    if kind == "file" and name == CUSTOMERS:
        found = sets["customers"].get("customers", _MISSING)
    else:
        found = sets[kind].get(name, _MISSING)
    return found if found is _MISSING else compact_json.decode(compact_json.encode(found))


def _of_role(before: Any, then: Any, known: tuple[str, ...]) -> Iterator[str]:
    was, becomes = (_MISSING if one is _MISSING else one.get("title") for one in (before, then))
    yield from _differences(was, becomes, at=("title",))
    held, holds = _held(before, known), _held(then, known)
    yield from (f"- {scope}: {one}" for scope, one in sorted(held - holds))
    yield from (f"+ {scope}: {one}" for scope, one in sorted(holds - held))


def _held(role: Any, known: tuple[str, ...]) -> frozenset[tuple[str, str]]:
    """Return each permission with its scope; `kind.*` stays, as it also covers what there will be, and is spelled out."""
    if role is _MISSING:
        return frozenset()
    return frozenset(
        (scope, one)
        for scope, patterns in grants_of(role["permissions"]).items()
        for one in (*patterns, *(one for one in known if covered(one, patterns)))
    )


def _differences(before: Any, then: Any, at: Steps = ()) -> Iterator[str]:
    if isinstance(before, dict) and isinstance(then, dict):
        for key in sorted({*before, *then}):
            was, becomes = before.get(key, _MISSING), then.get(key, _MISSING)
            yield from _differences(was, becomes, at=(*at, key))
    elif isinstance(before, list) and isinstance(then, list):
        yield from _of_lists(before, then, at)
    elif type(before) is not type(then) or before != then:
        yield from (f"- {line}" for line in _lines(before, at))
        yield from (f"+ {line}" for line in _lines(then, at))


def _of_lists(before: list[Any], then: list[Any], at: Steps) -> Iterator[str]:
    """Yield what differs between what is the same at both ends, place by place where it is as many."""
    one, other = (
        [compact_json.canonical(each) for each in listed] for listed in (before, then)
    )
    head, shorter = 0, min(len(one), len(other))
    while head < shorter and one[head] == other[head]:
        head += 1
    tail = 0
    while tail < shorter - head and one[-1 - tail] == other[-1 - tail]:
        tail += 1
    if len(before) == len(then):
        for place in range(head, len(before) - tail):
            yield from _differences(before[place], then[place], at=(*at, place))
        return
    for sign, listed in (("-", before), ("+", then)):
        for place in range(head, len(listed) - tail):
            yield from (f"{sign} {line}" for line in _lines(listed[place], (*at, place)))


def _lines(value: Any, at: Steps) -> Iterator[str]:
    if value is _MISSING:
        return
    inner = _inside(value)
    if inner:
        for step, one in inner:
            yield from _lines(one, (*at, step))
        return
    place = ".".join(map(_step, at))
    said = compact_json.encode(value)
    yield f"{place}: {said}" if place else said


def _inside(value: Any) -> list[tuple[str | int, Any]]:
    """Return what is in a mapping, or in a list that holds more than plain values."""
    if isinstance(value, dict):
        return list(value.items())
    if isinstance(value, list) and any(isinstance(one, dict | list) for one in value):
        return list(enumerate(value))
    return []


def _step(step: str | int) -> str:
    plain = isinstance(step, int) or step.replace("-", "_").isidentifier()
    return str(step) if plain else compact_json.encode(step)


def _shown(line: str) -> str:
    """Return a line in which everything is seen: what turns the order of reading or shows nothing is written out."""
    if line.isprintable():
        return line
    return "".join(one if one.isprintable() else f"\\u{ord(one):04x}" for one in line)
