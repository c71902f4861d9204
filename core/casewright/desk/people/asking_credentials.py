"""Answers about who one is here, and which tokens act for somebody."""

from typing import TYPE_CHECKING

from casewright.access.roles import PERMISSIONS
from casewright.answers import Myself, Token
from casewright.queries import ListTokens, WhoAmI
from casewright.store import credentials
from casewright.store import tokens as stored_tokens

if TYPE_CHECKING:
    from casewright.desk.asking import Asking


def who_am_i(asking: "Asking", query: WhoAmI) -> Myself:
    """Return who asks and how they came, and the scopes of each permission that they hold through this door."""
    actor, known = asking.actor, credentials.get(asking.database, asking.asker.name)
    held = {
        permission: tuple(sorted(scopes))
        for permission in (*PERMISSIONS, *sorted(asking.library.plugins.permissions))
        if (scopes := actor.scopes(permission))
    }
    return Myself(
        person=actor.person,
        door=actor.door.name,
        permissions=held,
        password=bool(known.verifier),
        second_factor=bool(known.factor),
    )


def list_tokens(asking: "Asking", query: ListTokens) -> tuple[Token, ...]:
    """Return the tokens of a person."""
    return stored_tokens.of_person(asking.database, query.name or asking.asker.name)
