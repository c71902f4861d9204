"""Commands about how people prove who they are: passwords, second factors, tokens, sessions."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from casewright.access import passwords, second_factor, tokens
from casewright.access.roles import PERMISSIONS, covered
from casewright.commands import (
    AddKey,
    Command,
    EndSessions,
    MakeToken,
    RemoveKey,
    RevokeToken,
    SetPassword,
    SetSecondFactor,
)
from casewright.desk.door import Door
from casewright.desk.library import Library
from casewright.desk.moments import in_utc
from casewright.desk.names import name_fault
from casewright.desk.people.backoff import Backoff
from casewright.desk.people.staff import may_set_passwords, person_of
from casewright.errors import CommandRefused, NotAllowed, message
from casewright.model import Person
from casewright.nearest import hint
from casewright.store import credentials, sessions, ssh_keys
from casewright.store import tokens as stored_tokens
from casewright.store.database import Database

ONES_OWN = (
    SetPassword, SetSecondFactor, MakeToken, RevokeToken, EndSessions, AddKey, RemoveKey,
)  # fmt: skip
"""What nobody can do with a token: it would get out of what it is limited to."""
LONGEST_LIFE = timedelta(days=366)
MOST_TOKENS = 100
"""Tokens of one person that serve at the same time."""
MOST_PERMISSIONS = 50


def refuse_a_token(door: Door, command: Command) -> None:
    """Raise NotAllowed for a command about credentials that comes with a token."""
    if door.only is not None and isinstance(command, ONES_OWN):
        reason = message("a token changes no password, no second factor and no token; sign in")
        actor, permission = command.actor, command.permission
        raise NotAllowed(actor=actor, permission=permission, reason=reason)


def set_password(
    database: Database, library: Library, command: SetPassword, now: datetime
) -> Mapping[str, str]:
    """Store a password's verifier, and end the person's sessions and tokens; CommandRefused."""
    person = person_of(library.configuration(), command.name)
    if command.verifier and not passwords.is_verifier(command.verifier):
        reason = message("a password is stored as argon2id with the parameters of casewright")
        raise CommandRefused(reason=reason)
    if not command.verifier:
        _must_leave_a_way_in(database, library, person)
    credentials.set_verifier(database, person.name, command.verifier, now)
    Backoff(database).forget(person.name)
    return _all_ended(database, person.name, now)


def set_second_factor(
    database: Database, library: Library, command: SetSecondFactor, now: datetime
) -> None:
    """Store somebody's own second factor, or take one away, and end the sessions that began otherwise; CommandRefused."""
    person = person_of(library.configuration(), command.name)
    if command.secret and command.actor != command.name:
        reason = message("a second factor is begun by the person themselves; it can be removed")
        raise CommandRefused(reason=reason)
    if command.secret and not second_factor.is_secret(command.secret):
        reason = message("the secret of a second factor is base 32, of 26 characters or more")
        raise CommandRefused(reason=reason)
    # The code that proved it counts as used.
    step = second_factor.step_at(now) if command.secret else 0
    credentials.set_factor(database, person.name, command.secret, step, now)
    sessions.end_all(database, person.name)


def make_token(
    database: Database, library: Library, command: MakeToken, now: datetime
) -> Mapping[str, str]:
    """Store a token and answer with its number; CommandRefused."""
    person = person_of(library.configuration(), command.name)
    if not person.active:
        reason = message("{person} is no longer active, and gets no token", person=person.name)
        raise CommandRefused(reason=reason)
    if (fault := name_fault(command.label)) is not None:
        raise CommandRefused(reason=fault)
    _must_be_permissions(library, command.only)
    if not now < in_utc(command.expires_at) <= now + LONGEST_LIFE:
        reason = message("a token expires within {days} days", days=LONGEST_LIFE.days)
        raise CommandRefused(reason=reason)
    serving = [
        one
        for one in stored_tokens.of_person(database, person.name)
        if one.revoked_at is None and one.expires_at > now
    ]
    if len(serving) >= MOST_TOKENS:
        reason = message(
            "{person} has {count} tokens; revoke one first",
            person=person.name,
            count=len(serving),
        )
        raise CommandRefused(reason=reason)
    known = stored_tokens.by_digest(database, command.digest)
    if known is not None or not tokens.is_digest(command.digest):
        reason = message("a token is stored as its SHA-256, and no two are the same")
        raise CommandRefused(reason=reason)
    return {"token": str(stored_tokens.make(database, command, now))}


def revoke_token(
    database: Database, library: Library, command: RevokeToken, now: datetime
) -> None:
    """Let a token serve no more."""
    stored_tokens.revoke(database, command.token, now)


def end_sessions(
    database: Database, library: Library, command: EndSessions, now: datetime
) -> Mapping[str, str]:
    """End all sessions and tokens of somebody, and answer with how many there were."""
    person = person_of(library.configuration(), command.name)
    return _all_ended(database, person.name, now)


def _all_ended(database: Database, name: str, now: datetime) -> Mapping[str, str]:
    """End what lets somebody in without a password: whoever stole a session may have made tokens and added keys with it."""
    ended = {
        "sessions": str(sessions.end_all(database, name)),
        "tokens": str(stored_tokens.revoke_all(database, name, now)),
    }
    keys = ssh_keys.remove_all(database, name)
    return {**ended, "keys": str(keys)} if keys else ended


def _must_leave_a_way_in(database: Database, library: Library, person: Person) -> None:
    """Raise CommandRefused where no administrator would have a password any more: it would be for anybody to set one."""
    settings = library.configuration()
    with_one = {
        one.name
        for one in settings.people.values()
        if may_set_passwords(settings, one) and credentials.get(database, one.name).verifier
    }
    if with_one == {person.name}:
        raise CommandRefused(
            reason=message(
                "{person} is the only administrator who has a password; set a new one instead",
                person=person.name,
            )
        )


def _must_be_permissions(library: Library, only: tuple[str, ...]) -> None:
    """Raise CommandRefused unless `only` names permissions that there are."""
    if not 0 < len(only) <= MOST_PERMISSIONS:
        reason = message("a token names the permissions it may use, such as ticket.read")
        raise CommandRefused(reason=reason)
    known = (*PERMISSIONS, *sorted(library.plugins.permissions))
    for one in only:
        plain = len(one) <= 80 and one.split() == [one]
        if not plain or not any(covered(permission, (one,)) for permission in known):
            near = hint(one[:80], known)
            reason = message("unknown permission '{word}'{hint}", word=one[:80], hint=near)
            raise CommandRefused(reason=reason)
