"""What laws hand to a plugin: tickets, events and people as they may be, and values that fit a schema or an annotation."""

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, Field, fields
from datetime import timedelta
from typing import Any

from casewright.contributions import Words
from casewright.forms.plain_schema import value_faults
from casewright.model import Event, Person, Ticket
from casewright.plugins.loaded import LoadedPlugin
from casewright.testing.desk import MOMENT

ANA = Person(name="ana", en="Ana", zh="安娜", roles=frozenset({"agent"}), team="one")
BEN = Person(name="ben", en="Ben", zh="本", roles=frozenset({"agent"}))
_OF_TYPE: Mapping[str, tuple[Any, ...]] = {
    "string": ("x", "something"),
    "integer": (1, 0, 100),
    "number": (1, 0.5, 100),
    "boolean": (True, False),
    "array": ((), ("x",), (1,)),
    "object": ({},),
    "null": (None,),
}
_OF_ANNOTATION: Mapping[str, tuple[Any, ...]] = {
    "str": ("something", "", "13800138000"),
    "int": (1, 0, -1),
    "float": (1.0, 0.0),
    "bool": (True, False),
    "datetime": (MOMENT + timedelta(hours=1), MOMENT),
    "timedelta": (timedelta(hours=1),),
    "tuple": ((),),
    "Mapping": ({},),
    "None": (None,),
}


def tickets() -> Iterator[Ticket]:
    """Yield a ticket that was just opened, one with much in it, and one that is closed."""
    first = _ticket(state="open")
    full = {
        "subject": "Late parcel",
        "phone": "138 0013 8000",
        "amount": 120,
        "tags": ("a", "b"),
    }
    yield first
    yield _ticket(state="open", fields=full, handler="ben", level=2, customer="c-1")
    yield _ticket(state="closed", fields=full, closed_at=MOMENT)


def events() -> Iterator[Event]:
    """Yield events of an ordinary ticket."""
    yield _event("TicketOpened", 1, changes={"state": "open"})
    yield _event(
        "TransitionFired",
        2,
        changes={"state": "closed", "handler": "ben"},
        facts={"transition": "finish"},
    )
    yield _event("CommentAdded", 3, private={"text": "Called."})


def words_of(plugin: LoadedPlugin) -> Iterator[Words]:
    """Yield what a workflow may say in the plugin's words: nothing, and each word where it may stand."""
    yield Words()
    for word in plugin.words:
        for value in values_for(word.schema):
            for place in word.on:
                yield Words(**{place: {word.name: value}})


def values_for(schema: Mapping[str, Any]) -> list[Any]:
    """Return values that fit a JSON Schema; none where it asks for more than can be guessed and gives no `examples`."""
    return [one for one in _guesses(schema) if not value_faults(schema, one)]


def values_of(kind: type, **known: Any) -> Iterator[Any]:
    """Yield values of a dataclass, filled by the annotations of its fields; `known` are filled already."""
    asked = [one for one in fields(kind) if one.name not in known and _needed(one)]
    choices = {one.name: _for_annotation(str(one.type)) for one in asked}
    if all(choices.values()):
        for turn in range(max(map(len, choices.values()), default=1)):
            filled = {name: some[turn % len(some)] for name, some in choices.items()}
            yield kind(**known, **filled)


def for_kind(kind: str) -> tuple[Any, ...]:
    """Return arguments of a guard function of one kind, not filled in among them."""
    known: Mapping[str, tuple[Any, ...]] = {
        "text": (None, "", "something"),
        "integer": (None, 0, 7),
        "decimal": (None, 0.0, 7.5),
        "boolean": (None, True, False),
        "texts": ((), ("a", "b")),
    }
    return known[kind]


def _ticket(*, state: str, **more: Any) -> Ticket:
    return Ticket(
        key="ERR-2026-000001",
        workflow="errand",
        bundle="0" * 64,
        state=state,
        priority="normal",
        version=1,
        sequence=1,
        opener="ana",
        opened_at=MOMENT,
        received_at=MOMENT,
        entered_at=MOMENT,
        updated_at=MOMENT,
        owner="ana",
        **more,
    )


def _event(kind: str, sequence: int, **more: Any) -> Event:
    return Event(
        ticket="ERR-2026-000001",
        sequence=sequence,
        kind=kind,
        at=MOMENT,
        actor="ana",
        version=sequence,
        **more,
    )


def _guesses(schema: Mapping[str, Any]) -> Iterator[Any]:
    yield from schema.get("examples", ())
    if "const" in schema:
        yield schema["const"]
    yield from schema.get("enum", ())
    kinds = schema.get("type", "object" if "properties" in schema else ())
    for kind in (kinds,) if isinstance(kinds, str) else kinds:
        yield from _OF_TYPE.get(kind, ())
    if isinstance(schema.get("items"), Mapping):
        yield from ((one,) for one in _guesses(schema["items"]))
    if isinstance(schema.get("properties"), Mapping):
        inner = {name: values_for(one) for name, one in schema["properties"].items()}
        yield {name: some[0] for name, some in inner.items() if some}
    for word in ("oneOf", "anyOf"):
        for one in schema.get(word, ()):
            yield from _guesses(one)


def _needed(field: Field[Any]) -> bool:
    return field.init and field.default is MISSING and field.default_factory is MISSING


def _for_annotation(annotation: str) -> tuple[Any, ...]:
    plain = annotation.removeprefix("<class '").removesuffix("'>")
    first = plain.split("|")[0].split("[")[0].strip().split(".")[-1]
    return _OF_ANNOTATION.get(first, ())
