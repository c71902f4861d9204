"""`casewright user passwd` and `token`: how people and their programs prove who they are."""

from collections.abc import Iterator, Mapping
from datetime import timedelta

from casewright.access import tokens
from casewright.answers import Token
from casewright.cli.answer import Answer
from casewright.cli.grammar import AGAIN, Given, Option, Verb
from casewright.cli.output import table
from casewright.cli.prompting import PASSWORD_FILE, new_password
from casewright.cli.session import Session
from casewright.clock import SystemClock
from casewright.commands import MakeToken, RevokeToken, SetPassword, new_id
from casewright.errors import NotSignedIn, UsageRefused, message
from casewright.queries import ListTokens
from casewright.texts import text

DAYS = 90
"""How long a token serves unless it is said."""
MOST_DAYS = 365


def passwd(session: Session, given: Given) -> Answer:
    """Set a password; where nobody has one yet, whoever can open the workspace gives an administrator the first."""
    actor = _actor(session)
    name = given.text("name") or actor or session.claimed
    entrance = (session.own_desk if actor is None else session.desk).entrance
    verifier = entrance.verifier(name, new_password(session, given, name=name))
    ended: Mapping[str, str] = {}
    if actor is None:
        session.own_desk.entrance.set_first_password(name, verifier)
    else:
        command_id = given.text("id") or new_id()
        command = SetPassword(actor=actor, command_id=command_id, name=name, verifier=verifier)
        ended = session.desk.execute(command).answer or {}
    said = session.texts.say(
        "The password of {name} is set; `casewright login {name}` signs in with it.", name=name
    )
    counts = {what: int(ended.get(what, 0)) for what in ("sessions", "tokens", "keys")}
    document = {"user": name, **counts}
    return Answer(document=document, lines=[said, *ended_lines(session, counts)])


def ended_lines(session: Session, counts: Mapping[str, int]) -> Iterator[str]:
    """Yield what a change of how somebody signs in has ended; nothing where there was nothing."""
    if counts["sessions"] or counts["tokens"]:
        yield session.texts.say(
            "Ended: {sessions} session(s), {tokens} token(s). Programs that used one need a new one.",
            sessions=counts["sessions"],
            tokens=counts["tokens"],
        )
    if counts.get("keys"):
        template = "Removed: {keys} SSH key(s), as somebody else may have added them; `casewright user key add` adds them again."
        yield session.texts.say(template, keys=counts["keys"])


def _actor(session: Session) -> str | None:
    """Return who acts, or None where it cannot be known yet because nobody has a password; NotSignedIn."""
    try:
        return session.actor
    except NotSignedIn:
        if session.desk.entrance.awaits_first_password():
            return None
        raise


def token(session: Session, given: Given) -> Answer:
    """Make a token, list those of somebody, or revoke one."""
    return _DOINGS[given.needed("what")](session, given)


def _make(session: Session, given: Given) -> Answer:
    actor, made = session.actor, tokens.new_token()
    command = MakeToken(
        actor=actor,
        command_id=given.text("id") or new_id(),
        name=given.text("which") or actor,
        label=given.text("label") or "token",
        digest=tokens.digest_of(made),
        only=given.all("only"),
        expires_at=SystemClock().now() + timedelta(days=_days(given)),
    )
    said = session.desk.execute(command).answer or {}
    until = command.expires_at
    document = {
        "number": int(said["token"]),
        "user": command.name,
        "token": made,
        "only": list(command.only),
        "until": until.isoformat(),
    }
    note = session.texts.say(
        "Token {number} of {name}, until {until}. It is shown only now; CASEWRIGHT_TOKEN takes it.",
        number=said["token"],
        name=command.name,
        until=session.moment(until),
    )
    return Answer(document=document, lines=[made], notes=[note])


def _days(given: Given) -> int:
    written = given.text("days") or str(DAYS)
    if not (written.isascii() and written.isdigit() and 0 < int(written[:9]) <= MOST_DAYS):
        reason = message("--days is a number from 1 to {most}", most=MOST_DAYS)
        raise UsageRefused(reason=reason)
    return int(written)


def _list(session: Session, given: Given) -> Answer:
    query = ListTokens(actor=session.actor, name=given.text("which") or "")
    found: tuple[Token, ...] = session.desk.ask(query)
    titles = [
        session.texts.text(one)
        for one in (
            text("number"),
            text("what for"),
            text("only"),
            text("serves until"),
            text("used"),
        )
    ]
    return Answer(
        document={"tokens": [_document(one) for one in found]},
        lines=table(titles, list(_rows(session, found)))
        if found
        else [session.texts.text("There are no tokens.")],
    )


def _revoke(session: Session, given: Given) -> Answer:
    which = given.text("which") or ""
    if not (which.isascii() and which.isdigit() and len(which) < 16):
        reason = message("name the token by its number; `casewright user token list` has it")
        raise UsageRefused(reason=reason)
    command = RevokeToken(
        actor=session.actor, command_id=given.text("id") or new_id(), token=int(which)
    )
    session.desk.execute(command)
    said = session.texts.say("Token {number} serves no more.", number=int(which))
    return Answer(document={"number": int(which), "revoked": True}, lines=[said])


def _rows(session: Session, found: tuple[Token, ...]) -> Iterator[tuple[object, ...]]:
    texts = session.texts
    for one in found:
        until = texts.text("revoked") if one.revoked_at else session.moment(one.expires_at)
        used = session.moment(one.used_at) if one.used_at else texts.text("never")
        yield one.number, one.label, texts.listing(one.only), until, used


def _document(one: Token) -> dict[str, object]:
    return {
        "number": one.number,
        "user": one.person,
        "label": one.label,
        "only": list(one.only),
        "made_at": one.created_at.isoformat(),
        "made_by": one.created_by,
        "until": one.expires_at.isoformat(),
        "revoked_at": one.revoked_at.isoformat() if one.revoked_at else None,
        "used_at": one.used_at.isoformat() if one.used_at else None,
    }


_DOINGS = {"make": _make, "list": _list, "revoke": _revoke}

PASSWD = Verb(
    name="passwd",
    run=passwd,
    help=text("set a password, and end the sessions and tokens of whoever has it"),
    more=text(
        "Everybody sets their own; of others, who holds people.edit. Where nobody has a password yet, "
        "whoever can open the workspace sets the first one, of an administrator."
    ),
    options=(
        Option(name="NAME", help=text("the login name (default: whoever acts)")),
        PASSWORD_FILE,
        AGAIN,
    ),
)
TOKEN = Verb(
    name="token",
    run=token,
    help=text("make, list and revoke the tokens by which programs act for somebody"),
    more=text(
        "A token is shown once, when it is made. It may do what --only names, and never more than the person may."
    ),
    options=(
        Option(
            name="WHAT",
            needed=True,
            choices=("make", "list", "revoke"),
            help=text("make, list or revoke"),
        ),
        Option(
            name="WHICH",
            help=text("whose (default: whoever acts), or the number of the one to revoke"),
        ),
        Option(
            name="--only",
            value="PERMISSION",
            many=True,
            help=text(
                "a permission that it may use, such as ticket.read; repeat it for several"
            ),
        ),
        Option(name="--days", value="COUNT", help=text("how long it serves (default: 90)")),
        Option(name="--label", value="TEXT", help=text("what it is for")),
        AGAIN,
    ),
)
