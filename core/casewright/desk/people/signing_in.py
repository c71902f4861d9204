"""The entrance of a desk: from a name and a password, a session or a token to the door that its owner comes through."""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from casewright.access import passwords, second_factor, tokens
from casewright.access.hashing_slots import slot
from casewright.commands import Command, SetPassword, SetSecondFactor
from casewright.desk.door import Door
from casewright.desk.door import SignedIn as SignedIn
from casewright.desk.library import Library
from casewright.desk.people.backoff import Backoff
from casewright.desk.people.staff import may_set_passwords
from casewright.errors import (
    CommandRefused,
    NotSignedIn,
    SecondFactorNeeded,
    SignInRefused,
    message,
)
from casewright.model import SYSTEM, Person, is_system
from casewright.settings.access import AccessSettings
from casewright.store import access_log, credentials, sessions
from casewright.store import tokens as stored_tokens
from casewright.store.credentials import Credential
from casewright.store.database import Database
from casewright.swift_dataclass import dataclass

NOTED_EVERY = timedelta(minutes=1)
"""That a session or token is used is written down no more often."""
_WRONG = message("the name, the password or the code is not right")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entrance:
    """Lets people in at one desk; it opens transactions of its own, as a password is worked out between them."""

    database: Database
    library: Library
    settings: AccessSettings
    path: Path
    door: Door
    now: Callable[[], datetime]
    execute: Callable[[Command], object]

    def sign_in(
        self, name: str, password: str, *, code: str = "", new_factor: str = ""
    ) -> SignedIn:
        """Begin a session of somebody who proves who they are; SignInRefused, SecondFactorNeeded.

        Where a second factor is asked for and the person has none yet, `new_factor` is the secret that they begin with,
        proved by a `code` of it.
        """
        with slot(self.path):
            person, credential = self._tried(name)
            right = passwords.fits(credential.verifier or passwords.NOBODYS, password)
            if not right or person is None:
                raise self._refused(person, "password")
            newer = passwords.outdated(credential.verifier)
            renewed = passwords.hashed(password) if newer else ""
        try:
            with self.database.write():
                self._must_hold_still(credential)
                self._check_code(credential, code, new_factor)
                if renewed:
                    credentials.renew_verifier(self.database, credential, renewed)
                return self._begun(person)
        except SignInRefused:
            raise self._refused(person, "code") from None

    def session(self, token: str) -> Door:
        """Return the door of whoever's session has this token; NotSignedIn when it is over or never was."""
        now, digest = self.now(), tokens.digest_of(token)
        with self.database.read():
            found = sessions.get(self.database, digest)
            staff = self.library.refreshed()
        idle = timedelta(minutes=self.settings.idle_minutes)
        if found is None or found.expires_at <= now or found.used_at + idle <= now:
            reason = message("the session is over; `casewright login` begins a new one")
            raise NotSignedIn(reason=reason)
        _must_be_active(staff.get(found.person))
        if found.used_at + NOTED_EVERY <= now:
            with self.database.write():
                sessions.used(self.database, digest, now)
        return Door(
            name=self.door.name,
            actor=found.person,
            purpose=self.door.purpose,
            until=found.expires_at,
        )

    def session_or_token(self, token: str) -> Door:
        """Return the door of whoever shows the token of a session or of a program; NotSignedIn."""
        if token.startswith(tokens.SESSION_PREFIX):
            return self.session(token)
        return self.token(token)

    def knows(self, name: str) -> bool:
        """Return whether somebody active on the staff goes by this login name."""
        with self.database.read():
            person = None if is_system(name) else self.library.refreshed().get(name)
        return person is not None and person.active

    def token(self, token: str) -> Door:
        """Return the door of whoever's program shows this token; NotSignedIn when it serves no more or never did."""
        now = self.now()
        with self.database.read():
            found = stored_tokens.by_digest(self.database, tokens.digest_of(token))
            staff = self.library.refreshed()
        if found is None or found.revoked_at is not None or found.expires_at <= now:
            reason = message(
                "the token is unknown, revoked or expired; `casewright user token make` makes one"
            )
            raise NotSignedIn(reason=reason)
        _must_be_active(staff.get(found.person))
        if found.used_at is None or found.used_at + NOTED_EVERY <= now:
            with self.database.write():
                stored_tokens.used(self.database, found.number, now)
        return Door(
            name=self.door.name,
            actor=found.person,
            only=found.only,
            purpose=self.door.purpose,
            until=found.expires_at,
        )

    def machine_user(self, login: str) -> Door | None:
        """Return the door of whoever the machine knows as `login`; None where nobody on the staff is called so."""
        with self.database.read():
            person = None if is_system(login) else self.library.refreshed().get(login)
        if person is None or not person.active:
            return None
        return Door(name=self.door.name, actor=login, purpose=self.door.purpose)

    def sign_out(self, token: str) -> bool:
        """End the session with this token; return whether there was one."""
        digest = tokens.digest_of(token)
        with self.database.read():
            if sessions.get(self.database, digest) is None:
                return False  # Whoever invents tokens keeps nobody who writes waiting.
        with self.database.write():
            found = sessions.get(self.database, digest)
            if found is None:
                return False
            sessions.end(self.database, digest)
            self.note(access_log.SIGNED_OUT, found.person, "session")
        return True

    def verifier(self, name: str, password: str) -> str:
        """Return what `SetPassword` says for a new password of `name`; CommandRefused where it cannot be one."""
        if fault := passwords.fault(password, name=name):
            raise CommandRefused(reason=fault)
        with slot(self.path):
            return passwords.hashed(password)

    def awaits_first_password(self) -> bool:
        """Return whether it is still to be said who gets in here; never where the machine says it."""
        if self.settings.sign_in != "password":
            return False
        with self.database.read():
            return not credentials.has_any_password(self.database)

    def set_first_password(self, name: str, verifier: str) -> None:
        """Give an administrator the first password of the workspace, on record as the system's; NotSignedIn when there is one."""
        with self.database.write():
            settings = self.library.refreshed()
            if credentials.has_any_password(self.database):
                raise NotSignedIn(
                    reason=message("`casewright login NAME` asks for the password")
                )
            person = settings.get(name)
            if person is None or not may_set_passwords(settings, person):
                reason = message(
                    "the first password is that of an administrator, and '{name}' is none",
                    name=name,
                )
                raise CommandRefused(reason=reason)
            self.execute(SetPassword(actor=SYSTEM, name=name, verifier=verifier))

    def _tried(self, name: str) -> tuple[Person | None, Credential]:
        """Count a try under a name and return who may be meant; SignInRefused while one has to wait."""
        with self.database.write():
            person = None if is_system(name) else self.library.refreshed().get(name)
            Backoff(self.database).count(_kept_under(person, name), self.now())
            if person is None or not person.active:
                return None, Credential(person="")
            return person, credentials.get(self.database, person.name)

    def _must_hold_still(self, credential: Credential) -> None:
        """Raise SignInRefused when somebody changed the password or disabled the person while it was worked out."""
        person = self.library.refreshed().get(credential.person)
        now = credentials.get(self.database, credential.person)
        if person is None or not person.active or now.verifier != credential.verifier:
            raise SignInRefused(reason=_WRONG)

    def _check_code(self, credential: Credential, code: str, new_factor: str) -> None:
        """Raise unless the second factor is proved, or none is asked for; a new one is kept once it is proved."""
        begun = "" if credential.factor or not self.settings.second_factor else new_factor
        secret = credential.factor or begun
        if not secret:
            if self.settings.second_factor:
                raise SecondFactorNeeded(enrolled=False, reason=_TO_BEGIN)
            return
        if not code:
            raise SecondFactorNeeded(enrolled=bool(credential.factor), reason=_TO_TYPE)
        name = credential.person
        used = credentials.get(self.database, name).factor_step
        step = second_factor.step_of(secret, code, now=self.now(), after=used)
        if step is None or not credentials.use_step(self.database, name, step):
            raise SignInRefused(reason=_WRONG)
        if begun:
            self.execute(SetSecondFactor(actor=name, name=name, secret=begun))

    def _begun(self, person: Person) -> SignedIn:
        now, token = self.now(), tokens.new_token(tokens.SESSION_PREFIX)
        until = now + timedelta(hours=self.settings.session_hours)
        Backoff(self.database).forget(person.name)
        sessions.forget_over(self.database, now)
        sessions.begin(
            self.database,
            digest=tokens.digest_of(token),
            person=person.name,
            door=self.door.name,
            at=now,
            until=until,
        )
        self.note(access_log.SIGNED_IN, person.name, "session")
        return SignedIn(token=token, person=person, until=until)

    def _refused(self, person: Person | None, what: str) -> SignInRefused:
        """Put a refusal on record and return it; whom nobody knows is not named, as people mistake the fields."""
        with self.database.write():
            self.note(access_log.SIGN_IN_REFUSED, person.name if person else "", what)
        return SignInRefused(reason=_WRONG)

    def note(self, kind: str, actor: str, subject: str) -> None:
        """Put on record that somebody came in, went, or was refused."""
        access_log.write(
            self.database,
            at=self.now(),
            actor=actor,
            door=self.door.name,
            kind=kind,
            subject=subject,
        )


def _kept_under(person: Person | None, name: str) -> str:
    """Return under which name failures are counted; what is nobody's name may be a password, and is kept as a digest."""
    if person is not None:
        return person.name
    typed = name[:1000].encode("utf-8", "surrogatepass")
    return f"?{hashlib.sha256(typed).hexdigest()}"


def _must_be_active(person: Person | None) -> None:
    if person is None or not person.active:
        raise NotSignedIn(reason=message("the person is no longer active"))


_TO_TYPE = message("a code of the authenticator is asked for beside the password")
_TO_BEGIN = message("a second factor is asked for here, and there is none yet")
