"""File operations that fail: a clear error, nothing lost, and the same desk goes on when the fault is over."""

import pytest

from .running import run

MODES = ("once", "stays", "full")


@pytest.mark.parametrize("mode", MODES)
def test_whichever_operation_fails_it_is_said_and_nothing_is_lost(tmp_path, mode):
    found = run("faults", tmp_path / mode, mode, 19, 3)

    assert found["findings"] == {}, found["examples"]
    assert found["runs"] > 20
    assert found["refused"]["database.unusable"] > 15


def test_a_command_that_failed_but_was_written_is_answered_when_it_is_asked_again(tmp_path):
    found = run("faults", tmp_path / "once", "once", 11, 4)

    assert found["persisted"] > 0, "no fault fell between the writing and the answer"
    assert found["findings"] == {}, found["examples"]


def test_a_store_that_takes_a_failed_commit_for_done_is_found_out(tmp_path):
    found = run("faults", tmp_path / "careless", "stays", 19, 3, "careless")

    assert found["findings"].get("lost", 0) > 0, "the harness must be able to fail"


@pytest.mark.soak
@pytest.mark.parametrize("mode", MODES)
def test_every_single_operation_may_fail(tmp_path, mode):
    found = run("faults", tmp_path / mode, mode, 1, 3)

    print(mode, found)
    assert found["findings"] == {}, found["examples"]
