"""What the doctor says of who may read a workspace's data: by the modes of its files and of the folders above them."""

import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from casewright.cli.doctor_check import Check, problem, well
from casewright.config import Config
from casewright.errors import message
from casewright.secrets import secret_files

OTHERS, ALL_BUT_THE_OWNER = 0o007, 0o077
_NAME = "modes"


def mode_checks(config: Config) -> Iterator[Check]:
    """Yield each file that somebody may read or write who should not: data by strangers, secrets by anybody else."""
    if os.name == "nt":
        return
    faults = [
        *_open_to(OTHERS, _data(config)),
        *_open_to(ALL_BUT_THE_OWNER, _secrets(config)),
    ]
    for path, mode in faults:
        said = message(
            "others on this machine may read or change {file} (mode {mode}): `chmod {wanted} {file}`",
            file=str(path),
            mode=f"{mode:03o}",
            wanted="700" if path.is_dir() else "600",
        )
        yield problem(_NAME, said)
    if not faults:
        yield well(_NAME, message("no stranger on this machine can read the data"))


def _data(config: Config) -> Iterator[Path]:
    name = config.database.name
    yield from (config.database.with_name(name + end) for end in ("", "-wal", "-shm"))
    yield config.attachments
    yield config.log_file
    if config.audit.second_place:
        yield config.root / config.audit.second_place


def _secrets(config: Config) -> Iterator[Path]:
    yield from secret_files()
    for own in _own_folders():
        yield own
        yield from sorted(one for one in own.rglob("*") if one.is_file())
    if config.audit.key and "://" not in config.audit.key:
        yield config.root / config.audit.key


def _own_folders() -> Iterator[Path]:
    """Yield where whoever runs casewright keeps sessions and keys."""
    home = Path(os.path.expanduser("~"))
    for variable, usual in (("XDG_STATE_HOME", ".local/state"), ("XDG_CONFIG_HOME", ".config")):
        yield Path(os.environ.get(variable) or home / usual) / "casewright"


def _open_to(bits: int, paths: Iterable[Path]) -> Iterator[tuple[Path, int]]:
    for path in paths:
        try:
            found = path.stat()
        except OSError:
            continue
        mode = stat.S_IMODE(found.st_mode)
        if mode & bits & 0o066 and _within_reach(path, bits):
            yield path, mode


def _within_reach(path: Path, bits: int) -> bool:
    """Return whether anybody of those can get as far as the file: a folder that is closed to them protects it."""
    return all(folder.stat().st_mode & bits & 0o011 for folder in path.absolute().parents)
