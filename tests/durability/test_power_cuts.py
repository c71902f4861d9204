"""A power cut at any place: what was acknowledged is there afterwards, and nothing is half-written.

kill -9 cannot tell, because the system still writes what it holds. So the real store runs over a SQLite whose file
operations are written down; what was not synced may be lost, kept or torn at every cut.
"""

import pytest

from .running import run


def test_no_power_cut_loses_what_was_acknowledged_or_leaves_anything_half_written(tmp_path):
    found = run("power", tmp_path / "full", 200, 120, "FULL", 11)

    assert found["findings"] == {}, found["examples"]
    assert found["commands"] > 80
    assert found["operations"]["truncate"] > 10, "cuts must fall while the log is brought in"


def test_a_store_that_does_not_wait_for_the_disk_is_found_out(tmp_path):
    found = run("power", tmp_path / "normal", 120, 60, "NORMAL", 11)

    assert found["findings"]["lost"] > 0, "the harness must be able to fail"


@pytest.mark.soak
def test_two_thousand_power_cuts_lose_nothing_where_a_careless_store_does(tmp_path):
    careful = run("power", tmp_path / "full", 2000, 250, "FULL", 5)
    careless = run("power", tmp_path / "normal", 2000, 250, "NORMAL", 5)

    print("FULL:", careful)
    print("NORMAL:", careless)
    assert careful["findings"] == {}, careful["examples"]
    assert careless["findings"]["lost"] > 100
