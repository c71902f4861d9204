"""The folders outside the database to which checkpoints are written: beside the key, and the second place.

Each holds `000012.json`, a statement with its signature; `000012.seals`, by which a changed event is named; and
`trusted`, the public keys that were signed with there, pinned at first use.
"""

import os
from collections.abc import Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from casewright.compact_json import decode as decode_json
from casewright.compact_json import encode as encode_json
from casewright.config import Config
from casewright.errors import CheckpointRefused, Message, message
from casewright.patterns import pattern
from casewright.private_folder import make_private
from casewright.store.checkpoints import Stored

TRUSTED = "trusted"
_STATEMENT = pattern(r"\d{6,18}\.json")
_KEY = pattern(r"[0-9a-f]{64}")


def home_of(config: Config) -> Path:
    """Return the folder beside the workspace's key, which goes by where the database lies."""
    named = os.environ.get("XDG_CONFIG_HOME", "")
    settings = Path(named) if os.path.isabs(named) else _home() / ".config"
    name = sha256(str(config.database.resolve()).encode()).hexdigest()[:16]
    return settings / "casewright" / "audit" / name


def _home() -> Path:
    try:
        return Path.home()
    except RuntimeError:
        reason = message("this account has no home folder; XDG_CONFIG_HOME can name another")
        raise CheckpointRefused(place="~", reason=reason) from None


def second_place_of(config: Config) -> Path | None:
    """Return the folder that the settings name as the second place, or None."""
    named = config.audit.second_place
    return config.root / Path(named).expanduser() if named else None


class Folder:
    """One folder of checkpoints; CheckpointRefused where it cannot be read or written."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def there(self) -> bool:
        """Whether the folder is there; it may be on a disk that is not."""
        return self.path.is_dir()

    def numbers(self) -> list[int]:
        """Return which checkpoints are here, oldest first."""
        try:
            names = os.listdir(self.path) if self.there else []
        except OSError as error:
            raise self._refused(error) from None
        return sorted(int(name[:-5]) for name in names if _STATEMENT.fullmatch(name))

    def statements(self) -> Mapping[int, Stored | None]:
        """Return the checkpoints by number, oldest first; None for one that cannot be read."""
        return {number: self.statement(number) for number in self.numbers()}

    def statement(self, number: int) -> Stored | None:
        """Return a checkpoint, or None where it cannot be read."""
        try:
            said = decode_json(self._statement(number).read_bytes())
            signature = bytes.fromhex(said["signature"])
            return Stored(number, said["statement"].encode(), signature)
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            return None

    def trusted(self) -> frozenset[str]:
        """Return the public keys that were signed with here."""
        try:
            written = (self.path / TRUSTED).read_text(encoding="ascii", errors="replace")
        except FileNotFoundError:
            return frozenset()
        except OSError as error:
            raise self._refused(error) from None
        return frozenset(one for one in written.split() if _KEY.fullmatch(one))

    def trust(self, key: str) -> None:
        """Pin a public key."""
        if key not in self.trusted():
            self._write(TRUSTED, "".join(f"{one}\n" for one in (*sorted(self.trusted()), key)))

    def seals(self, number: int, digest: str) -> bytes | None:
        """Return a checkpoint's seals, if they are those that its statement names."""
        with suppress(OSError):
            found = self._seals(number).read_bytes()
            if sha256(found).hexdigest() == digest:
                return found
        return None

    def write(self, one: Stored, seals: bytes | None) -> None:
        """Keep a checkpoint durably; what stands there already must be the same."""
        path = self._statement(one.number)
        if path.exists():
            if self.statement(one.number) != one:
                reason = message(
                    "another checkpoint of this number is there: see `casewright audit verify`"
                )
                raise CheckpointRefused(place=str(path), reason=reason)
            return
        said = {"statement": one.body.decode(), "signature": one.signature.hex()}
        if seals is not None:
            self._write(self._seals(one.number).name, seals)
        self._write(path.name, encode_json(said) + "\n")

    def _statement(self, number: int) -> Path:
        return self.path / f"{number:06d}.json"

    def _seals(self, number: int) -> Path:
        return self.path / f"{number:06d}.seals"

    def _write(self, name: str, content: str | bytes) -> None:
        """Write a file so that it is there whole or not at all, also after a power cut."""
        text = content.encode() if isinstance(content, str) else content
        new = self.path / f".{name}.{os.getpid()}"
        try:
            make_private(self.path)
            with new.open("wb") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            new.replace(self.path / name)
            _sync(self.path)
        except OSError as error:
            with suppress(OSError):
                new.unlink()
            raise self._refused(error) from None

    def _refused(self, error: OSError) -> CheckpointRefused:
        reason: Message = message("{detail}", detail=error.strerror or str(error))
        return CheckpointRefused(place=str(self.path), reason=reason)


def _sync(folder: Path) -> None:
    """Make names in a folder durable, where the system can."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
