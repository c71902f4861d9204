"""A command says no more to the database than is planned, and no session of the ORM is made on its way; the count can fail."""

from pathlib import Path
from typing import Any

import pytest

from ..conftest import ROOT


@pytest.fixture
def counting(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))
    import hot_path
    import job_workspace

    return hot_path, job_workspace


def test_a_command_makes_no_session_and_runs_no_more_statements_than_planned(
    counting: Any, tmp_path: Path
) -> None:
    hot_path, job_workspace = counting
    config = job_workspace.make(tmp_path, 2)

    found = hot_path.counted(config)

    assert {one.transition: one.statements for one in found} == hot_path.PLANNED
    assert [one.sessions for one in found] == [0, 0, 0]
    assert all(one.is_planned for one in found)


@pytest.mark.parametrize("sabotage", ["session", "statement"])
def test_the_count_notices_a_session_and_a_statement_too_many(
    counting: Any, tmp_path: Path, sabotage: str
) -> None:
    hot_path, job_workspace = counting
    config = job_workspace.make(tmp_path, 2)

    found = hot_path.counted(config, sabotage=sabotage)

    assert not any(one.is_planned for one in found)
