"""Regular expressions that are compiled when they are first asked: a hundred of them would cost a command line a tenth of its time."""

import re
from typing import TYPE_CHECKING, Any


class _Pattern:
    """What `re.compile` returns, made at the first question; its methods are then this object's own."""

    def __init__(self, source: str | bytes, flags: int | re.RegexFlag = 0) -> None:
        self.pattern = source
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        found = getattr(re.compile(self.pattern, self._flags), name)
        setattr(self, name, found)
        return found

    def __repr__(self) -> str:
        return f"pattern({self.pattern!r})"


if TYPE_CHECKING:
    pattern = re.compile
else:
    pattern = _Pattern
