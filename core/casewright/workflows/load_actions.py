"""Actions of a workflow file (`on_enter`, `on_exit`, `do`), read into values."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from casewright import bilingual
from casewright.plugins.freezing import frozen
from casewright.workflows import values
from casewright.workflows.parties import who
from casewright.workflows.spec import Action, Value
from casewright.workflows.words import ACTION, ACTION_VERBS


def actions(data: Iterable[Mapping[str, Any]] | None) -> tuple[Action, ...]:
    """Return the actions of a list, in order."""
    return tuple(_action(one) for one in data or ())


def fields(data: Mapping[str, Any]) -> dict[str, Value]:
    """Return fields by name, each with its literal or expression."""
    return {name: values.value(one) for name, one in data.items()}


def _action(data: Mapping[str, Any]) -> Action:
    verb = _verb(data)
    return Action(
        verb=verb,
        argument=_ARGUMENTS.get(verb, _raw)(data[verb]),
        when=values.condition(data.get("when")),
        role=data.get("as", ""),
        fields=fields(data.get("fields", {})),
        each=values.value(data["each"]) if "each" in data else None,
        via=values.names(data.get("via", "notice")),
        message=values.optional_title(data.get("message")),
        template=data.get("template", ""),
    )


def _raw(argument: Any) -> object:
    return frozen(argument)


def _verb(data: Mapping[str, Any]) -> str:
    """Return the core's verb; where there is none, the word that is none of the core's is a plugin's."""
    own = next((word for word in ACTION_VERBS if word in data), None)
    return own or next(word for word in data if word not in ACTION)


def _comment(argument: Any) -> object:
    return (
        bilingual.from_data(argument) if isinstance(argument, dict) else values.value(argument)
    )


_ARGUMENTS: Mapping[str, Callable[[Any], object]] = {
    "set": fields,
    "link": values.value,
    "comment": _comment,
    "tell": who,
    "assign": who,
}
