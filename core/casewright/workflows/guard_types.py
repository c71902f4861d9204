"""What an expression may read, as the protobuf messages that CEL types it by, and what its values are in Python."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol

from cel_expr_python import cel

from casewright.forms.spec import Field

Makers = Mapping[str, Callable[[Mapping[str, Any]], Any]]
"""By variable: what makes its message of plain values."""

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
    "customer": {
        "id": "text",
        "kind": "text",
        "tier": "text",
        "brand": "text",
        "language": "text",
    },
    "children": {"open": "integer", "count": "integer", "since_entry": "integer"},
    "lineage": {"round": "integer"},
    "actor": {"name": "text", "team": "text", "department": "text"},
}


class Rows(Protocol):
    """A workspace table as the guard door needs it: rows of texts by key."""

    @property
    def rows(self) -> Mapping[str, Mapping[str, str]]:
        """Return the rows by key, each a text by column."""
        ...


def environment(
    fields: Mapping[str, Field],
    transitions: Iterable[str],
    tables: Mapping[str, Rows],
    functions: Iterable[Any] = (),
) -> tuple[Any, Makers]:
    """Return the CEL environment of a workflow, and what makes its variables; `functions` are declarations beside its own."""
    from casewright.workflows import guard_messages  # Not before an expression is compiled.

    members = _members(fields, transitions)
    messages = guard_messages.pool(members)
    variables = {name: cel.Type(f"casewright.{name}") for name in members}
    made = cel.NewEnv(
        messages,
        variables={**variables, "now": cel.Type.TIMESTAMP, "each": cel.Type.STRING},
        functions=[_lookup(tables), *functions],
    )
    makers = {
        name: _maker(guard_messages.made_of(messages, name), kinds, name)
        for name, kinds in members.items()
    }
    return made, makers


def record_environment(name: str, members: Mapping[str, str]) -> tuple[Any, Makers]:
    """Return the CEL environment of one record whose members may be unset, and what makes it."""
    from casewright.workflows import guard_messages

    messages = guard_messages.pool({name: members}, optional=name)
    made = cel.NewEnv(messages, variables={name: cel.Type(f"casewright.{name}")})
    return made, {name: _optional_maker(guard_messages.made_of(messages, name), members)}


def kind_of(name: str) -> str:
    """Return what CEL's name of a type stands for: `wrapper(int)` and `INT` are an `integer`."""
    name = name.lower()
    for container in ("list", "map"):
        if name.startswith(container):
            return container
    return next((kind for sign, kind in _KINDS if sign in name), "other")


_KINDS = (
    ("bool", "boolean"),
    ("int", "integer"),
    ("double", "decimal"),
    ("string", "text"),
    ("null", "null"),
    ("timestamp", "moment"),
)


def plain_value(result: Any) -> Any:
    """Return a result as Python has it.

    A null is never taken from the library: it lets go of a reference to None that is not its own,
    and before Python 3.12 the process dies of that after some thousand times.
    """
    kind = result.type()
    if kind == cel.Type.NULL:
        return None
    name = kind.name()
    if name.startswith("LIST"):
        return [plain_value(one) for one in result.value()]
    if name.startswith("MAP"):
        return {key: plain_value(one) for key, one in result.value().items()}
    return result.plain_value()


def _members(
    fields: Mapping[str, Field], transitions: Iterable[str]
) -> Mapping[str, Mapping[str, str]]:
    return {
        **FACTS,
        "fields": {name: field.kind for name, field in fields.items()},
        "times": dict.fromkeys(transitions, "integer"),
    }


def _lookup(tables: Mapping[str, Rows]) -> Any:
    def lookup(table: str, key: str) -> dict[str, str]:
        found = tables.get(table)
        return dict(found.rows.get(key, {})) if found is not None else {}

    row = cel.Type.Map(cel.Type.STRING, cel.Type.STRING)
    overload = cel.Overload("lookup_row", row, [cel.Type.STRING, cel.Type.STRING], impl=lookup)
    return cel.FunctionDecl("lookup", [overload])


def _maker(
    build: Any, members: Mapping[str, str], name: str
) -> Callable[[Mapping[str, Any]], Any]:
    if name != "fields":
        return lambda values: build(
            **{key: value for key, value in values.items() if value is not None}
        )
    return _optional_maker(build, members)


def _optional_maker(
    build: Any, members: Mapping[str, str]
) -> Callable[[Mapping[str, Any]], Any]:
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
