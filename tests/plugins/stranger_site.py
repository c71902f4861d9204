"""A clean environment with casewright installed from its wheel, to which the wheel of a stranger's plugin comes and goes."""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
STRANGER = Path(__file__).parent / "stranger"
NAME = "stranger"


class StrangerSite:
    """The environment, the wheels and a workspace, all in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.workspace = folder / "workspace"
        self.letters = folder / "letters"
        self.letters.mkdir()
        self._environment = folder / "environment"
        venv.create(self._environment, with_pip=False, symlinks=True)
        self._share_dependencies()
        self._install(self._wheel(ROOT, "casewright-"))
        self._plugin = self._wheel(self._write_plugin(), "casewright_stranger-")

    def install(self) -> None:
        """Install the stranger's plugin."""
        self._install(self._plugin)

    def uninstall(self) -> None:
        """Take the stranger's plugin away."""
        self._pip("uninstall", "--yes", f"casewright-{NAME}")

    def run(
        self, *words: str, actor: str = "root", refused: bool = False
    ) -> subprocess.CompletedProcess[str]:
        """Run the environment's `casewright`; it must do what it is told, or refuse it where `refused`."""
        done = self._run(*words, "--workspace", str(self.workspace), "--as", actor)
        assert (done.returncode == 0) is not refused, f"{words}: {done.stdout}{done.stderr}"
        return done

    def document(self, *words: str, actor: str = "root") -> Any:
        """Return what a command answers as JSON."""
        return json.loads(self.run(*words, "--json", actor=actor).stdout)

    def begin(self) -> None:
        """Make the workspace, with the plugin named and its channel set up."""
        self._run("init", str(self.workspace), "--as", "root", "--sign-in", "trusted")
        settings = self.workspace / "casewright.toml"
        self._unnamed = settings.read_text(encoding="utf-8")
        named = self._unnamed.replace('load = ["routing"]', f'load = ["routing", "{NAME}"]')
        assert named != self._unnamed, "the settings of a new workspace name our own plugin"
        channel = f'\n[channels.letters]\ndriver = "letters"\nfolder = "{self.letters}"\n'
        settings.write_text(named + channel, encoding="utf-8")
        roles = self.workspace / "roles.yaml"
        role = (
            f"  clerk: {{title: {{en: Clerk, zh: 职员}}, permissions: [ticket.*, {NAME}.*]}}\n"
        )
        roles.write_text(roles.read_text(encoding="utf-8") + role, encoding="utf-8")

    @contextmanager
    def unnamed(self) -> Iterator[None]:
        """Have the settings name neither the plugin nor its channel meanwhile."""
        settings = self.workspace / "casewright.toml"
        before = settings.read_text(encoding="utf-8")
        settings.write_text(self._unnamed, encoding="utf-8")
        yield
        settings.write_text(before, encoding="utf-8")

    def write_workflows(self) -> None:
        """Write the workflows that use the plugin into the workspace."""
        for path in (STRANGER / "workflows").iterdir():
            shutil.copy(path, self.workspace / "workflows")

    def _write_plugin(self) -> Path:
        project = self.folder / "project"
        self._run("plugin", "new", NAME, str(project))
        package = project / f"casewright_{NAME}"
        own = STRANGER / package.name
        shutil.copy(own / "letters.py", package)
        hooks = package / "__init__.py"
        both = hooks.read_text(encoding="utf-8") + (own / "more_hooks.py").read_text(
            encoding="utf-8"
        )
        hooks.write_text(both, encoding="utf-8")
        return project

    def _share_dependencies(self) -> None:
        """Let the environment see the libraries that the tests run with, behind its own: nothing is fetched."""
        shared = sysconfig.get_path("purelib")
        version = f"python{sys.version_info.major}.{sys.version_info.minor}"
        own = self._environment / "lib" / version / "site-packages"
        (own / "shared.pth").write_text(f"{shared}\n", encoding="utf-8")

    def _wheel(self, source: Path, name: str) -> Path:
        wheels = self.folder / "wheels"
        _must([sys.executable, "-m", "pip", "wheel", *_QUIET, "--no-build-isolation",
               "--wheel-dir", str(wheels), str(source)])  # fmt: skip
        return next(wheels.glob(f"{name}*.whl"))

    def _install(self, wheel: Path) -> None:
        self._pip("install", *_QUIET, "--no-index", str(wheel))

    def _pip(self, *words: str) -> None:
        python = str(self._environment / "bin" / "python")
        _must([sys.executable, "-m", "pip", "--python", python, *words])

    def _run(self, *words: str) -> subprocess.CompletedProcess[str]:
        program = str(self._environment / "bin" / "casewright")
        return subprocess.run(
            [program, *words],
            cwd=self.folder,
            env={"PATH": os.environ["PATH"], "HOME": str(self.folder), "CASEWRIGHT_LANG": "en"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            timeout=120,
            check=False,
        )


_QUIET = ("--quiet", "--no-deps", "--disable-pip-version-check")


def _must(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
