"""The secret that seals links and forms: the one that `[pages]` names, else a file beside the database."""

import os
import secrets
from pathlib import Path

from casewright import regular_file
from casewright.config import Config
from casewright.errors import ConfigRefused, FileUnreadable, message
from casewright.pages.links import Sealer
from casewright.secrets import resolve

NAME = "casewright-pages-key"
SHORTEST = 32
_LONGEST = 4_096


def sealer_of(config: Config) -> Sealer:
    """Return what seals the links of this workspace; it makes its secret where there is none yet. ConfigRefused."""
    settings = config.pages
    if settings.secret:
        found = resolve(settings.secret, settings.place).encode()
    else:
        path = config.database.with_name(NAME)
        try:
            found = _made(path) if not path.exists() else _read(path)
        except (OSError, FileUnreadable) as error:
            template = "the secret of the pages for customers, {path}: {problem}"
            reason = message(template, path=str(path), problem=str(error))
            raise ConfigRefused(place=settings.place, reason=reason) from None
    if len(found) < SHORTEST:
        reason = message("'secret' needs at least {count} characters", count=SHORTEST)
        raise ConfigRefused(place=settings.place, reason=reason)
    return Sealer(found)


def _read(path: Path) -> bytes:
    return regular_file.read(path, limit=_LONGEST).strip()


def _made(path: Path) -> bytes:
    """Make the secret, whole or not at all, where only this account can read it; another process may be quicker."""
    secret = secrets.token_hex(32).encode()
    draft = path.with_name(f".{path.name}-{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(secret)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            return _read(path)
    finally:
        draft.unlink(missing_ok=True)
    return secret
