"""Which names this server answers to, and from which pages a browser may speak for somebody who is signed in."""

from ipaddress import ip_address

from starlette.datastructures import Headers

from casewright.errors import ServerRefused, message
from casewright.server.callers import Caller
from casewright.settings.server import ServerSettings

_HARMLESS = frozenset({"GET", "HEAD", "OPTIONS"})
_HERE = frozenset({"localhost", "ip6-localhost"})


def must_be_ours(headers: Headers, caller: Caller, settings: ServerSettings) -> None:
    """Raise ServerRefused unless a request of the network is for a name of this server.

    A page of somebody else's, whose name was made to point to this machine, says its own name here.
    """
    if caller.is_local:
        return
    named = headers.getlist("host")
    if len(named) != 1:
        raise ServerRefused(status=400, reason=message("a request names one host"))
    if not _is_ours(named[0].lower(), settings):
        reason = message("this server goes by another name; `url` in [server] says which")
        raise ServerRefused(status=421, reason=reason)


def must_be_of_our_pages(method: str, headers: Headers, settings: ServerSettings) -> None:
    """Raise ServerRefused where a browser sends somebody's cookie for a page that is not ours.

    Every browser of our days says `Sec-Fetch-Site`; one that does not must say `Origin` for what changes anything.
    """
    site = headers.get("sec-fetch-site")
    origin = headers.get("origin")
    if site is not None and site not in ("same-origin", "none"):
        raise _elsewhere()
    if origin is not None and origin.lower() not in _our_origins(headers, settings):
        raise _elsewhere()
    if method not in _HARMLESS and site != "same-origin" and origin is None:
        raise _elsewhere()


def host_of(named: str) -> str:
    """Return the host of `host:port`, an IPv6 address without its brackets."""
    if named.startswith("["):
        return named[1:].partition("]")[0]
    return named.partition(":")[0]


def _is_ours(named: str, settings: ServerSettings) -> bool:
    host = host_of(named)
    if host in _HERE or host == settings.host.lower():
        return True
    if settings.url and host == host_of(settings.url.partition("://")[2]):
        return True
    try:
        ip_address(host)  # No name, so nobody can have made it point here.
    except ValueError:
        return False
    return True


def _our_origins(headers: Headers, settings: ServerSettings) -> frozenset[str]:
    if settings.url:
        return frozenset({settings.url})
    host = headers.get("host", "").lower()
    return frozenset({f"{scheme}://{host}" for scheme in _schemes(settings)})


def _schemes(settings: ServerSettings) -> tuple[str, ...]:
    return ("https",) if settings.certificate or settings.behind_proxy else ("http",)


def _elsewhere() -> ServerRefused:
    template = "this was sent by a page that is not this server's; a program sends a token instead of a cookie"
    return ServerRefused(status=403, reason=message(template))
