"""`casewright user totp`: beginning and ending one's second factor."""

import sys

from casewright.access import second_factor
from casewright.cli.answer import Answer
from casewright.cli.grammar import AGAIN, Given, Option, Verb
from casewright.cli.output import print_line
from casewright.cli.prompting import line
from casewright.cli.session import Session
from casewright.clock import SystemClock
from casewright.commands import SetSecondFactor, new_id
from casewright.errors import CommandRefused, message
from casewright.texts import text


def totp(session: Session, given: Given) -> Answer:
    """Begin a second factor, proved by a first code, or end one."""
    actor = session.actor
    name = given.text("name") or actor
    ended = given.flag("off")
    secret = "" if ended else _new_secret(session, name)
    command = SetSecondFactor(
        actor=actor, command_id=given.text("id") or new_id(), name=name, secret=secret
    )
    session.desk.execute(command)
    said = (
        text("{name} signs in by the password alone from now on.")
        if ended
        else text("{name} is asked for a code beside the password from now on.")
    )
    document = {"user": name, "second_factor": not ended}
    again = session.texts.say(
        "Their sessions are over; `casewright login {name}` begins one.", name=name
    )
    return Answer(document=document, lines=[session.texts.say(said, name=name), again])


def show_secret(session: Session, name: str) -> str:
    """Show a new secret, once, for an authenticator to take over; return it."""
    secret = second_factor.new_secret()
    issuer = f"casewright {session.config.root.name}".strip()
    shown = (
        session.texts.text("Enter this into your authenticator; it is shown only now:"),
        f"  {secret}",
        f"  {second_factor.address(secret, name=name, issuer=issuer)}",
    )
    for one in shown:
        print_line(one, sys.stderr)
    return secret


def _new_secret(session: Session, name: str) -> str:
    """Return a secret of which a right code was typed; CommandRefused."""
    if name != session.actor:
        reason = message("a second factor is begun by the person themselves; --off removes it")
        raise CommandRefused(reason=reason)
    secret = show_secret(session, name)
    code = line(session, text("Code of the authenticator:"))
    if second_factor.step_of(secret, code, now=SystemClock().now(), after=0) is None:
        reason = message(
            "the code is not one of this secret; is the clock of the device right? Nothing is changed"
        )
        raise CommandRefused(reason=reason)
    return secret


TOTP = Verb(
    name="totp",
    run=totp,
    help=text("ask for a code of one's authenticator beside the password"),
    more=text(
        "The secret is shown once, and counts when a code of it was typed. Who holds people.edit may end that of others."
    ),
    options=(
        Option(name="NAME", help=text("the login name (default: whoever acts)")),
        Option(name="--off", help=text("ask for no code any more")),
        AGAIN,
    ),
)
