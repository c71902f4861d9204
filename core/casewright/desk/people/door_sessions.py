"""Sessions at the doors for people: who comes in by a key, and when each session began and ended, on record."""

from collections.abc import Callable
from datetime import timedelta

from casewright.access import ssh_keys, tokens
from casewright.desk.people.signing_in import Entrance, SignedIn
from casewright.errors import CommandRefused, NotSignedIn, SignInRefused, message
from casewright.model import Person, is_system
from casewright.store import access_log, sessions
from casewright.store import ssh_keys as stored_keys
from casewright.store.sessions import Stored
from casewright.swift_dataclass import dataclass

_ONE_OF = ":session"
"""What the store calls a session at a door: the door's name and this; without it, it is what lets somebody begin such."""
LONGEST_HOW = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorSessions:
    """Lets people in at a door that has proved who they are; for the server's own doors alone."""

    entrance: Entrance

    def knows_key(self, name: str, key: str) -> bool:
        """Return whether somebody active of this name comes in with this key."""
        found, fingerprint = self._key(name, key)
        return found is not None and bool(fingerprint)

    def by_key(self, name: str, key: str) -> SignedIn:
        """Sign somebody in who has proved to have the private part of a key of theirs; SignInRefused."""
        person, fingerprint = self._key(name, key)
        if person is None or not fingerprint:
            self._note(access_log.SIGN_IN_REFUSED, person.name if person else "", "key")
            raise SignInRefused(reason=message("the key is not one of a person of this name"))
        own = self.entrance
        now, token = own.now(), tokens.new_token(tokens.SESSION_PREFIX)
        until = now + timedelta(hours=own.settings.session_hours)
        with own.database.write():
            sessions.forget_over(own.database, now)
            stored_keys.used(own.database, person.name, fingerprint, now)
            sessions.begin(
                own.database,
                digest=tokens.digest_of(token),
                person=person.name,
                door=own.door.name,
                at=now,
                until=until,
            )
            self._note(access_log.SIGNED_IN, person.name, fingerprint)
        return SignedIn(token=token, person=person, until=until)

    def begin(self, token: str, *, how: str) -> SignedIn:
        """Begin one session of somebody who was let in with `token`; its own token ends with it. NotSignedIn.

        `how` says on record by what they came in, and from where.
        """
        own = self.entrance
        name = own.session(token).actor or ""
        now, made = own.now(), tokens.new_token(tokens.SESSION_PREFIX)
        with own.database.write():
            person = own.library.refreshed().get(name)
            before = sessions.get(own.database, tokens.digest_of(token))
            if person is None or before is None:
                raise NotSignedIn(reason=message("the session is over"))
            sessions.begin(
                own.database,
                digest=tokens.digest_of(made),
                person=name,
                door=f"{own.door.name}{_ONE_OF}",
                at=now,
                until=before.expires_at,
            )
            self._note(access_log.SESSION_BEGAN, name, how[:LONGEST_HOW])
        return SignedIn(token=made, person=person, until=before.expires_at)

    def end(self, token: str, *, person: str, how: str) -> None:
        """End one session, whether or not somebody ended it already, and put it on record."""
        own = self.entrance
        with own.database.write():
            sessions.end(own.database, tokens.digest_of(token))
            self._note(access_log.SESSION_ENDED, person, how[:LONGEST_HOW])

    def end_lost(self) -> int:
        """End what a door that died has left open, and put each session on record; return how many there were."""
        own = self.entrance
        with own.database.write():
            left = [
                one
                for one in sessions.of_door(own.database, own.door.name)
                if self._is_over(one)
            ]
            lost = sessions.of_door(own.database, f"{own.door.name}{_ONE_OF}")
            for each in lost:
                self._note(access_log.SESSION_ENDED, each.person, "lost")
            for each in (*left, *lost):
                sessions.end(own.database, each.digest)
        return len(lost)

    def _is_over(self, one: Stored) -> bool:
        return self.entrance.door.name == "ssh" or one.expires_at <= self.entrance.now()

    def _key(self, name: str, key: str) -> tuple[Person | None, str]:
        """Return the active person of a name, and the fingerprint of a key where it is theirs."""
        own = self.entrance
        try:
            fingerprint = ssh_keys.key_of(key).fingerprint
        except CommandRefused:
            fingerprint = ""
        with own.database.read():
            person = None if is_system(name) else own.library.refreshed().get(name)
            if person is None or not person.active:
                return None, ""
            known = {one.fingerprint for one in stored_keys.of_person(own.database, name)}
        return person, fingerprint if fingerprint in known else ""

    @property
    def _note(self) -> Callable[[str, str, str], None]:
        return self.entrance.note
