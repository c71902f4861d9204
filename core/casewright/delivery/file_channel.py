"""The channel that writes a file: one line of JSON for each message, on the disk before it counts as delivered."""

import json
import os
from collections.abc import Iterable
from pathlib import Path

from casewright.delivery.channel import Answer, Delivered, Failed, Outgoing, Seen
from casewright.settings.channels import ChannelSettings
from casewright.visible import visible_json


def open_file(settings: ChannelSettings) -> "FileChannel":
    """Return a channel that appends to the file `path`, taken from the folder of the settings."""
    return FileChannel(Path(settings.place.file).parent / settings.text("path"))


class FileChannel:
    """Appends to one file, which is made with its folder when the first message comes, and read by its owner only."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def send(self, outgoing: Outgoing) -> Answer:
        """Append one message as a line of JSON, all its fields in it."""
        line = visible_json(json.dumps(_told(outgoing), ensure_ascii=False)) + "\n"
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                # One write: lines of two processes do not run into each other.
                os.write(descriptor, line.encode("utf-8"))
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        except OSError as error:
            return Failed(reason=error.strerror or str(error))
        return Delivered()

    def receipts(self) -> Iterable[Seen]:
        """Return nothing: what was written is there."""
        return ()

    def close(self) -> None:
        """Do nothing: no file stays open between messages."""


def _told(outgoing: Outgoing) -> dict[str, object]:
    return {
        "key": outgoing.key,
        "address": outgoing.address,
        "subject": outgoing.subject,
        "text": outgoing.text,
        "language": outgoing.language,
        "template_id": outgoing.template_id,
        "variables": dict(outgoing.variables),
        "signature": outgoing.signature,
        "files": [one.filename for one in outgoing.enclosed],
    }
