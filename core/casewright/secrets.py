"""Where secrets come from: `secret://name` and `env:NAME` in settings, looked up when used and kept nowhere."""

import os
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from casewright import regular_file
from casewright.errors import (
    ConfigRefused,
    FileUnreadable,
    Message,
    Place,
    SecretMissing,
    message,
)
from casewright.patterns import pattern

REFERENCE, VARIABLE = "secret://", "env:"
SERVICE = "casewright"
"""The name under which the keyring keeps our secrets."""
LONGEST = 64 * 1024

_NAME = pattern(r"[a-z][a-z0-9_-]{0,63}")
_FILE_OF = pattern(r"CASEWRIGHT_SECRET_[A-Z0-9_]+_FILE")
_resolved: set[str] = set()


def is_reference(written: object) -> bool:
    """Return whether a setting names a secret instead of being one."""
    return isinstance(written, str) and written.startswith((REFERENCE, VARIABLE))


def resolve(written: str, place: Place, environment: Mapping[str, str] | None = None) -> str:
    """Return the secret that `written` names, or `written` itself where it names none.

    `secret://name` is looked for in $CREDENTIALS_DIRECTORY, in the file that CASEWRIGHT_SECRET_NAME_FILE names, in
    the keyring, and in CASEWRIGHT_SECRET_NAME. SecretMissing where it is in none; ConfigRefused for `env:NAME`.
    """
    known = os.environ if environment is None else environment
    if written.startswith(REFERENCE):
        value = _found(written.removeprefix(REFERENCE), place, known)
    elif written.startswith(VARIABLE):
        value = _of_variable(written.removeprefix(VARIABLE).strip(), place, known)
    else:
        return written
    _resolved.add(value)
    return value


def resolved() -> frozenset[str]:
    """Return every secret that this process has looked up, so that no log line repeats one."""
    return frozenset(_resolved)


def secret_files(environment: Mapping[str, str] | None = None) -> Iterator[Path]:
    """Yield the files that the environment names as holding secrets of ours, whether they are there or not."""
    known = os.environ if environment is None else environment
    for name, value in sorted(known.items()):
        if _FILE_OF.fullmatch(name) and value:
            yield Path(value)


def _found(name: str, place: Place, environment: Mapping[str, str]) -> str:
    if not _NAME.fullmatch(name) or name.endswith(("_file", "-file")):
        reason = message(
            "a secret's name is of a-z, 0-9, '_' and '-', begins with a letter and does not end with '_file'"
        )
        raise SecretMissing(place=place, name=name, reason=reason)
    seen: list[Message] = []
    try:
        for look in _PLACES:
            value, said = look(name, environment)
            if value is not None:
                return _usable(value)
            seen.append(said)
    except _Unusable as wrong:
        raise SecretMissing(place=place, name=name, reason=wrong.reason) from None
    raise SecretMissing(place=place, name=name, reason=message("{places}", places=seen))


class _Unusable(Exception):
    """Something is where a secret should be, and cannot be one."""

    def __init__(self, reason: Message) -> None:
        self.reason = reason


_Look = tuple[str | None, Message]


def _credential(name: str, environment: Mapping[str, str]) -> _Look:
    folder = environment.get("CREDENTIALS_DIRECTORY")
    if not folder:
        return None, message("$CREDENTIALS_DIRECTORY is not set")
    path = Path(folder) / name
    if not path.exists():
        return None, message("{file} is not there", file=str(path))
    return _content(path), message("")


def _file(name: str, environment: Mapping[str, str]) -> _Look:
    variable = f"{_variable(name)}_FILE"
    if not environment.get(variable):
        return None, message("{variable} is not set", variable=variable)
    return _content(Path(environment[variable])), message("")


def _keyring(name: str, environment: Mapping[str, str]) -> _Look:
    try:
        import keyring
    except ImportError:
        return None, message("the extra 'keyring' is not installed")
    try:
        value = keyring.get_password(SERVICE, name)
    except Exception as error:  # noqa: BLE001 (a keyring's back end is a stranger: whatever it raises, it has no secret)
        said = message("the keyring does not answer ({problem})", problem=type(error).__name__)
        return None, said
    return value, message("the keyring has none for the service '{service}'", service=SERVICE)


def _environment(name: str, environment: Mapping[str, str]) -> _Look:
    variable = _variable(name)
    return environment.get(variable) or None, message(
        "{variable} is not set", variable=variable
    )


_PLACES: tuple[Callable[[str, Mapping[str, str]], _Look], ...] = (
    _credential,
    _file,
    _keyring,
    _environment,
)


def _variable(name: str) -> str:
    return f"CASEWRIGHT_SECRET_{name.upper().replace('-', '_')}"


def _content(path: Path) -> str:
    try:
        written = regular_file.read(path, limit=LONGEST).decode("utf-8")
    except FileUnreadable as error:
        raise _Unusable(message("{error}", error=error)) from None
    except UnicodeDecodeError:
        raise _Unusable(message("{file} is not UTF-8", file=str(path))) from None
    # An editor ends a file with a line break, which belongs to no secret.
    return re.sub(r"\r?\n\Z", "", written)


def _usable(value: str) -> str:
    if not value or len(value) > LONGEST or "\0" in value:
        raise _Unusable(
            message(
                "what is there is empty, longer than {limit} characters, or holds a NUL",
                limit=LONGEST,
            )
        )
    return value


def _of_variable(name: str, place: Place, environment: Mapping[str, str]) -> str:
    if not environment.get(name):
        reason = message("the environment has no variable '{name}'", name=name)
        raise ConfigRefused(place=place, reason=reason)
    return environment[name]
