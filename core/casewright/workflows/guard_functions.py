"""Plugins' functions in expressions: typed like the language's own when compiled, and called without losing what they raise.

CEL passes a field that is not filled in (null) to no overload but one for anything, and would take an error for a
value that `||` may hide. So an expression is compiled where the functions are typed, and runs where they take anything.
"""

import math
from collections.abc import Mapping
from functools import cache
from itertools import product
from typing import Any

from cel_expr_python import cel

from casewright.contributions import GuardFunction
from casewright.errors import CasewrightError, JsonRefused, Message, PluginFailed, message
from casewright.strict_json import INTEGERS, check_text

Functions = Mapping[str, tuple[str, GuardFunction]]
"""Functions by name, each with its plugin."""

_TYPES = {
    "text": cel.Type("google.protobuf.StringValue"),
    "integer": cel.Type("google.protobuf.Int64Value"),
    "decimal": cel.Type("google.protobuf.DoubleValue"),
    "boolean": cel.Type("google.protobuf.BoolValue"),
    "texts": cel.Type.List(cel.Type.STRING),
}
"""A value or null, but for `texts`: a list that is not filled in is an empty one."""
_ANYTHING = cel.Type("google.protobuf.Any")
_MOST_WIDENED = 4
"""So many decimals of a function may be given as whole numbers, each or not."""


@cache
def _null() -> Any:
    from google.protobuf import struct_pb2  # Not before a function is called.

    return struct_pb2.Value(null_value=struct_pb2.NULL_VALUE)


def typed(functions: Functions) -> list[Any]:
    """Return the declarations by which the compiler checks what a function is given."""
    return [cel.FunctionDecl(name, _overloads(one)) for name, (_, one) in functions.items()]


class Calls:
    """The calls of plugins' functions while one expression is evaluated, and what was raised in them."""

    def __init__(self, functions: Functions) -> None:
        self._functions = functions
        self._raised: BaseException | None = None

    def declarations(self) -> list[Any]:
        """Return the declarations by which an expression that was compiled runs."""
        return [
            cel.FunctionDecl(name, [self._overload(plugin, one)])
            for name, (plugin, one) in self._functions.items()
        ]

    def begin(self) -> None:
        """Forget what was raised before."""
        self._raised = None

    def end(self) -> None:
        """Raise what a function has raised: an error is never an answer, whatever else the expression asks."""
        raised, self._raised = self._raised, None
        if raised is not None:
            raise raised

    def _overload(self, plugin: str, function: GuardFunction) -> Any:
        def call(*given: Any) -> Any:
            if self._raised is not None:
                return _null()
            try:
                found = _called(plugin, function, given)
            except BaseException as error:  # noqa: BLE001 - raised again by `end`
                self._raised = error
                return _null()
            return _null() if found is None else found

        anything = [_ANYTHING] * len(function.parameters)
        return cel.Overload(f"{function.name}_run", cel.Type.DYN, anything, impl=call)


def _overloads(function: GuardFunction) -> list[Any]:
    """Return an overload for each way in which decimals may be given as whole numbers."""
    kinds = function.parameters
    widened = kinds.count("decimal") <= _MOST_WIDENED
    ways = product(
        *(
            (_TYPES[one], cel.Type.INT) if widened and one == "decimal" else (_TYPES[one],)
            for one in kinds
        )
    )
    result = _TYPES[function.result]
    return [
        cel.Overload(f"{function.name}_{number}", result, list(types))
        for number, types in enumerate(ways)
    ]


def _called(plugin: str, function: GuardFunction, given: tuple[Any, ...]) -> Any:
    kinds = function.parameters
    arguments = [_given(kind, one) for kind, one in zip(kinds, given, strict=True)]
    try:
        found = function.call(*arguments)
    except CasewrightError:
        raise
    except Exception as error:
        said = " ".join(str(error).split())[:300]
        reason = message("it raised {kind} ({said})", kind=type(error).__name__, said=said)
        raise PluginFailed(plugin=plugin, hook=function.name, reason=reason) from error
    if fault := _fault(function.result, found):
        raise PluginFailed(plugin=plugin, hook=function.name, reason=fault)
    if function.result == "texts":
        return list(found or ())
    return float(found) if function.result == "decimal" and found is not None else found


def _given(kind: str, value: Any) -> Any:
    """Return a value as the function takes it: a whole number as a decimal, a list without what is not filled in."""
    if kind == "decimal" and value is not None:
        return float(value)
    return [one for one in value if one is not None] if kind == "texts" else value


def _fault(kind: str, found: Any) -> Message | None:
    if found is None or _fits(kind, found):
        return None
    template = "it returned {found} where {wanted} belongs"
    return message(template, found=type(found).__name__, wanted=kind)


def _fits(kind: str, found: Any) -> bool:
    if kind == "texts":
        return isinstance(found, list | tuple) and all(_fits("text", one) for one in found)
    if kind == "text":
        return isinstance(found, str) and _is_writable(found)
    if kind == "boolean" or isinstance(found, bool):
        return kind == "boolean" and isinstance(found, bool)
    if kind == "decimal" and isinstance(found, float):
        return math.isfinite(found)
    return isinstance(found, int) and found in INTEGERS


def _is_writable(text: str) -> bool:
    try:
        check_text(text)
    except JsonRefused:
        return False
    return True
