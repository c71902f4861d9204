"""What `casewright plugin new` writes: typed, formatted, tested, and as a wheel a plugin like any other."""

import subprocess
import sys
import zipfile

import pytest

from casewright.plugins.making import make_project

from . import projects

NAMES = ("callbacks", "ab", "a23456789012345678901234567890")
"""An ordinary name, the shortest, and one so long that lines could break elsewhere."""


@pytest.mark.parametrize("name", NAMES)
def test_a_new_project_is_clean_for_ruff(name, tmp_path):
    project = tmp_path / name
    make_project(name, project, ())

    for words in (["check"], ["format", "--check"]):
        done = projects.run(["ruff", *words, "--no-cache", str(project)], project, tmp_path)
        assert done.returncode == 0, done.stdout


def test_a_new_project_is_clean_for_mypy(tmp_path):
    project, site = tmp_path / "project", tmp_path / "site"
    make_project("callbacks", project, ())

    done = projects.run(
        ["mypy", "--no-incremental"], project, site, MYPYPATH=str(projects.ROOT / "core")
    )

    assert done.returncode == 0, done.stdout


def test_nothing_in_a_new_project_names_another_plugin(tmp_path):
    made = make_project("recalls", tmp_path / "project", ())

    left = [one for one in made if "PLUGIN" in one.read_text("utf-8") or "PLUGIN" in str(one)]

    assert left == []
    assert all((tmp_path / "project") in one.parents for one in made)


def test_a_new_project_built_as_a_wheel_and_installed_passes_its_own_tests(tmp_path):
    project, site = tmp_path / "project", tmp_path / "site"
    make_project("callbacks", project, ())
    built = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel"],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stderr
    (wheel,) = (project / "dist").glob("*.whl")
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(site)
    (project / "casewright_callbacks").rename(tmp_path / "the source is out of the way")

    done = projects.run(["pytest", "-q", "-p", "no:cacheprovider"], project, site)

    assert done.returncode == 0, done.stdout
    assert projects.run(["casewright.cli", "callbacks", "list"], tmp_path, site).returncode == 2
