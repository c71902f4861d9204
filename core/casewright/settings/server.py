"""`[server]` of `casewright.toml`: where the process that owns the workspace listens, and what it lets in."""

from dataclasses import field
from typing import cast

from casewright.errors import ConfigRefused, Place, message
from casewright.patterns import pattern
from casewright.settings.delivering import address_of
from casewright.settings.options import Option, checked
from casewright.settings.toml_places import TomlPlaces
from casewright.swift_dataclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerSettings:
    """Where the server listens, and as what it is known outside."""

    socket: str = ""
    """The Unix socket; "" for `casewright.sock` beside the database."""

    host: str = ""
    """The address of the network on which it listens too; "" for none."""

    port: int = 0
    """The port there; 0 takes a free one."""

    certificate: str = ""
    """The certificate chain for TLS, in PEM; "" for none, which only a loopback address may do without."""

    key: str = ""
    """The private key of the certificate, in PEM."""

    url: str = ""
    """What the server is called outside, such as `https://desk.example.org`: for links, and the one Origin it takes."""

    behind_proxy: bool = False
    """Whether a reverse proxy stands before it and does TLS; it alone is let in over the network then."""

    proxy: str = "127.0.0.1"
    """The address from which that proxy comes, whose `X-Forwarded-For` says who asks; several with commas."""

    connections: int = 1000
    """How many connections of the network are open at once."""

    connections_of_one: int = 256
    """How many of them come from one address."""

    requests_a_second: float = 50
    """How many requests one person makes a second over the network, in the long run; one address, four times as many."""

    answer_seconds: float = 60
    """Seconds after which a query that is not answered is given up, where it is none that may take long."""

    open_monitoring: bool = False
    """Whether `/ready` and `/metrics` answer over the network to whoever shows no token."""

    place: Place = field(default=Place("casewright.toml"))


SERVER_OPTIONS = (
    Option(
        name="socket",
        help="The Unix socket on which it listens; empty for `casewright.sock` beside the database.",
    ),
    Option(
        name="listen",
        help="Address and port on which it listens as well, such as `127.0.0.1:8090`; empty for none. Port 0 takes a free one.",
    ),
    Option(name="certificate", help="The certificate chain for TLS, a PEM file."),
    Option(name="key", help="The private key of the certificate, a PEM file."),
    Option(
        name="url",
        help="What the server is called outside, such as `https://desk.example.org`.",
    ),
    Option(
        name="behind_proxy",
        help="Whether a reverse proxy stands before it and does TLS; it alone is let in over the network then.",
        kind="yes_no",
        default=False,
    ),
    Option(
        name="proxy",
        help="The address from which that proxy comes; several with commas.",
        default="127.0.0.1",
    ),
    Option(
        name="connections",
        help="How many connections of the network are open at once.",
        kind="number",
        default=1000,
    ),
    Option(
        name="connections_of_one",
        help="How many of them come from one address.",
        kind="number",
        default=256,
    ),
    Option(
        name="requests_a_second",
        help="How many requests one person makes a second over the network, in the long run; one address, four times as many.",
        kind="number",
        default=50,
    ),
    Option(
        name="answer_seconds",
        help="Seconds after which a query that is not answered is given up.",
        kind="number",
        default=60,
    ),
    Option(
        name="open_monitoring",
        help="Whether /ready and /metrics answer over the network to whoever shows no token.",
        kind="yes_no",
        default=False,
    ),
)


def server_from(written: object, places: TomlPlaces) -> ServerSettings:
    """Return the settings of `[server]`; ConfigRefused."""
    if not isinstance(written, dict):
        reason = message("write [server] as a section")
        raise ConfigRefused(place=places.of("server"), reason=reason)
    found = checked(written, SERVER_OPTIONS, section=("server",), places=places)
    listen = cast(str, found["listen"])
    place = places.of("server", "listen")
    host, port = address_of(listen, place)
    return ServerSettings(
        socket=cast(str, found["socket"]),
        host=host,
        port=port,
        certificate=cast(str, found["certificate"]),
        key=cast(str, found["key"]),
        url=url_of(cast(str, found["url"]), places),
        behind_proxy=bool(found["behind_proxy"]),
        proxy=proxies_of(cast(str, found["proxy"]), places),
        connections=int(cast(float, found["connections"])),
        connections_of_one=int(cast(float, found["connections_of_one"])),
        requests_a_second=cast(float, found["requests_a_second"]),
        answer_seconds=cast(float, found["answer_seconds"]),
        open_monitoring=bool(found["open_monitoring"]),
        place=place,
    )


def url_of(written: str, places: TomlPlaces, *, section: str = "server") -> str:
    """Return what a section's server is called outside as browsers write an Origin: no slash at its end, no usual port.

    ConfigRefused.
    """
    url = written.rstrip("/")
    url = url.removesuffix(_USUAL_PORTS.get(url.partition("://")[0], ""))
    if url and _URL.fullmatch(url) is None:
        reason = message(
            "write 'url' as 'https://desk.example.org', in small letters and without a path"
        )
        raise ConfigRefused(place=places.of(section, "url"), reason=reason)
    return url


def proxies_of(written: str, places: TomlPlaces) -> str:
    """Return the addresses of proxies; ConfigRefused where one is none."""
    from ipaddress import ip_address  # Most runs of the command line need it for nothing.

    try:
        found = [str(ip_address(one.strip())) for one in written.split(",")]
    except ValueError:
        reason = message("'proxy' is an address such as '127.0.0.1', or several with commas")
        raise ConfigRefused(place=places.of("server", "proxy"), reason=reason) from None
    return ",".join(found)


_USUAL_PORTS = {"https": ":443", "http": ":80"}
_URL = pattern(r"https?://([a-z0-9.-]+|\[[0-9a-f:]+\])(:[0-9]{1,5})?")
