"""A workspace's plugins loaded once in a process of its own: one that ends it is found out there, and left out here."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from casewright.cli.session import Session
from casewright.config import read_config
from casewright.errors import CasewrightError, Message, message
from casewright.plugins.apart import run_apart
from casewright.workflows.vocabulary import plugin_alone


def try_apart(session: Session) -> None:
    """Have each plugin that would end the process end another one first; the mark it leaves keeps it out of this one."""
    config = session.config
    if not config.database.exists():
        return
    for _ in config.plugins.load:
        if run_apart(__name__, str(config.root)).returncode == 0:
            return


def fatal(name: str) -> Message | None:
    """Return what there is to say of a plugin that ends the process in which it is loaded, or None."""
    done = run_apart(__name__, "", name)
    if done.returncode == 0:
        return None
    template = "it ends the process that loads it (exit code {code})"
    return message(template, code=done.returncode)


def main() -> None:
    """Load the plugins of a workspace, or one by its name."""
    from casewright.desk import open_desk

    root, *names = sys.argv[1:]
    try:
        for name in names:
            with TemporaryDirectory() as folder:
                plugin_alone(name, Path(folder)).close()
        if root:
            with open_desk(read_config(Path(root)), owned=True) as desk:
                desk.plugins  # noqa: B018 (opened when it is first asked for)
    except CasewrightError:
        return  # it is told where it can be told well


if __name__ == "__main__":
    main()
