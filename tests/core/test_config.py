"""The settings of a workspace: where they are found, what overrules them, what is refused and where."""

from pathlib import Path

import pytest

from casewright.config import find_workspace, read_config
from casewright.errors import ConfigRefused, WorkspaceNotFound


def workspace(folder: Path, text: str = "") -> Path:
    (folder / "casewright.toml").write_text(text, encoding="utf-8")
    return folder


def test_a_workspace_is_found_from_any_folder_in_it(tmp_path):
    root = workspace(tmp_path)
    inner = root / "workflows" / "calendars"
    inner.mkdir(parents=True)

    assert find_workspace(inner) == root
    assert find_workspace(root) == root


def test_outside_of_a_workspace_one_is_told_how_to_make_one(tmp_path):
    with pytest.raises(WorkspaceNotFound, match="casewright init") as refused:
        find_workspace(tmp_path)

    assert refused.value.folder == str(tmp_path)


def test_without_settings_everything_lies_in_the_workspace(tmp_path):
    config = read_config(workspace(tmp_path), {})

    assert config.database == tmp_path / "casewright.db"
    assert config.attachments == tmp_path / "attachments"
    assert (config.language, config.synchronous) == ("", "FULL")


def test_settings_are_read_and_the_environment_overrules_them(tmp_path):
    text = 'database = "data/desk.db"\nlanguage = "zh"\nsynchronous = "NORMAL"\n'
    root = workspace(tmp_path, text)

    assert read_config(root, {}).database == root / "data" / "desk.db"
    overruled = read_config(
        root, {"CASEWRIGHT_DATABASE": "/elsewhere/x.db", "CASEWRIGHT_SYNCHRONOUS": "FULL"}
    )

    assert overruled.database == Path("/elsewhere/x.db")
    assert (overruled.language, overruled.synchronous) == ("zh", "FULL")


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ('# mine\ndatabse = "x.db"\n', 2, "did you mean 'database'"),
        ("\n[synchronos]\na = 1\n", 2, "did you mean 'synchronous'"),
        ('language = "fr"\n', 1, "'language' is one of: en, zh"),
        ('database = "a.db"\n\nsynchronous = "OFF"\n', 3, "one of: FULL, NORMAL"),
        ("database = 3\n", 1, "must be a text"),
        ('database = ""\n', 1, "must name a file"),
        ('database = "a.db"\nlanguage = \n', 2, "not valid TOML"),
    ],
)
def test_a_wrong_setting_is_refused_at_its_line(tmp_path, text, line, said):
    with pytest.raises(ConfigRefused) as refused:
        read_config(workspace(tmp_path, text), {})

    assert said in str(refused.value)
    assert refused.value.place.line == line
    assert refused.value.place.file == str(tmp_path / "casewright.toml")


def test_a_wrong_variable_is_refused_by_its_name(tmp_path):
    with pytest.raises(ConfigRefused) as refused:
        read_config(workspace(tmp_path), {"CASEWRIGHT_SYNCHRONOUS": "OFF"})

    assert str(refused.value).startswith("CASEWRIGHT_SYNCHRONOUS: ")


def test_settings_that_are_not_utf_8_are_refused(tmp_path):
    (tmp_path / "casewright.toml").write_bytes(b'database = "\xff"\n')

    with pytest.raises(ConfigRefused, match="UTF-8"):
        read_config(tmp_path, {})
