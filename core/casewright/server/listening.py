"""The sockets of a server: a Unix socket, which only its owner may open unless the kernel is asked who comes, and one of the network."""

import os
import socket
import stat
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from casewright.config import Config
from casewright.errors import ConfigRefused, message
from casewright.server.tls import must_be_safe

_BACKLOG = 1024
_PATIENCE = 1.0
_FIRST_HANDED_OVER = 3
"""The first descriptor that systemd hands over."""


def socket_path(config: Config) -> Path:
    """Return the file of the Unix socket."""
    named = config.server.socket
    return config.root / named if named else config.database.with_name("casewright.sock")


@contextmanager
def sockets_of(
    config: Config, environment: Mapping[str, str] | None = None
) -> Iterator[tuple[socket.socket, ...]]:
    """Listen meanwhile on the Unix socket and, where [server] says so, on the network; ConfigRefused.

    Sockets that systemd has opened are taken as they are, and left as they are.
    """
    known = os.environ if environment is None else environment
    with ExitStack() as closing:
        given = [closing.enter_context(one) for one in handed_over(known)]
        for one in given:
            _must_be_where_it_is_sought(one, config)
        families = {one.family for one in given}
        if socket.AF_UNIX not in families:
            given.insert(0, closing.enter_context(unix_socket(socket_path(config), config)))
            closing.callback(_remove, socket_path(config))
            if config.access.sign_in == "os_user":
                # The kernel says who comes, and only who is on the staff is let in.
                socket_path(config).chmod(0o666)
        if config.server.host and not families & {socket.AF_INET, socket.AF_INET6}:
            given.append(closing.enter_context(network_socket(config)))
        yield tuple(given)


def handed_over(environment: Mapping[str, str]) -> list[socket.socket]:
    """Return the sockets that systemd has opened for this process."""
    if environment.get("LISTEN_PID") != str(os.getpid()):
        return []
    count = int(environment.get("LISTEN_FDS", "0"))
    numbers = range(_FIRST_HANDED_OVER, _FIRST_HANDED_OVER + count)
    found = [socket.socket(fileno=number) for number in numbers]
    for one in found:
        one.set_inheritable(False)
    return found


@contextmanager
def writer_socket(config: Config) -> Iterator[socket.socket]:
    """Listen meanwhile where the server's own processes hand commands to the one that writes; ConfigRefused."""
    path = writer_path(config)
    with unix_socket(path, config) as listening:
        yield listening
        _remove(path)


def writer_path(config: Config) -> Path:
    """Return the file of the socket of the process that writes."""
    path = socket_path(config)
    return path.with_name(f"{path.name}-writer")


def unix_socket(path: Path, config: Config) -> socket.socket:
    """Listen on a Unix socket that only our own user may open; ConfigRefused where somebody listens there.

    A server that died may have left its file behind.
    """
    if _answers(path):
        template = "somebody else already listens on {path}; name another `socket` in [server]"
        reason = message(template, path=str(path))
        raise ConfigRefused(place=config.server.place, reason=reason)
    made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        if _is_socket(path):
            path.unlink()
        before = os.umask(0o177)
        try:
            made.bind(str(path))
        finally:
            os.umask(before)
        made.listen(_BACKLOG)
    except OSError as error:
        made.close()
        template = "nothing can listen on {path} ({problem}); `socket` in [server] can name a shorter or another one"
        reason = message(template, path=str(path), problem=error.strerror or str(error))
        raise ConfigRefused(place=config.server.place, reason=reason) from None
    return made


def network_socket(config: Config) -> socket.socket:
    """Listen where `listen` in [server] says; ConfigRefused."""
    host, port = config.server.host, config.server.port
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        made = socket.create_server((host, port), family=family, backlog=_BACKLOG)
    except OSError as error:
        template = "nothing can listen on {host}:{port} ({problem})"
        problem = error.strerror or str(error)
        reason = message(template, host=host, port=str(port), problem=problem)
        raise ConfigRefused(place=config.server.place, reason=reason) from None
    try:
        must_be_safe(made, config)
    except ConfigRefused:
        made.close()
        raise
    return made


def address_of(listening: socket.socket, *, secure: bool) -> str:
    """Return where somebody reaches a socket, such as `unix:/run/desk.sock` or `https://127.0.0.1:8090`."""
    name = listening.getsockname()
    if listening.family == socket.AF_UNIX:
        return f"unix:{name}"
    host = f"[{name[0]}]" if ":" in name[0] else name[0]
    return f"{'https' if secure else 'http'}://{host}:{name[1]}"


def _must_be_where_it_is_sought(given: socket.socket, config: Config) -> None:
    """Raise ConfigRefused where systemd listens elsewhere than whoever comes to this workspace looks."""
    if given.family != socket.AF_UNIX:
        must_be_safe(given, config)
        return
    there, here = Path(given.getsockname()), socket_path(config)
    if there.resolve() != here.resolve():
        template = "systemd listens on {there}, but callers look for {here}: name the same path in the unit and in `socket`"
        reason = message(template, there=str(there), here=str(here))
        raise ConfigRefused(place=config.server.place, reason=reason)


def _is_socket(path: Path) -> bool:
    try:
        return stat.S_ISSOCK(path.lstat().st_mode)
    except FileNotFoundError:
        return False


def _answers(path: Path) -> bool:
    """Return whether somebody listens there: the server of another workspace, whose door it would be."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as asking:
        asking.settimeout(_PATIENCE)
        try:
            asking.connect(str(path))
        except (TimeoutError, BlockingIOError):  # More wait there than it takes.
            return True
        except OSError:
            return False
        return True


def _remove(path: Path) -> None:
    """Remove the file of the Unix socket: nobody is to wait at a door behind which there is nobody."""
    with suppress(OSError):
        path.unlink()
