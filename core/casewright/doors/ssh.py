"""The SSH door as a process: it listens, lets people in, and has their sessions forked, until it is told to stop."""

import asyncio
import signal
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import asyncssh

from casewright.cli.tui import APPLICATION
from casewright.config import Config, read_config
from casewright.doors.asking import Server
from casewright.doors.births import Nursery
from casewright.doors.crowd import Addresses, Crowd
from casewright.doors.ssh_entry import Guard, SshEntry
from casewright.doors.ssh_session import Surroundings
from casewright.errors import CasewrightError, ConfigRefused, message
from casewright.logs import Log
from casewright.server.door_secret import secret_of_the_doors
from casewright.server.host_key import host_fingerprint, host_key
from casewright.server.listening import socket_path
from casewright.server.tether import tether
from casewright.texts import Texts, language

NAME = "ssh"
LOGIN_SECONDS = 60
MOST_BEFORE, MOST_BEFORE_EACH = 300, 100
"""Connections that have not signed in yet, in all and from one address."""
LAST_WORDS = 5.0
_DRAWN = {"TEXTUAL_ANIMATIONS": "none", "MALLOC_ARENA_MAX": "1"}
_ALIVE_EVERY, _ALIVE_TRIES = 30, 4
KEY_EXCHANGES = (
    "mlkem768x25519-sha256", "curve25519-sha256", "curve25519-sha256@libssh.org", "ecdh-sha2-nistp256",
    "ecdh-sha2-nistp384", "ecdh-sha2-nistp521",
)  # fmt: skip
CIPHERS = (
    "chacha20-poly1305@openssh.com", "aes256-gcm@openssh.com", "aes128-gcm@openssh.com", "aes256-ctr", "aes128-ctr",
)  # fmt: skip
MACS = ("hmac-sha2-256-etm@openssh.com", "hmac-sha2-512-etm@openssh.com")
SIGNATURES = (
    "ssh-ed25519", "sk-ssh-ed25519@openssh.com", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521",
    "sk-ecdsa-sha2-nistp256@openssh.com", "rsa-sha2-256", "rsa-sha2-512",
)  # fmt: skip


class SshDoor:
    """Everything of the door: the line to the server, the nursery, who is in."""

    def __init__(self, config: Config, secret: str) -> None:
        self._config = config
        self._log = Log(config.log_file, level=config.logs.level)
        self._server = Server(address=f"unix:{socket_path(config)}", door=NAME, secret=secret)
        self._nursery = Nursery(APPLICATION, **_DRAWN)
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Serve until SIGTERM or SIGINT; then hang up on everybody."""
        loop, told = asyncio.get_running_loop(), asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, told.set)
        self._nursery.start()
        try:
            await self._server.opened()
            acceptor = await self._listening(self._guard(loop.time))
            self._greet(acceptor.get_port())
            await told.wait()
            acceptor.close()
        finally:
            self._nursery.stop()
            await self._last_words()

    def _guard(self, now: Callable[[], float]) -> Guard:
        ssh = self._config.ssh
        return Guard(
            inside=Crowd(most=ssh.sessions, most_each=ssh.sessions_each),
            before=Crowd(most=MOST_BEFORE, most_each=MOST_BEFORE_EACH),
            addresses=Addresses(now),
        )

    async def _listening(self, guard: Guard) -> asyncssh.SSHAcceptor:
        surroundings = self._surroundings()
        key = asyncssh.import_private_key(host_key(self._config))
        ssh = self._config.ssh
        try:
            return await asyncssh.listen(
                ssh.host,
                ssh.port,
                server_factory=lambda: SshEntry(self._server, surroundings, guard),
                server_host_keys=[key],
                encoding=None,
                line_editor=False,
                allow_scp=False,
                agent_forwarding=False,
                x11_forwarding=False,
                host_based_auth=False,
                gss_host=None,
                login_timeout=LOGIN_SECONDS,
                keepalive_interval=_ALIVE_EVERY,
                keepalive_count_max=_ALIVE_TRIES,
                kex_algs=KEY_EXCHANGES,
                encryption_algs=CIPHERS,
                mac_algs=MACS,
                compression_algs=None,
                signature_algs=SIGNATURES,
                server_version="casewright",
                rekey_bytes="1G",
            )
        except OSError as error:
            template = "nothing can listen on {host}:{port} ({problem})"
            problem = error.strerror or str(error)
            reason = message(template, host=ssh.host, port=ssh.port, problem=problem)
            raise ConfigRefused(place=ssh.place, reason=reason) from None

    def _surroundings(self) -> Surroundings:
        config = self._config
        return Surroundings(
            root=config.root,
            nursery=self._nursery,
            texts=Texts(language(workspace=config.language), config.zone),
            issuer=f"casewright {config.root.name}".strip(),
            idle_seconds=config.ssh.idle_minutes * 60,
            note=self._note,
            later=self._later,
        )

    def _greet(self, port: int) -> None:
        fingerprint = host_fingerprint(self._config)
        host = self._config.ssh.host
        self._log.write("ssh_opened", host=host, port=port, fingerprint=fingerprint)
        said = Texts(language(workspace=self._config.language)).say(
            "ssh: {host}:{port}, host key {fingerprint}",
            host=host,
            port=str(port),
            fingerprint=fingerprint,
        )
        print(said, flush=True)

    def _later(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _note(self, error: CasewrightError) -> None:
        self._log.write(
            "refused",
            grade="warning",
            door=NAME,
            code=error.code,
            said=Texts("en").error(error),
        )

    async def _last_words(self) -> None:
        """Wait until the ends of sessions are on record, as long as that is bearable."""
        for one in [*self._tasks]:
            if not one.done():
                await asyncio.wait([one], timeout=LAST_WORDS)


def main() -> int:
    """Open the SSH door of the workspace that the first word names; return the exit code."""
    secret = secret_of_the_doors()
    tether().hold()
    asyncssh.set_log_level("ERROR")
    texts = Texts(language())
    try:
        asyncio.run(SshDoor(read_config(Path(sys.argv[1])), secret).run())
    except CasewrightError as error:
        print(texts.error(error), file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
