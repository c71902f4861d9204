"""A stranger's plugin, from its wheel: it works in a running workflow, and without it the system starts and says what is missing."""

import sys
from datetime import datetime, timedelta

import pytest

from casewright.clock import SystemClock

from .stranger_site import StrangerSite

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="the environment is laid out as on POSIX"
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> StrangerSite:
    """A workspace in which the plugin is installed, named, and used by published workflows."""
    made = StrangerSite(tmp_path_factory.mktemp("stranger"))
    made.install()
    made.begin()
    made.run("db", "migrate")
    made.run("plugin", "adopt", "stranger")
    made.write_workflows()
    made.run("workflow", "publish")
    made.run("user", "add", "ana", "--role", "clerk", "--en", "Ana", "--zh", "安娜")
    return made


def _open(site: StrangerSite, workflow: str, phone: str = "010 8888-6666") -> str:
    words = ("ticket", "open", workflow, "--set", "subject=a matter", "--set", f"phone={phone}")
    key: str = site.document(*words, actor="ana")["ticket"]
    return key


def _ticket(site: StrangerSite, key: str) -> dict[str, object]:
    found: dict[str, object] = site.document("ticket", "show", key, actor="ana")
    return found


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_a_strangers_plugin_works_is_missed_and_goes_on(site: StrangerSite) -> None:
    _works(site)
    waiting, pausing = _open(site, "letter"), _open(site, "pause")
    site.run("ticket", "fire", waiting, "post", actor="ana")

    site.uninstall()
    _is_missed(site, waiting, pausing)

    site.install()
    _goes_on(site, waiting, pausing)


def _works(site: StrangerSite) -> None:
    assert "stranger" in site.run("plugin", "list").stdout
    assert "all are active" in site.run("doctor").stdout

    dialled, written = _open(site, "letter"), _open(site, "letter", phone="unknown")
    assert _field(site, dialled) == "01088886666", "its action has tidied the number"
    refused = site.run("ticket", "fire", written, "call", actor="ana", refused=True)
    assert "no number that can be dialled" in refused.stderr, "its word refuses"
    site.run("ticket", "fire", dialled, "write", actor="ana", refused=True)
    site.run("ticket", "fire", written, "write", actor="ana")
    site.run("ticket", "fire", dialled, "post", actor="ana")

    soon = _moment() + timedelta(minutes=8)
    promise = ("stranger", "promise", dialled, "--phone", "01088886666")
    site.run(*promise, "--at", soon.strftime("%Y-%m-%dT%H:%M"), actor="ana")
    (call,) = site.document("stranger", "list", actor="ana")["calls"]
    assert call["ticket"] == dialled, "its command has written its table, its query reads it"

    site.run("worker", "--once")
    (letter,) = site.letters.iterdir()
    assert "A letter for you." in letter.read_text(encoding="utf-8"), "its channel delivers"
    story = site.run("ticket", "history", dialled, actor="ana").stdout
    assert "remind" in story, "its job, which its hook has woken, has run"

    site.run("ticket", "fire", dialled, "call", actor="ana")
    assert site.run("audit", "verify").returncode == 0


def _is_missed(site: StrangerSite, waiting: str, pausing: str) -> None:
    listed = site.run("plugin", "list").stdout
    assert "stranger" in listed
    assert "it is not installed" in listed
    doctor = site.run("doctor", refused=True)
    assert "stranger" in doctor.stdout

    for transition in ("call", "write", "tidy"):
        refused = site.run("ticket", "fire", waiting, transition, actor="ana", refused=True)
        assert "The plugin 'stranger' is needed for" in refused.stderr
        assert "it is not installed" in refused.stderr
    unknown = site.run("stranger", "list", actor="ana", refused=True)
    assert "it may be of a plugin that is not there: stranger" in unknown.stderr

    site.run("ticket", "comment", waiting, "what it has no say in goes on", actor="ana")
    site.run("ticket", "list", actor="ana")
    site.run("worker", "--once")
    assert len(list(site.letters.iterdir())) == 1, "what goes over its channel waits"
    assert _ticket(site, pausing)["state"] == "pausing", "its timer waits"
    assert site.run("audit", "verify").returncode == 0

    with site.unnamed():
        site.run("ticket", "fire", waiting, "rest", actor="ana")
        refused = site.run("ticket", "fire", waiting, "call", actor="ana", refused=True)
        assert "it is not named in casewright.toml" in refused.stderr


def _goes_on(site: StrangerSite, waiting: str, pausing: str) -> None:
    assert "it is not installed" not in site.run("plugin", "list").stdout
    site.run("worker", "--once")
    site.run("ticket", "fire", waiting, "tidy", actor="ana")
    site.run("ticket", "fire", waiting, "call", actor="ana")

    assert _ticket(site, waiting)["state"] == "closed"
    assert site.document("stranger", "list", actor="ana")["calls"]
    assert site.run("audit", "verify").returncode == 0


def _field(site: StrangerSite, key: str) -> object:
    words = ("ticket", "reveal", key, "--field", "phone", "--purpose", "to see it tidied")
    return site.document(*words, actor="ana")["fields"]["phone"]


def _moment() -> datetime:
    from zoneinfo import ZoneInfo

    return SystemClock().now().astimezone(ZoneInfo("Asia/Shanghai"))
