"""What only the server's own doors may ask, and what nobody else gets by asking it."""

import pytest

from casewright.errors import CasewrightError, NotSignedIn, ServerRefused
from casewright.remote.transport import Reaching, Transport

from .door_site import AGENT

PATHS = {
    "opened": {},
    "keys": {"name": AGENT, "key": "ssh-ed25519 x"},
    "entries": {"name": AGENT, "key": "ssh-ed25519 x"},
    "sessions": {"token": "x", "how": "x"},
    "sessions/end": {"token": "x", "person": AGENT, "how": "x"},
}


@pytest.mark.parametrize("secret", ["", "guess", "é"])
@pytest.mark.parametrize("path", PATHS)
def test_nobody_is_let_in_for_a_door_without_its_secret(site, path, secret):
    transport = Transport(Reaching(find=lambda: site.served.address))
    transport.headers = {"Casewright-Door": "ssh", "Casewright-Door-Secret": secret}

    with pytest.raises((NotSignedIn, ServerRefused)) as refused:
        transport.post(f"/v1/door/{path}", PATHS[path])

    assert isinstance(refused.value, CasewrightError)
    transport.close()
