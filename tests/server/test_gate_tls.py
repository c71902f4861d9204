"""TLS: whoever comes over the network is sure with whom they speak, and nobody on the way reads along."""

import os
import signal
import socket
import ssl
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from casewright.cli.__main__ import main
from casewright.clock import SystemClock
from casewright.config import Config
from casewright.desk.door import Door
from casewright.errors import ConfigRefused, ServerUnreachable
from casewright.queries import WhoAmI
from casewright.remote.desk import RemoteDesk
from casewright.remote.transport import Reaching
from casewright.server import limits
from casewright.server.tls import context_of, must_be_safe
from casewright.settings.server import ServerSettings
from casewright.testing.plugged_desk import plugin_desk
from casewright.texts import Texts

from ..ports import free_port
from .certificates import made
from .gate_site import PASSWORD, Site, site
from .raw_http import head, until_closed
from .served import PATIENCE, served


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("tls")
    chain, key = made(folder)
    server = {"certificate": str(chain), "key": str(key), "host": "127.0.0.1"}
    trusting = ssl.create_default_context(cafile=str(chain))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(limits, "HEAD_WITHIN", 1.5)
        with site(folder, server=server, trusted=trusting) as running:
            yield running


def _remote(here: Site, authorities: str) -> RemoteDesk:
    address = f"https://127.0.0.1:{here.gated.port}"
    return RemoteDesk(Reaching(find=lambda: address, authorities=authorities, longest=1.0))


def test_a_remote_desk_works_over_tls_with_the_certificate_that_it_is_given(here: Site) -> None:
    with _remote(here, here.gated.config.server.certificate) as desk:
        begun = desk.entrance.sign_in("ana", PASSWORD)
        door: Door = desk.entrance.session(begun.token)
        with desk.through(door):
            assert desk.ask(WhoAmI(actor="ana")).person.name == "ana"


def test_a_server_that_nobody_vouches_for_is_not_spoken_to(here: Site) -> None:
    with _remote(here, "") as desk, pytest.raises(ServerUnreachable, match="certificate"):
        desk.ask(WhoAmI(actor="ana"))


def test_the_command_line_goes_through_tls_to_a_server_that_it_can_be_sure_of(
    here: Site,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "password").write_text(PASSWORD, encoding="utf-8")
    signing_in = ["login", "ana", "--password-file", str(tmp_path / "password")]
    for name, value in {
        "CASEWRIGHT_SERVER": f"https://localhost:{here.gated.port}",
        "XDG_STATE_HOME": str(tmp_path / "state"),
        "CASEWRIGHT_LANG": "en",
    }.items():
        monkeypatch.setenv(name, value)

    assert main(signing_in) == 1
    assert "certificate" in capsys.readouterr().err
    monkeypatch.setenv("CASEWRIGHT_CA", str(tmp_path / "none"))
    assert main(signing_in) == 1
    assert f"{tmp_path / 'none'}: CASEWRIGHT_CA names no file" in capsys.readouterr().err
    monkeypatch.setenv("CASEWRIGHT_CA", here.gated.config.server.certificate)
    assert main(signing_in) == 0
    assert main(["whoami", "--json"]) == 0
    assert '"ana"' in capsys.readouterr().out


def test_over_tls_the_cookie_is_for_tls_alone_and_browsers_are_told_to_stay_with_it(
    here: Site,
) -> None:
    asked = {"name": "ana", "password": PASSWORD, "cookie": True}
    begun = here.gated.ask("POST", "/v1/session", asked, Sec_Fetch_Site="same-origin")

    said = begun.headers["set-cookie"]
    assert said.startswith("__Host-casewright-session=cws_")
    assert "Secure" in said
    assert "max-age" in begun.headers["strict-transport-security"]
    plain = said.partition(";")[0].replace("__Host-casewright", "casewright")
    assert here.gated.ask("GET", "/v1/door", Cookie=plain).status == 401
    assert here.gated.ask("GET", "/v1/door", Cookie=said.partition(";")[0]).status == 200
    assert here.gated.ask_here("GET", "/v1/entrance").status == 200


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion")
def test_what_is_not_tls_or_an_old_one_gets_nothing(here: Site) -> None:
    with here.gated.raw() as plain:
        plain.sendall(head())
        assert b"HTTP" not in until_closed(plain)
    old = ssl.create_default_context(cafile=here.gated.config.server.certificate)
    old.set_ciphers("ALL:@SECLEVEL=0")
    old.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    old.maximum_version = ssl.TLSVersion.TLSv1_1
    with here.gated.raw() as raw, pytest.raises(ssl.SSLError):
        old.wrap_socket(raw, server_hostname="localhost")


def test_a_handshake_that_is_never_ended_is_given_up(here: Site) -> None:
    with here.gated.raw() as silent:
        assert until_closed(silent) == b""


@pytest.mark.parametrize("fault", ["no chain", "no key", "another key", "no PEM"])
def test_a_certificate_that_cannot_be_used_is_refused_with_its_setting(
    tmp_path: Path, fault: str
) -> None:
    chain, key = made(tmp_path)
    if fault == "no PEM":
        chain.write_text("nonsense")
    if fault == "another key":
        (tmp_path / "other").mkdir()
        key = made(tmp_path / "other")[1]
    missing = str(tmp_path / "nothing.pem")
    settings = ServerSettings(
        host="127.0.0.1",
        certificate=missing if fault == "no chain" else str(chain),
        key=missing if fault == "no key" else str(key),
    )

    with pytest.raises(ConfigRefused) as refused:
        context_of(_config(tmp_path, settings))

    assert "证书" in Texts("zh").error(refused.value)


def test_without_tls_it_listens_on_this_machine_alone_unless_a_proxy_stands_before_it(
    tmp_path: Path,
) -> None:
    with socket.socket() as everywhere, socket.socket() as loopback:
        everywhere.bind(("0.0.0.0", 0))
        loopback.bind(("127.0.0.1", 0))
        plain = ServerSettings()

        must_be_safe(loopback, _config(tmp_path, plain))
        must_be_safe(everywhere, _config(tmp_path, replace(plain, behind_proxy=True)))
        with pytest.raises(ConfigRefused, match="readable on the way"):
            must_be_safe(everywhere, _config(tmp_path, plain))


def _config(folder: Path, settings: ServerSettings) -> Config:
    return Config(
        root=folder, database=folder / "x.db", attachments=folder / "x", server=settings
    )


def test_a_new_certificate_is_shown_after_the_signal_without_a_refused_connection(
    tmp_path: Path,
) -> None:
    plugin_desk(tmp_path, plugins=[], clock=SystemClock()).close()
    root = tmp_path / "workspace"
    made(root, name="before")
    port = free_port()
    settings = (
        f'[server]\nlisten = "127.0.0.1:{port}"\ncertificate = "chain.pem"\nkey = "key.pem"\n'
    )
    file = root / "casewright.toml"
    file.write_text(file.read_text() + settings)
    with served(root, "--no-worker") as running:
        before = _shown(port)
        made(root, name="after")
        os.kill(running.process.pid, signal.SIGHUP)
        until = time.monotonic() + PATIENCE
        while (after := _shown(port)) == before:
            assert time.monotonic() < until, (root / "served.log").read_text()

    assert after != before


def _shown(port: int) -> str:
    """The certificate that a server shows."""
    return ssl.get_server_certificate(("127.0.0.1", port), timeout=PATIENCE)
