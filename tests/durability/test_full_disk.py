"""A full disk, a real one: everybody is told so, nothing is lost, and after room is made the same desk goes on."""

import shutil
import subprocess

import pytest

from .running import run


def may_mount() -> bool:
    """Whether a file system can be mounted in a name space of one's own."""
    if shutil.which("unshare") is None:
        return False
    tried = subprocess.run(
        ["unshare", "--mount", "--map-root-user", "mount", "-t", "tmpfs", "tmpfs", "/mnt"],
        capture_output=True,
    )
    return tried.returncode == 0


def test_on_a_full_disk_nothing_is_lost_and_the_desk_goes_on_when_there_is_room_again(tmp_path):
    if not may_mount():
        pytest.skip(
            "no file system can be mounted here: `unshare --mount` is missing or not permitted"
        )
    folder = tmp_path / "small"
    folder.mkdir()

    found = run("full_disk", folder, before=("unshare", "--mount", "--map-root-user"))

    assert found["acknowledged"] > 20
    assert found["refused"] == ["database.unusable"]
    assert any("the disk is full" in one for one in found["sentences"])
    assert any("磁盘已满" in one for one in found["sentences"])
    assert found["attached"] == "file.unreadable"
    assert found["left"] == 0, "a draft of the file was left behind"
    assert found["lost"] == 0
    assert found["verified"]
