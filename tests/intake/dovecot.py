"""A real IMAP server on this machine: dovecot as Debian has it (`dovecot-imapd`), run without privileges in a folder of its own."""

import getpass
import grp
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ..ports import answers, free_port

MISSING = "there is no dovecot here (Debian package dovecot-imapd)"
USER, PASSWORD = "service", "secret-of-the-mailbox"
PATIENCE = 30.0
NOBODY = 65534


@dataclass(frozen=True, kw_only=True)
class MailServer:
    """The server, and where its one mailbox lies."""

    port: int
    home: Path
    authority: Path

    def deliver(self, octets: bytes) -> None:
        """Put a mail into the mailbox as a delivery agent does."""
        name = f"{time.time_ns()}.M.test"
        (self.home / "Maildir" / "tmp" / name).write_bytes(octets)
        _give_away(self.home / "Maildir" / "tmp" / name)
        os.rename(self.home / "Maildir" / "tmp" / name, self.home / "Maildir" / "new" / name)


def binary() -> str | None:
    """Return where dovecot is, or None."""
    return shutil.which("dovecot") or shutil.which("dovecot", path="/usr/sbin")


@contextmanager
def mail_server(folder: Path, certificate: Path, key: Path) -> Iterator[MailServer]:
    """Run the server meanwhile, with TLS."""
    port, home = free_port(), folder / "home"
    for name in ("new", "cur", "tmp"):
        (home / "Maildir" / name).mkdir(parents=True)
    for path in (home, home / "Maildir", *(home / "Maildir").iterdir()):
        _give_away(path)
    me = getpass.getuser()
    config = folder / "dovecot.conf"
    config.write_text(_config(folder, port, home, certificate, key, me), "utf-8")
    log = (folder / "log").open("wb")
    process = subprocess.Popen(
        [binary() or "", "-F", "-c", str(config)], stdout=log, stderr=log
    )
    try:
        _must_answer(port, process, folder / "log")
        yield MailServer(port=port, home=home, authority=certificate)
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _config(folder: Path, port: int, home: Path, certificate: Path, key: Path, me: str) -> str:
    uid, gid = (NOBODY, NOBODY) if _is_root() else (os.getuid(), os.getgid())
    users = folder / "users"
    users.write_text(f"{USER}:{{PLAIN}}{PASSWORD}:{uid}:{gid}::{home}::\n", "utf-8")
    # Whoever is root may not be the one who serves; anybody else can be nobody but themselves.
    served_by = (
        ""
        if _is_root()
        else f"default_internal_user = {me}\ndefault_login_user = {me}\n"
        f"default_internal_group = {grp.getgrgid(gid).gr_name}"
    )
    return f"""
base_dir = {folder}/run
state_dir = {folder}/run
auth_failure_delay = 0 secs
log_path = {folder}/dovecot.log
protocols = imap
listen = 127.0.0.1
ssl = required
ssl_cert = <{certificate}
ssl_key = <{key}
mail_location = maildir:~/Maildir
first_valid_uid = 0
{served_by}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = 0
  }}
  inet_listener imaps {{
    address = 127.0.0.1
    port = {port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
passdb {{
  driver = passwd-file
  args = {folder}/users
}}
userdb {{
  driver = passwd-file
  args = {folder}/users
}}
"""


def _must_answer(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        if answers(port):
            return
        time.sleep(0.02)
    raise AssertionError(f"dovecot did not start:\n{log.read_text()}")


def _is_root() -> bool:
    return os.getuid() == 0


def _give_away(path: Path) -> None:
    """Let the server's user own it, where we may."""
    if _is_root():
        os.chown(path, NOBODY, NOBODY)
