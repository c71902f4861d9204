"""The CEL door: expressions are typed from the forms' fields when loaded, and evaluated within bounds.

Errors come back from the engine as values; here an error is never an answer. A program is compiled
on first use, so that loading a published workflow costs nothing for the guards that do not run.
"""

import math
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from cel_expr_python import cel
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory, wrappers_pb2

from casewright.errors import Message, message
from casewright.forms.spec import Field
from casewright.nearest import nearest
from casewright.workflows.spec import Expression

Want = Literal["condition", "number", "text", "value"]
Reads = Mapping[str, frozenset[str] | None]
"""The variables an expression reads, each with the members it names, or None where it takes the variable as a whole."""

LONGEST = 1000
MOST_MACROS = 3
MOST_ANSWERS = 4096
"""Conditions ask for states, counts and choices, which come again and again: so many answers are kept."""

FACTS: Mapping[str, Mapping[str, str]] = {
    "ticket": {
        "key": "text",
        "number": "integer",
        "state": "text",
        "priority": "text",
        "level": "integer",
        "handler": "text",
        "owner": "text",
        "opener": "text",
        "channel": "text",
    },
    "customer": {"id": "text", "tier": "text", "language": "text"},
    "children": {"open": "integer", "count": "integer", "since_entry": "integer"},
    "lineage": {"round": "integer"},
    "actor": {"name": "text", "team": "text", "department": "text"},
}

_MACRO = re.compile(r"\.\s*(?:all|exists|exists_one|map|filter)\s*\(")
_AT = re.compile(r"<input>:(\d+):(\d+): (.*)")
_WIDEN = re.compile(r"no matching overload for '_?([^'_]+)_?' applied to '\((.*)\)'")
_NUMBER_BEFORE = re.compile(r"(?<![\w.])(\d+)\s*$")
_NUMBER_AFTER = re.compile(r"\s*(-?\d+)(?![\w.])")
_PATH_BEFORE = re.compile(r"([A-Za-z_][\w.]*)\s*$")
_PATH_AFTER = re.compile(r"\s*([A-Za-z_][\w.]*)(?!\s*\()")
_WRAPPERS = {"text": "StringValue", "integer": "Int64Value", "decimal": "DoubleValue"}


class Rows(Protocol):
    """A workspace table as the guard door needs it: rows of texts by key."""

    @property
    def rows(self) -> Mapping[str, Mapping[str, str]]:
        """Return the rows by key, each a text by column."""
        ...


@dataclass(frozen=True, slots=True)
class GuardFault:
    """What is wrong with an expression, and the column inside it (from 1)."""

    column: int
    code: str
    message: Message


class GuardFailed(Exception):
    """An expression that was accepted at load could not be evaluated on this ticket."""


class Guards:
    """All expressions of one workflow version, typed from its fields, compiled when first used."""

    def __init__(
        self,
        *,
        fields: Mapping[str, Field],
        transitions: Iterable[str],
        tables: Mapping[str, Rows],
        guess: Callable[[str, Collection[str]], str | None] = nearest,
    ) -> None:
        self._guess = guess
        self._fields = fields
        self._transitions = tuple(dict.fromkeys(transitions))
        self._tables = tables
        self._programs: dict[str, tuple[Any, Reads]] = {}
        self._answers: dict[tuple[Any, ...], bool] = {}
        self._built: tuple[Any, dict[str, Callable[[Mapping[str, Any]], Any]]] | None = None

    def fault(self, expression: Expression, want: Want) -> GuardFault | None:
        """Return what is wrong with `expression` where a `want` is expected, or None."""
        source = expression.source
        if len(source) > LONGEST:
            return GuardFault(
                1, "guard.too_complex", message("longer than {limit} characters", limit=LONGEST)
            )
        if len(_MACRO.findall(source)) > MOST_MACROS:
            return GuardFault(
                1,
                "guard.too_complex",
                message("more than {limit} list macros", limit=MOST_MACROS),
            )
        try:
            program, _ = self._program(source)
        except RuntimeError as refusal:
            return self._explain(str(refusal))
        found = _kind(program.return_type().name())
        if want == "value" or found in _FITS[want]:
            return None
        return GuardFault(
            1,
            "guard.wrong_type",
            message(
                "must be {want}, but is {found}",
                want=message(_WORDS[want]),
                found=message(_WORDS[found]),
            ),
        )

    def holds(self, expression: Expression, scope: Mapping[str, Any]) -> bool:
        """Return whether the condition holds; GuardFailed when it cannot be said."""
        asked = self._asked(expression.source, scope)
        known = self._answers.get(asked) if asked is not None else None
        if known is None:
            known = self.value(expression, scope) is True
            if asked is not None:
                if len(self._answers) >= MOST_ANSWERS:
                    self._answers.clear()
                self._answers[asked] = known
        return known

    def value(self, expression: Expression, scope: Mapping[str, Any]) -> Any:
        """Return the expression's plain value (None for an unset field); GuardFailed on an error."""
        program, used = self._program(expression.source)
        environment, makers = self._environment()
        data = {
            name: makers[name](_only(members, scope[name])) if name in makers else scope[name]
            for name, members in used.items()
            if name in scope
        }
        result = program.eval(environment.Activation(data))
        if result.type() == cel.Type.ERROR:
            raise GuardFailed(f"{expression.source}: {result.plain_value()}")
        found = _python(result)
        if isinstance(found, float) and not math.isfinite(found):
            raise GuardFailed(f"{expression.source}: no number that can be kept ({found})")
        return found

    def number(self, expression: Expression, scope: Mapping[str, Any]) -> int:
        """Return a whole number; GuardFailed on an error and where there is none, as for an unset field."""
        found = self.value(expression, scope)
        if found is None:
            raise GuardFailed(f"{expression.source}: nothing is filled in")
        return int(found)

    def _asked(self, source: str, scope: Mapping[str, Any]) -> tuple[Any, ...] | None:
        """Return all that the answer depends on: the expression and the values it reads, or None where more does."""
        _, used = self._program(source)
        if "lookup" in source or None in used.values():
            return None
        read: list[Any] = [source]
        for name, members in used.items():
            values = scope[name]
            read += [values.get(member) for member in members or ()]
        return None if any(isinstance(value, list) for value in read) else tuple(read)

    def _program(self, source: str) -> tuple[Any, Reads]:
        known = self._programs.get(source)
        if known is None:
            environment, _ = self._environment()
            program = _compile_widened(environment, source)
            known = self._programs[source] = (program, _reads(source))
        return known

    def _environment(self) -> tuple[Any, dict[str, Callable[[Mapping[str, Any]], Any]]]:
        if self._built is None:
            self._built = self._build()
        return self._built

    def _build(self) -> tuple[Any, dict[str, Callable[[Mapping[str, Any]], Any]]]:
        pool = descriptor_pool.DescriptorPool()
        wrappers = descriptor_pb2.FileDescriptorProto()
        wrappers_pb2.DESCRIPTOR.CopyToProto(wrappers)
        pool.Add(wrappers)
        file = descriptor_pb2.FileDescriptorProto(
            name="casewright.proto",
            package="casewright",
            syntax="proto3",
            dependency=["google/protobuf/wrappers.proto"],
        )
        kinds: dict[str, Mapping[str, str]] = dict(FACTS)
        kinds["fields"] = {name: field.kind for name, field in self._fields.items()}
        kinds["times"] = dict.fromkeys(self._transitions, "integer")
        for name, members in kinds.items():
            _describe(file, name, members, optional=name == "fields")
        pool.Add(file)
        variables = {name: cel.Type(f"casewright.{name}") for name in kinds}
        environment = cel.NewEnv(
            pool,
            variables={**variables, "now": cel.Type.TIMESTAMP, "each": cel.Type.STRING},
            functions=[self._lookup()],
        )
        makers = {
            name: _maker(
                message_factory.GetMessageClass(
                    pool.FindMessageTypeByName(f"casewright.{name}")
                ),
                members,
                name,
            )
            for name, members in kinds.items()
        }
        return environment, makers

    def _lookup(self) -> Any:
        tables = self._tables

        def lookup(table: str, key: str) -> dict[str, str]:
            found = tables.get(table)
            return dict(found.rows.get(key, {})) if found is not None else {}

        row = cel.Type.Map(cel.Type.STRING, cel.Type.STRING)
        overload = cel.Overload(
            "lookup_row", row, [cel.Type.STRING, cel.Type.STRING], impl=lookup
        )
        return cel.FunctionDecl("lookup", [overload])

    def _explain(self, refusal: str) -> GuardFault:
        found = _AT.search(refusal)
        column, text = (int(found[2]), found[3]) if found else (1, refusal.splitlines()[0])
        text = re.sub(r"\s*\[[A-Z_]+\]$", "", text)
        if unknown := re.search(r"undeclared reference to '([^']*)'", text):
            known = (*FACTS, "fields", "times", "now", "each", "has", "size", "lookup")
            path, _, last = unknown[1].rpartition(".")
            start = column - len(path)  # the engine points at the last dot
            name = path.split(".")[0] if path else last
            return GuardFault(
                start, "guard.unknown_name", _unknown("name", name, self._guess(name, known))
            )
        if unknown := re.search(
            r"undefined field '([^']*)' not found in struct 'casewright\.(\w+)'", text
        ):
            name, holder = unknown[1], unknown[2]
            code = "guard.unknown_field" if holder == "fields" else "guard.unknown_name"
            return GuardFault(
                column,
                code,
                _unknown(f"{holder}.", name, self._guess(name, self._members(holder))),
            )
        if overload := _WIDEN.search(text):
            kinds = ", ".join(_plain(kind) for kind in _arguments(overload[2]))
            words = message(
                "'{operator}' does not go with {kinds}", operator=overload[1], kinds=kinds
            )
            return GuardFault(column, "guard.wrong_type", words)
        return GuardFault(
            column, "guard.syntax", message("not an expression: {detail}", detail=text)
        )

    def _members(self, holder: str) -> tuple[str, ...]:
        if holder == "fields":
            return tuple(self._fields)
        return self._transitions if holder == "times" else tuple(FACTS.get(holder, ()))


_FITS: dict[str, tuple[str, ...]] = {
    "condition": ("boolean",),
    "number": ("integer",),
    "text": ("text", "null"),
}
_WORDS = {
    "condition": "true or false",
    "number": "a whole number",
    "integer": "a whole number",
    "text": "a text",
    "boolean": "true or false",
    "decimal": "a decimal",
    "list": "a list",
    "map": "a table row",
    "null": "nothing",
    "moment": "a moment",
    "other": "something else",
}


def _kind(name: str) -> str:
    if name.startswith("list"):
        return "list"
    if name.startswith("map"):
        return "map"
    for sign, kind in _KINDS:
        if sign in name:
            return kind
    return "other"


_KINDS = (
    ("bool", "boolean"),
    ("int", "integer"),
    ("double", "decimal"),
    ("string", "text"),
    ("null", "null"),
    ("timestamp", "moment"),
    ("BOOL", "boolean"),
    ("BoolValue", "boolean"),
    ("INT", "integer"),
    ("Int64Value", "integer"),
    ("DOUBLE", "decimal"),
    ("DoubleValue", "decimal"),
    ("STRING", "text"),
    ("StringValue", "text"),
    ("NULL", "null"),
    ("TIMESTAMP", "moment"),
    ("LIST", "list"),
    ("MAP", "map"),
)


def _python(result: Any) -> Any:
    """Return a result as Python has it.

    A null is never taken from the library: it lets go of a reference to None that is not its own,
    and before Python 3.12 the process dies of that after some thousand times.
    """
    kind = result.type()
    if kind == cel.Type.NULL:
        return None
    name = kind.name()
    if name.startswith("LIST"):
        return [_python(one) for one in result.value()]
    if name.startswith("MAP"):
        return {key: _python(one) for key, one in result.value().items()}
    return result.plain_value()


def _plain(kind: str) -> str:
    return _WORDS[_kind(kind)]


def _arguments(listed: str) -> list[str]:
    return [part.strip() for part in listed.split(", ")]


def _unknown(what: str, name: str, near: str | None) -> Message:
    if what.endswith("."):
        if near:
            return message(
                "unknown '{name}'; did you mean '{near}'?", name=what + name, near=what + near
            )
        return message("unknown '{name}'", name=what + name)
    if near:
        return message("unknown name '{name}'; did you mean '{near}'?", name=name, near=near)
    return message("unknown name '{name}'", name=name)


def _describe(file: Any, name: str, members: Mapping[str, str], *, optional: bool) -> None:
    """Add a message type: optional members know 'unset' (null), the others have zero values."""
    kinds = descriptor_pb2.FieldDescriptorProto
    described = file.message_type.add(name=name)
    for number, (member, kind) in enumerate(members.items(), 1):
        entry = described.field.add(name=member, number=number, label=kinds.LABEL_OPTIONAL)
        if kind == "texts":
            entry.label, entry.type = kinds.LABEL_REPEATED, kinds.TYPE_STRING
        elif kind == "boolean":
            described.oneof_decl.add(name=f"_{member}")
            entry.type, entry.proto3_optional = kinds.TYPE_BOOL, True
            entry.oneof_index = len(described.oneof_decl) - 1
        elif optional:
            entry.type, entry.type_name = (
                kinds.TYPE_MESSAGE,
                f".google.protobuf.{_WRAPPERS[kind]}",
            )
        else:
            entry.type = kinds.TYPE_INT64 if kind == "integer" else kinds.TYPE_STRING


def _maker(
    build: Any, members: Mapping[str, str], name: str
) -> Callable[[Mapping[str, Any]], Any]:
    if name != "fields":
        return lambda values: build(
            **{key: value for key, value in values.items() if value is not None}
        )

    def make(values: Mapping[str, Any]) -> Any:
        made = build()
        for key, value in values.items():
            kind = members.get(key)
            if kind is None or value is None:
                continue
            if kind == "texts":
                getattr(made, key).extend(value)
            elif kind == "boolean":
                setattr(made, key, value)
            else:
                getattr(made, key).value = value
        return made

    return make


_QUOTED = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"")


def _reads(source: str) -> Reads:
    text = _QUOTED.sub(" ", source)
    found: dict[str, frozenset[str] | None] = {}
    for name in {*FACTS, "fields", "times", "now", "each"}:
        times = len(re.findall(rf"\b{name}\b", text))
        members = re.findall(rf"\b{name}\s*\.\s*([A-Za-z_]\w*)", text)
        if times:
            found[name] = frozenset(members) if len(members) == times else None
    return found


def _only(members: frozenset[str] | None, values: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the members that are read: a form may have fifty fields, a guard asks for one or two."""
    if members is None:
        return values
    return {name: values[name] for name in members if name in values}


def _compile_widened(environment: Any, source: str) -> Any:
    """Compile; where a decimal meets a whole number, widen the whole number and try again.

    CEL compares an int with a double only at run time; an author may write `fields.amount > 500`.
    """
    first: RuntimeError | None = None
    text = source
    for _ in range(40):
        try:
            return environment.compile(text)
        except RuntimeError as refusal:
            first = first or refusal
            widened = _widen(text, str(refusal))
            if widened is None:
                raise (first if text == source else refusal) from None
            text = widened
    raise first if first is not None else RuntimeError(source)


def _widen(text: str, refusal: str) -> str | None:
    at, overload = _AT.search(refusal), _WIDEN.search(refusal)
    if not at or not overload or int(at[1]) != 1:
        return None
    kinds = [_kind(kind) for kind in _arguments(overload[2])]
    if sorted(kinds) != ["decimal", "integer"]:
        return None
    start = int(at[2]) - 1
    operator = overload[1]
    if kinds[0] == "integer":
        return (
            _widen_end(text[:start]) + text[start:]
            if _widen_end(text[:start]) != text[:start]
            else None
        )
    rest = text[start + len(operator) :]
    wider = _widen_start(rest)
    return text[: start + len(operator)] + wider if wider != rest else None


def _widen_end(text: str) -> str:
    if literal := _NUMBER_BEFORE.search(text):
        return text[: literal.end(1)] + ".0" + text[literal.end(1) :]
    if path := _PATH_BEFORE.search(text):
        return f"{text[: path.start(1)]}double({path[1]}){text[path.end(1) :]}"
    return text


def _widen_start(text: str) -> str:
    if literal := _NUMBER_AFTER.match(text):
        return text[: literal.end(1)] + ".0" + text[literal.end(1) :]
    if path := _PATH_AFTER.match(text):
        return f"{text[: path.start(1)]}double({path[1]}){text[path.end(1) :]}"
    return text
