"""The tutorial does what it says: each of its commands and files, one after the other, ends in a plugin that works."""

import os
import re
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from . import projects

DOCS = projects.ROOT / "docs"
PAGE = "writing-a-plugin.md"
BLOCK = re.compile(r"^```(\w+)([^\n]*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def blocks(page: str) -> list[tuple[str, str, str]]:
    return BLOCK.findall((DOCS / page).read_text("utf-8"))


class Reader:
    """Somebody who follows a page step by step, in a folder of their own."""

    def __init__(self, folder: Path) -> None:
        self.site = folder / "site"
        self.site.mkdir()
        self.bin = projects.shims(folder / "bin")
        self.here = folder / "work"
        self.here.mkdir()
        self.seen = ""

    def follow(self, page: str) -> Iterator[str]:
        """Do what each block says; yield what went otherwise than the page says."""
        for kind, asked, content in blocks(page):
            option = dict(re.findall(r"(\w+)=(\S+)", asked))
            if kind == "sh":
                yield from self._commands(content, int(option.get("exit", "0")))
            elif "file" in option:
                path = self.here / option["file"]
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(content, "utf-8")
            elif kind == "text":
                yield from (
                    f"not said: {line}\n{self.seen}"
                    for line in content.splitlines()
                    if line not in self.seen
                )

    def _commands(self, content: str, code: int) -> Iterator[str]:
        where = self.site / "where"
        year = f"-{datetime.now(UTC).year}-"
        known = self.site / "exported"
        known.touch()
        lines = (
            f"set -e\n. '{known}'\n{content.replace('-2026-', year)}\npwd > '{where}'",
            f"export -p | grep ' CASEWRIGHT_' > '{known}' || true",
        )
        done = subprocess.run(
            ["bash", "-c", "\n".join(lines)],
            cwd=self.here,
            env=self._environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        self.seen = done.stdout + done.stderr
        if done.returncode != code:
            yield f"exit {done.returncode} instead of {code}: {content}\n{self.seen}"
        if done.returncode == 0:
            self.here = Path(where.read_text().strip())

    def _environment(self) -> dict[str, str]:
        """Return the variables of somebody who has set nothing yet."""
        path = f"{self.bin}{os.pathsep}{os.environ['PATH']}"
        site = str(self.site)
        more = {"PATH": path, "TUTORIAL_SITE": site, "PYTHONPATH": self._path()}
        found = projects.environment(self.site, COLUMNS="120", **more)
        del found["CASEWRIGHT_USER"]
        return found

    def _path(self) -> str:
        ours = Path(__file__).parent
        return os.pathsep.join(map(str, (self.site, projects.ROOT / "core", ours)))


def test_each_step_of_the_tutorial_does_what_the_page_says(tmp_path):
    assert list(Reader(tmp_path).follow(PAGE)) == []


def test_a_page_that_says_what_is_not_so_is_caught(tmp_path, monkeypatch):
    (tmp_path / "wrong.md").write_text(
        "```sh\ncasewright plugin new routing x\n```\n```text\nall is well\n```\n", "utf-8"
    )
    monkeypatch.setattr(f"{__name__}.DOCS", tmp_path)

    wrong = list(Reader(tmp_path).follow("wrong.md"))

    assert ["exit 1" in wrong[0], "not said" in wrong[-1]] == [True, True]


def test_both_languages_have_the_same_steps():
    assert blocks("writing-a-plugin.zh.md") == blocks(PAGE)
