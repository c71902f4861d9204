"""`casewright login`, `logout` and `whoami`: who one is at this workspace."""

import os
from collections.abc import Iterator

from casewright.answers import Myself
from casewright.cli import signed_in
from casewright.cli.answer import Answer
from casewright.cli.at_the_door import TOKEN
from casewright.cli.grammar import AGAIN, Given, Noun, Option, Verb
from casewright.cli.output import pad, width
from casewright.cli.prompting import PASSWORD_FILE, line, on_a_terminal, password
from casewright.cli.reading import Reader, known_roles
from casewright.cli.second_factor import show_secret
from casewright.cli.session import Session
from casewright.commands import EndSessions, new_id
from casewright.desk.door import SignedIn
from casewright.errors import CommandRefused, SecondFactorNeeded, message
from casewright.queries import WhoAmI
from casewright.texts import text


def login(session: Session, given: Given) -> Answer:
    """Sign in, keep the session at this account, and say until when it lasts."""
    name = given.text("name") or session.claimed
    desk, database = session.desk, session.config.database
    before = signed_in.tokens(database).get(name)
    question = session.texts.say("Password of {name}: ", name=name)
    found = _signed_in(session, given, name, password(session, given, question))
    signed_in.keep(database, name, found.token)
    if before is not None:
        desk.entrance.sign_out(before)
    said = session.texts.say(
        "{name} is signed in until {until}.", name=name, until=session.moment(found.until)
    )
    return Answer(document={"user": name, "until": found.until.isoformat()}, lines=[said])


def _signed_in(session: Session, given: Given, name: str, typed: str) -> SignedIn:
    """Sign in, and where a code is asked for beside the password, ask for it and sign in with both."""
    entrance, code = session.desk.entrance, given.text("code") or ""
    try:
        return entrance.sign_in(name, typed, code=code)
    except SecondFactorNeeded as needed:
        if not on_a_terminal():
            raise
        secret = "" if needed.enrolled else show_secret(session, name)
        code = line(session, text("Code of the authenticator:"))
        return entrance.sign_in(name, typed, code=code, new_factor=secret)


def logout(session: Session, given: Given) -> Answer:
    """End the session of somebody at this account, or all of theirs everywhere."""
    database, texts = session.config.database, session.texts
    if os.environ.get(TOKEN):
        raise CommandRefused(
            reason=message(
                "CASEWRIGHT_TOKEN says who acts here, and a token is revoked, not signed out: `casewright user token revoke`"
            )
        )
    kept = signed_in.tokens(database)
    name = given.text("name") or session.named or next(reversed([*kept]), None)
    ended = tokens = 0
    if given.flag("everywhere"):
        actor = session.actor
        command = EndSessions(
            actor=actor, command_id=given.text("id") or new_id(), name=name or actor
        )
        counts = session.desk.execute(command).answer or {}
        ended, tokens = (int(counts.get(what, 0)) for what in ("sessions", "tokens"))
        name = name or actor
    elif name is not None and name in kept:
        ended = int(session.desk.entrance.sign_out(kept[name]))
    if name is not None:
        signed_in.drop(database, name)
    said = (
        texts.say("{count} session(s) of {name} are over.", count=ended, name=name)
        if ended
        else texts.text("Nobody was signed in.")
    )
    lines = [said]
    if tokens:
        template = (
            "{count} token(s) of {name} serve no more; programs that used one need a new one."
        )
        lines.append(texts.say(template, count=tokens, name=name))
    document = {"user": name, "sessions": ended, "tokens": tokens}
    return Answer(document=document, lines=lines)


def whoami(session: Session, given: Given) -> Answer:
    """Answer with who acts here, how that is known, and what they may do."""
    found: Myself = session.desk.ask(WhoAmI(actor=session.actor))
    door, person = session.door, found.person
    only = door.only
    document = {
        "user": person.name,
        "roles": sorted(person.roles),
        "door": found.door,
        "sign_in": session.config.access.sign_in,
        "until": door.until.isoformat() if door.until else None,
        "only": None if only is None else list(only),
        "password": found.password,
        "second_factor": found.second_factor,
        "permissions": {one: list(held) for one, held in found.permissions.items()},
    }
    facts = [
        (session.texts.text(title), value) for title, value in _facts(session, found) if value
    ]
    wide = max(width(title) for title, _ in facts)
    return Answer(
        document=document, lines=[f"{pad(title, wide)}  {value}" for title, value in facts]
    )


def _facts(session: Session, found: Myself) -> Iterator[tuple[str, str]]:
    texts, person, door = session.texts, found.person, session.door
    roles = known_roles(session)
    titles = (
        roles[one].title.of(texts.lang) if one in roles else one for one in sorted(person.roles)
    )
    yield text("login"), person.name
    yield text("name"), Reader(session).words_of(person)
    yield text("roles"), texts.listing(titles)
    yield text("team"), person.team
    yield text("department"), person.department
    how = _how(session)
    yield text("let in by"), texts.text(how)
    yield text("only"), texts.listing(door.only or ())
    yield text("lasts until"), session.moment(door.until) if door.until else ""


def _how(session: Session) -> str:
    if session.door.until is None:
        trusted = session.config.access.sign_in == "trusted"
        return text("their word alone") if trusted else text("the login of this machine")
    return text("a session") if session.door.only is None else text("a token")


_NAME = Option(name="NAME", help=text("the login name (default: whoever acts)"))

NOUNS = (
    Noun(
        name="login",
        help=text("sign in"),
        verbs=(
            Verb(
                name="",
                run=login,
                help=text("sign in, and stay so at this account of the machine for a while"),
                more=text(
                    "Several people can be signed in at one account; --as chooses among them. "
                    "Programs use a token instead: `casewright user token --help`."
                ),
                options=(
                    _NAME,
                    PASSWORD_FILE,
                    Option(
                        name="--code",
                        value="CODE",
                        help=text("the code of the authenticator, where one is asked for"),
                    ),
                ),
            ),
        ),
    ),
    Noun(
        name="logout",
        help=text("sign out"),
        verbs=(
            Verb(
                name="",
                run=logout,
                help=text("end one's session at this account of the machine"),
                options=(
                    _NAME,
                    Option(
                        name="--everywhere",
                        help=text(
                            "end all sessions of the person, wherever they are signed in, and all their tokens"
                        ),
                    ),
                    AGAIN,
                ),
            ),
        ),
    ),
    Noun(
        name="whoami",
        help=text("who acts here, how that is known, and what they may do"),
        verbs=(
            Verb(
                name="",
                run=whoami,
                help=text(
                    "say who acts here, and how that is known; --json has the permissions"
                ),
            ),
        ),
    ),
)
