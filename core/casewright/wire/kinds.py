"""Which values may say themselves what they are: the parts of sentences, of workflows, and every error, by name."""

from collections.abc import Iterator
from functools import cache

from casewright import errors, model
from casewright.bilingual import Bilingual
from casewright.durations import Duration
from casewright.errors import CasewrightError, Message, Place, Problem
from casewright.workflows import spec

_VALUES: tuple[type, ...] = (
    Bilingual,
    Duration,
    Message,
    model.Ballot,
    model.Tried,
    Place,
    Problem,
    spec.Constant,
    spec.Expression,
    spec.Party,
)
_VALUES_BY_NAME = {one.__name__: one for one in _VALUES}


def kind_named(name: str) -> type | None:
    """Return the class of values or errors that calls itself `name`; None for none."""
    return _VALUES_BY_NAME.get(name) or error_named(name)


def is_known(kind: type) -> bool:
    """Return whether values of a class may say themselves what they are."""
    return kind in _VALUES or issubclass(kind, CasewrightError)


def name_of(kind: type) -> str:
    """Return what values of a class call themselves: a plugin's error by its module too, so that it stands for no other."""
    if kind in _VALUES or getattr(errors, kind.__name__, None) is kind:
        return kind.__name__
    return f"{kind.__module__}.{kind.__qualname__}"


def error_named(name: str) -> type[CasewrightError] | None:
    """Return the class of errors called `name`; None for none."""
    found = _errors().get(name)
    if found is None:
        _errors.cache_clear()  # A plugin that was loaded since may have brought it.
        found = _errors().get(name)
    return found


@cache
def _errors() -> dict[str, type[CasewrightError]]:
    return {name_of(one): one for one in every_error()}


def every_error() -> Iterator[type[CasewrightError]]:
    """Yield every class of errors that there is, those of loaded plugins too."""
    return _below(CasewrightError)


def _below(kind: type[CasewrightError]) -> Iterator[type[CasewrightError]]:
    for one in kind.__subclasses__():
        yield one
        yield from _below(one)
