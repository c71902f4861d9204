"""SSH keys at the desk: which are taken, whose they are, and when they serve no more."""

import base64

import pytest

from casewright.access.ssh_keys import key_of
from casewright.commands import AddKey, EndSessions, RemoveKey, SavePerson
from casewright.desk.people.door_sessions import DoorSessions
from casewright.errors import CommandRefused, NotAllowed, NotFound, SignInRefused
from casewright.model import SYSTEM
from casewright.queries import ListKeys

ANA, BEN = "chen_jing", "li_na"


def part(octets: bytes) -> bytes:
    return len(octets).to_bytes(4, "big") + octets


def written(kind: str, *parts: bytes, comment: str = "ana@desk") -> str:
    octets = b"".join(map(part, (kind.encode(), *parts)))
    return f"{kind} {base64.b64encode(octets).decode()} {comment}"


ED25519 = written("ssh-ed25519", bytes(range(32)))
STRONG = written("ssh-rsa", b"\1\0\1", b"\0" + b"\xff" * 256)


@pytest.mark.parametrize(
    ("key", "why"),
    [
        ("", "write one public key"),
        (f"{ED25519}\n{ED25519}", "write one public key"),
        ("-----BEGIN OPENSSH PRIVATE KEY-----", "private key"),
        (written("ssh-dss", b"x" * 128), "DSA keys are too weak"),
        (f'command="id" {ED25519}', "options before it are not taken"),
        (written("ssh-rsa", b"\1\0\1", b"\xff" * 128), "has 1024"),
        (written("ssh-ed25519", b"short"), "damaged"),
        (ED25519.replace("ssh-ed25519 ", "ecdsa-sha2-nistp256 "), "damaged"),
        ("ssh-ed25519 !!!!", "not Base64"),
        (written("ecdsa-sha2-nistp256", b"nistp384", b"x" * 65), "damaged"),
    ],
)
def test_a_weak_or_damaged_key_is_refused_with_its_reason(key, why):
    with pytest.raises(CommandRefused, match=why):
        key_of(key)


@pytest.mark.parametrize(
    "key",
    [
        ED25519,
        STRONG,
        written("ecdsa-sha2-nistp521", b"nistp521", b"\4" * 133),
        written("sk-ssh-ed25519@openssh.com", bytes(32), b"ssh:"),
    ],
)
def test_a_good_key_is_known_by_its_fingerprint(key):
    found = key_of(key)

    assert found.fingerprint.startswith("SHA256:")
    assert found.comment == "ana@desk"


def test_people_keep_keys_of_their_own_and_nobody_elses(desk):
    fingerprint = desk.execute(AddKey(actor=ANA, name=ANA, key=ED25519)).answer["fingerprint"]

    with pytest.raises((NotAllowed, NotFound)):
        desk.execute(AddKey(actor=BEN, name=ANA, key=STRONG))
    with pytest.raises((NotAllowed, NotFound)):
        desk.ask(ListKeys(actor=BEN, name=ANA))
    with pytest.raises(CommandRefused, match="has this key already"):
        desk.execute(AddKey(actor=ANA, name=ANA, key=ED25519))
    (found,) = desk.ask(ListKeys(actor=ANA))
    assert (found.fingerprint, found.label) == (fingerprint, "ana@desk")

    desk.execute(RemoveKey(actor=ANA, name=ANA, fingerprint=fingerprint))
    assert desk.ask(ListKeys(actor=ANA)) == ()
    with pytest.raises(CommandRefused, match="has no such key"):
        desk.execute(RemoveKey(actor=ANA, name=ANA, fingerprint=fingerprint))


def test_a_key_lets_its_active_person_in_until_their_sessions_are_ended(desk):
    doors = DoorSessions(entrance=desk.entrance)
    desk.execute(AddKey(actor=ANA, name=ANA, key=ED25519))

    assert doors.knows_key(ANA, ED25519)
    assert not doors.knows_key(BEN, ED25519)
    assert not doors.knows_key(SYSTEM, ED25519)
    known = doors.by_key(ANA, ED25519)
    session = doors.begin(known.token, how="SHA256:x 192.0.2.1")
    assert desk.entrance.session(session.token).actor == ANA

    ended = desk.execute(EndSessions(actor=ANA, name=ANA)).answer
    assert ended == {"sessions": "2", "tokens": "0", "keys": "1"}
    with pytest.raises(SignInRefused):
        doors.by_key(ANA, ED25519)


def test_the_key_of_somebody_who_was_disabled_is_useless(desk):
    doors = DoorSessions(entrance=desk.entrance)
    desk.execute(AddKey(actor=ANA, name=ANA, key=ED25519))

    desk.execute_as_system(SavePerson(actor=SYSTEM, name=ANA, active=False))

    assert not doors.knows_key(ANA, ED25519)
    with pytest.raises(SignInRefused):
        doors.by_key(ANA, ED25519)
