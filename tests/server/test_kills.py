"""Whatever a server dies of: what it acknowledged is there, and what was said again is there once."""

from pathlib import Path

import pytest

from .killing import Found, kill_again_and_again
from .served import founded

_SABOTAGE = str(Path(__file__).with_name("sabotage"))


@pytest.mark.parametrize("kills", [3, pytest.param(100, marks=pytest.mark.soak)])
def test_killed_under_load_it_loses_nothing_and_does_nothing_twice(
    tmp_path: Path, kills: int
) -> None:
    found = kill_again_and_again(founded(tmp_path / "w").root, kills)

    print(
        f"{kills} kills: {found.commands} commands acknowledged, {found.repeated} of them said again after they were done"
    )
    assert (found.lost, found.twice) == ([], [])
    assert found.sound
    assert found.commands > kills


@pytest.mark.soak
def test_a_server_that_answered_before_the_commit_would_be_found_out(tmp_path: Path) -> None:
    found = _sabotaged(tmp_path, "answer before the commit")

    assert found.lost


@pytest.mark.soak
def test_a_caller_who_said_it_again_under_a_new_id_would_be_found_out(tmp_path: Path) -> None:
    found = _sabotaged(tmp_path, "answer long after the commit", new_ids=True)

    assert found.twice


def _sabotaged(tmp_path: Path, sabotage: str, *, new_ids: bool = False) -> Found:
    return kill_again_and_again(
        founded(tmp_path / "w").root,
        1,
        victims=["http" if new_ids else "writer"],
        new_ids=new_ids,
        environment={"PYTHONPATH": _SABOTAGE, "CASEWRIGHT_SABOTAGE": sabotage},
    )
