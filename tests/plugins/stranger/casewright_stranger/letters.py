"""A channel that puts letters into a folder, one file for each, named by its key: a repeat is no second letter."""

from pathlib import Path
from typing import Any

from casewright import ChannelDriver, Delivered, Failed, Outgoing, Setting

FOLDER = Setting(name="folder", required=True, help="The folder that letters are put into.")
CHANNELS = (
    ChannelDriver(name="letters", kind="chat", help="Letters in a folder", options=(FOLDER,)),
)


def post(channel: Any, outgoing: Outgoing) -> Delivered | Failed:
    """Put a letter into the folder; without the folder it is tried again."""
    folder = Path(channel.options["folder"])
    if not folder.is_dir():
        return Failed(reason=f"there is no folder {folder}")
    letter = folder / f"{outgoing.key}.txt"
    letter.write_text(f"{outgoing.address}\n{outgoing.text}\n", encoding="utf-8")
    return Delivered()
