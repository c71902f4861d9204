"""A disk that fills up: `python -m tests.durability.full_disk FOLDER`, run where a small file system can be mounted on it."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from casewright.commands import AddComment, AttachFile, Command, OpenTicket
from casewright.desk import Desk
from casewright.errors import CasewrightError
from casewright.model import SYSTEM
from casewright.queries import GetTicket, VerifyAudit
from casewright.texts import Texts

from .work import desk_on, found

SIZE = "6m"
BALLAST = 2 * 1024 * 1024
CHUNK = 200_000


@dataclass
class Found:
    """What happened while the disk was full, and afterwards."""

    acknowledged: list[Command] = field(default_factory=list)
    refused: list[CasewrightError] = field(default_factory=list)
    again: list[Command] = field(default_factory=list)
    looked: str = ""
    attached: str = ""
    left: int = 0
    verified: bool = False
    lost: int = 0


def main(folder: Path) -> dict[str, object]:
    """Fill the disk under a desk, make room, go on; return what was seen."""
    subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(folder)], check=True
    )
    ballast = folder / "ballast"
    config, seen = found(folder), Found()
    ballast.write_bytes(bytes(BALLAST))
    with desk_on(config) as desk:
        ticket = desk.execute(OpenTicket(actor="ana", workflow="parcel")).ticket
        _fill(desk, ticket, seen)
        seen.looked = _code_of(lambda: desk.ask(GetTicket(actor="ana", ticket=ticket)))
        before = _files(config.attachments)
        content = Random(1).randbytes(shutil.disk_usage(folder).free + CHUNK)
        seen.attached = _code_of(lambda: desk.keep(content))
        seen.left = _files(config.attachments) - before
        ballast.unlink()
        for command in seen.again:
            desk.execute(command)
        digest = desk.keep(content[:CHUNK])
        desk.execute(
            AttachFile(actor="ana", ticket=ticket, digest=digest, filename="a.bin", size=CHUNK)
        )
        seen.lost = sum(not desk.execute(one).repeated for one in seen.acknowledged)
        seen.verified = desk.ask_as_system(VerifyAudit(actor=SYSTEM)).ok
    return {
        "acknowledged": len(seen.acknowledged),
        "refused": sorted({one.code for one in seen.refused}),
        "sentences": sorted(_sentences(seen.refused)),
        "looked": seen.looked,
        "attached": seen.attached,
        "left": seen.left,
        "lost": seen.lost,
        "verified": seen.verified,
    }


def _fill(desk: Desk, ticket: str, seen: Found) -> None:
    """Write comments until ten in a row have been refused."""
    while len(seen.refused) < 10:
        text = "".join(Random(len(seen.acknowledged)).choices("一二三四五六七八", k=3900))
        command = AddComment(actor="ana", ticket=ticket, text=text)
        try:
            desk.execute(command)
            seen.acknowledged.append(command)
        except CasewrightError as error:
            seen.refused.append(error)
            seen.again.append(command)


def _code_of(does: object) -> str:
    try:
        does()  # type: ignore[operator]
    except CasewrightError as error:
        return error.code
    return ""


def _files(folder: Path) -> int:
    return sum(one.is_file() for one in folder.rglob("*"))


def _sentences(errors: list[CasewrightError]) -> Iterator[str]:
    for error in errors:
        for language in ("en", "zh"):
            yield Texts(language).error(error).partition(":")[2] or Texts(language).error(error)


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1])), ensure_ascii=False))
