"""A form file before it is trusted: its parts, each with its path and its problems."""

from collections.abc import Callable, Iterator
from typing import Any, Literal

from casewright.document import Path
from casewright.errors import Message, Place, Problem
from casewright.swift_dataclass import dataclass

Role = Literal["form", "field", "items", "choice", "branch", "constraint"]
_REFERENCE = "#/$defs/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One schema within the form: its use, where it stands, the field it speaks about."""

    role: Role
    path: Path
    schema: Any
    name: str = ""
    defines: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """The data of a form file, and how to tell the places of its parts."""

    name: str
    data: Any
    place_of: Callable[[Path], Place]
    key_place_of: Callable[[Path], Place]

    def problem(self, code: str, path: Path, reason: Message, *, grave: bool = True) -> Problem:
        """Return a problem with the value at `path`."""
        return Problem(code=code, message=reason, place=self.place_of(path), grave=grave)

    def key_problem(self, code: str, path: Path, reason: Message) -> Problem:
        """Return a problem with the key at `path`."""
        return Problem(code=code, message=reason, place=self.key_place_of(path))

    def parts(self, *roles: Role) -> Iterator[Part]:
        """Return all parts that are mappings; of the given roles only, if any are given."""
        for part in self.all_parts():
            if isinstance(part.schema, dict) and (not roles or part.role in roles):
                yield part

    def all_parts(self) -> Iterator[Part]:
        """Return all parts, those included that should be mappings and are not."""
        yield Part(role="form", path=(), schema=self.data)
        for name, schema in _entries(self.data, "$defs"):
            yield from _field_parts(("$defs", name), schema, name, defines=True)
        for name, schema in _entries(self.data, "properties"):
            yield from _field_parts(("properties", name), schema, name, defines=False)
        yield from self._choices()

    def fields(self) -> dict[str, Any]:
        """Return the field schemas by name, references followed as far as they can be."""
        return {
            name: self.resolved(schema) for name, schema in _entries(self.data, "properties")
        }

    def resolved(self, schema: Any) -> dict[str, Any]:
        """Return a field's schema with what it refers to, its own words first."""
        found = self._followed(schema)
        if "items" in found:
            found["items"] = self._followed(found["items"])
        return found

    def _followed(self, schema: Any) -> dict[str, Any]:
        found: dict[str, Any] = {}
        seen: set[str] = set()
        definitions = dict(_entries(self.data, "$defs"))
        while isinstance(schema, dict):
            found = {**schema, **found}
            target = referred(found.pop("$ref", None))
            if target is None or target in seen:
                break
            seen.add(target)
            schema = definitions.get(target)
        return found

    def _choices(self) -> Iterator[Part]:
        if not isinstance(self.data, dict):
            return
        if "if" in self.data:
            yield from _branches((), self.data)
        members = self.data.get("allOf")
        for index, member in enumerate(members if isinstance(members, list) else ()):
            yield Part(role="choice", path=("allOf", index), schema=member)
            if isinstance(member, dict):
                yield from _branches(("allOf", index), member)


def referred(target: Any) -> str | None:
    """Return the name of the definition that a `$ref` names, or None if it names none."""
    if isinstance(target, str) and target.startswith(_REFERENCE):
        return target.removeprefix(_REFERENCE)
    return None


def _entries(data: Any, key: str) -> Iterator[tuple[str, Any]]:
    inner = data.get(key) if isinstance(data, dict) else None
    return iter(inner.items()) if isinstance(inner, dict) else iter(())


def _field_parts(path: Path, schema: Any, name: str, *, defines: bool) -> Iterator[Part]:
    yield Part(role="field", path=path, schema=schema, name=name, defines=defines)
    if isinstance(schema, dict) and "items" in schema:
        yield Part(role="items", path=(*path, "items"), schema=schema["items"], name=name)


def _branches(path: Path, schema: dict[str, Any]) -> Iterator[Part]:
    for word in ("if", "then", "else"):
        if word not in schema:
            continue
        yield Part(role="branch", path=(*path, word), schema=schema[word], name=word)
        for name, inner in _entries(schema[word], "properties"):
            inner_path = (*path, word, "properties", name)
            yield Part(role="constraint", path=inner_path, schema=inner, name=name)
