"""A PostgreSQL server of the tests' own: its own cluster and socket in a folder of its own, and nobody else's."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

PROGRAMS = Path("/usr/lib/postgresql")
_SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "max_connections": "60",
    "shared_buffers": "64MB",
    "autovacuum": "off",
}


def programs() -> Path | None:
    """Return the folder of the newest server's programs, 15 or newer, or None."""
    found = [
        path
        for path in PROGRAMS.glob("*/bin")
        if path.parent.name.isdigit()
        and int(path.parent.name) >= 15
        and (path / "initdb").exists()
    ]
    return max(found, key=lambda path: int(path.parent.name), default=None)


def missing() -> str:
    """Return why there can be no server here; "" where there can."""
    if programs() is None:
        return "no PostgreSQL 15 or newer: apt-get install postgresql"
    if os.geteuid() == 0 and not shutil.which("setpriv"):
        return "PostgreSQL does not run as root, and there is no setpriv"
    return ""


class Server:
    """A running server; each workspace has a schema of its own in it."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self._folder, self._settings = folder, {**_SETTINGS, **settings}
        self._data, self._socket = folder / "data", folder / "socket"

    def address(self, schema: str = "public", **more: str) -> str:
        """Return the address of a schema, which is made where it is not there."""
        import psycopg

        plain = f"postgresql:///postgres?host={quote(str(self._socket), safe='')}&user=postgres"
        with psycopg.connect(plain, autocommit=True) as connection:
            connection.execute(f'CREATE SCHEMA IF NOT EXISTS "{schema}"'.encode())
        options = quote(f"-csearch_path={schema}", safe="")
        return (
            plain
            + f"&options={options}"
            + "".join(f"&{name}={value}" for name, value in more.items())
        )

    def is_ours(self) -> bool:
        """Return whether the server behind the socket works on our own cluster."""
        import psycopg

        with psycopg.connect(self.address()) as connection:
            row = connection.execute("SHOW data_directory").fetchone()
        return row is not None and Path(row[0]) == self._data

    def start(self) -> None:
        """Make the cluster where there is none, and let the server begin."""
        found = programs()
        assert found is not None
        self._socket.mkdir(parents=True, exist_ok=True)
        if not self._data.exists():
            self._give(self._folder)
            self._run(
                found / "initdb", "-D", self._data, "-U", "postgres", "--auth=trust",
                "--encoding=UTF8", "--locale=C", "--no-sync", "--no-instructions",
            )  # fmt: skip
        options = " ".join(f"-c {name}='{value}'" for name, value in self._settings.items())
        log = self._folder / "log"
        self._run(
            found / "pg_ctl", "-D", self._data, "-w", "-l", log, "start",
            "-o", f"-k {self._socket} {options}",
        )  # fmt: skip
        assert self.is_ours(), "another server answers at this socket"

    def stop(self, how: str = "fast") -> None:
        """End the server, which is told by its own folder."""
        found = programs()
        assert found is not None
        self._run(found / "pg_ctl", "-D", self._data, "-w", "-m", how, "stop")

    def _give(self, folder: Path) -> None:
        """Let the account under which the server runs have the folder, and come to it."""
        if os.geteuid() == 0:
            owner = pwd.getpwnam("postgres")
            for one in (folder, *folder.rglob("*")):
                os.chown(one, owner.pw_uid, owner.pw_gid)

    def _run(self, *command: object) -> None:
        words = [str(word) for word in command]
        if os.geteuid() == 0:
            words = [
                "setpriv",
                "--reuid=postgres",
                "--regid=postgres",
                "--clear-groups",
                *words,
            ]
        done = subprocess.run(
            words,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert done.returncode == 0, done.stderr


@contextmanager
def running(**settings: str) -> Iterator[Server]:
    """Run a server in a new folder under /tmp, whose path is short enough for a socket; with other `settings` than for tests."""
    import tempfile

    folder = Path(tempfile.mkdtemp(prefix="cw-pg-"))
    server = Server(folder, **settings)
    try:
        server.start()
        yield server
    finally:
        if (folder / "data" / "postmaster.pid").exists():
            server.stop("immediate")
        shutil.rmtree(folder, ignore_errors=True)
