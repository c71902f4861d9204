"""What a workflow borrows of plugins: whose its words, its verbs and its functions are, noted when it is published."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any, NoReturn, cast

from casewright.contributions import GuardFunction, Kind, Vocabulary
from casewright.errors import Message, PluginMissing, message
from casewright.patterns import pattern
from casewright.workflows.borrowed import Borrowed, BorrowedFunction
from casewright.workflows.spec import (
    Action,
    Expression,
    Party,
    State,
    Transition,
    Workflow,
)
from casewright.workflows.words import ACTION_VERBS

_TEXT = pattern(r"'[^']*'|\"[^\"]*\"")
_INTRICATE = ("\\", "'''", '"""', "//")
"""Where these stand, it takes more than `_TEXT` to say where a text ends; a name inside one then counts as a call."""
_NAME = pattern(r"(?<![\w.])[a-z]\w*")


def borrowed(workflow: Workflow, vocabulary: Vocabulary) -> Borrowed:
    """Return what a checked workflow uses of `vocabulary`."""
    words: set[str] = set()
    verbs: set[str] = set()
    called: set[str] = set()
    for part in _parts(workflow):
        if isinstance(part, Workflow | State | Transition):
            words.update(part.words)
        elif isinstance(part, Action) and part.verb not in ACTION_VERBS:
            verbs.add(part.verb)
        elif source := _source(part):
            called.update(calls(source, vocabulary.functions))
    return Borrowed(
        words={one: vocabulary.words[one][0] for one in sorted(words)},
        actions={one: vocabulary.actions[one][0] for one in sorted(verbs)},
        functions={one: _noted(*vocabulary.functions[one]) for one in sorted(called)},
    )


def calls(source: str, functions: Collection[str]) -> set[str]:
    """Return the `functions` that an expression calls: none is left out, one that is only named may be among them."""
    if not functions:
        return set()
    intricate = any(sign in source for sign in _INTRICATE)
    text = source if intricate else _TEXT.sub("''", source)
    return {one for one in _NAME.findall(text) if one in functions}


def borrowed_data(used: Borrowed) -> dict[str, Any]:
    """Return what is borrowed as a bundle has it; nothing where nothing is."""
    functions = {
        name: {
            "plugin": one.plugin,
            "parameters": list(one.parameters),
            "result": one.result,
        }
        for name, one in used.functions.items()
    }
    parts = {
        "words": dict(used.words),
        "actions": dict(used.actions),
        "functions": functions,
    }
    return parts if any(parts.values()) else {}


def borrowed_from_data(data: Mapping[str, Any]) -> Borrowed:
    """Return what is borrowed from what a bundle says of it."""
    if not data:
        return Borrowed()
    functions = {
        name: BorrowedFunction(
            plugin=one["plugin"], parameters=tuple(one["parameters"]), result=one["result"]
        )
        for name, one in data["functions"].items()
    }
    return Borrowed(words=data["words"], actions=data["actions"], functions=functions)


def lent_functions(
    used: Borrowed, vocabulary: Vocabulary, why_not: Callable[[str], Message]
) -> dict[str, tuple[str, GuardFunction]]:
    """Return the borrowed functions as they are now; one that is gone, or is another now, raises PluginMissing when called.

    `why_not` tells why a plugin is not there.
    """
    return {
        name: (one.plugin, _lent(name, one, vocabulary, why_not))
        for name, one in used.functions.items()
    }


def _lent(
    name: str,
    noted: BorrowedFunction,
    vocabulary: Vocabulary,
    why_not: Callable[[str], Message],
) -> GuardFunction:
    plugin, function = vocabulary.functions.get(name, ("", None))
    if function is None or plugin != noted.plugin:
        return _missing(name, noted, why_not(noted.plugin))
    if _noted(plugin, function) != noted:
        template = "it takes or gives something else than when the workflow was published"
        return _missing(name, noted, message(template))
    return function


def _missing(name: str, noted: BorrowedFunction, reason: Message) -> GuardFunction:
    def call(*given: Any) -> NoReturn:
        needed_by = message("the function '{name}'", name=name)
        raise PluginMissing(plugin=noted.plugin, needed_by=needed_by, reason=reason)

    return GuardFunction(
        name=name,
        parameters=cast(tuple[Kind, ...], noted.parameters),
        result=cast(Kind, noted.result),
        doc="",
        call=call,
    )


def _noted(plugin: str, function: GuardFunction) -> BorrowedFunction:
    return BorrowedFunction(
        plugin=plugin, parameters=tuple(function.parameters), result=function.result
    )


def _source(part: object) -> str:
    if isinstance(part, Expression):
        return part.source
    return part.name if isinstance(part, Party) and part.kind == "expression" else ""


def _parts(value: object) -> Iterator[object]:
    """Yield `value` and all it is made of; a kind of part that the language gains is found without being named here."""
    yield value
    inner: list[object] = []
    if is_dataclass(value):
        inner = [getattr(value, one.name) for one in fields(value)]
    elif isinstance(value, Mapping):
        inner = list(value.values())
    elif isinstance(value, tuple):
        inner = list(value)
    for one in inner:
        yield from _parts(one)
