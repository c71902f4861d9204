"""Who is signed in at this account of the machine: the tokens of sessions, in a file that nobody else can read."""

import hashlib
import json
import os
import stat
from collections.abc import Mapping
from pathlib import Path

from casewright.errors import FileUnreadable, Message, NotSignedIn, message
from casewright.private_folder import make_private

MOST = 100
_LARGEST = 64 * 1024
_OTHERS = 0o077


def file_of(database: Path) -> Path:
    """Return the file for the workspace that has this database, below XDG_STATE_HOME or `~/.local/state`."""
    named = os.environ.get("XDG_STATE_HOME", "")
    state = Path(named) if os.path.isabs(named) else _home() / ".local" / "state"
    whole = str(database.resolve()).encode("utf-8", "surrogateescape")
    return state / "casewright" / "sessions" / f"{hashlib.sha256(whole).hexdigest()[:32]}.json"


def tokens(database: Path) -> Mapping[str, str]:
    """Return the tokens of sessions by login name, the last one who signed in last; NotSignedIn where others could read them."""
    path = file_of(database)
    try:
        descriptor = os.open(path, os.O_RDONLY | _CAREFULLY)
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise FileUnreadable(file=str(path), reason=_why(error)) from error
    try:
        _must_be_ours(path, os.fstat(descriptor))
        written = os.read(descriptor, _LARGEST)
    finally:
        os.close(descriptor)
    try:
        found = json.loads(written)["sessions"]
        return {str(name): str(token) for name, token in found.items()}
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return {}


def keep(database: Path, name: str, token: str) -> None:
    """Keep the token of somebody who signed in, as the last one; FileUnreadable."""
    kept = {one: found for one, found in tokens(database).items() if one != name}
    _write(file_of(database), dict([*kept.items(), (name, token)][-MOST:]))


def drop(database: Path, name: str) -> None:
    """Keep the token of somebody no more."""
    kept = dict(tokens(database))
    if kept.pop(name, None) is not None:
        _write(file_of(database), kept)


def _write(path: Path, sessions: Mapping[str, str]) -> None:
    """Put the file in place at once, never readable to others: `mkstemp` makes it so from its first moment."""
    from tempfile import mkstemp  # Only signing in and out writes.

    try:
        make_private(path.parent)
        os.chmod(path.parent, 0o700)
        descriptor, made = mkstemp(dir=path.parent, prefix=".session-")
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                json.dump({"sessions": dict(sessions)}, file)
            os.replace(made, path)
        except BaseException:
            os.unlink(made)
            raise
    except OSError as error:
        raise FileUnreadable(file=str(path), reason=_why(error)) from error


def _must_be_ours(path: Path, found: os.stat_result) -> None:
    own = not hasattr(os, "getuid") or found.st_uid == os.getuid()
    closed = os.name != "posix" or not found.st_mode & _OTHERS
    if stat.S_ISREG(found.st_mode) and own and closed:
        return
    reason = message(
        "others can read or write {file}, where the sessions are kept; remove it and sign in again",
        file=str(path),
    )
    raise NotSignedIn(reason=reason)


def _home() -> Path:
    try:
        return Path.home()
    except RuntimeError:
        reason = message("this account has no home folder; XDG_STATE_HOME can name another")
        raise NotSignedIn(reason=reason) from None


def _why(error: OSError) -> Message:
    return message("it cannot be used ({detail})", detail=error.strerror or "")


_CAREFULLY = (
    getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
)
"""A pipe is not waited for, a link not followed, and no program that is started gets the open file."""
