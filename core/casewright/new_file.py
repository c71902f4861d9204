"""A new file that only its owner may read: never one that is there already, and none at all where writing fails."""

import os
from pathlib import Path

from casewright.errors import FileUnreadable, message


def write_new(place: Path, content: bytes) -> None:
    """Write `content` to a new file; FileUnreadable."""
    try:
        handle = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise FileUnreadable(file=str(place), reason=message("it is there already")) from None
    except (OSError, ValueError) as error:
        raise _refused(place, error) from None
    try:
        with os.fdopen(handle, "wb") as written:
            written.write(content)
    except OSError as error:
        place.unlink(missing_ok=True)
        raise _refused(place, error) from None


def _refused(place: Path, error: OSError | ValueError) -> FileUnreadable:
    template = "it cannot be written ({problem})"
    problem = error.strerror or "" if isinstance(error, OSError) else str(error)
    return FileUnreadable(file=str(place), reason=message(template, problem=problem))
