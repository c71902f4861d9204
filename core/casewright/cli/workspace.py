"""`casewright init`: make a workspace."""

from collections.abc import Iterator
from pathlib import Path
from typing import cast

from casewright.access import passwords
from casewright.cli.answer import Answer
from casewright.cli.at_the_door import os_login
from casewright.cli.grammar import Given, Noun, Option, Verb
from casewright.cli.prompting import PASSWORD_FILE, new_password, on_a_terminal
from casewright.cli.session import Session
from casewright.errors import CommandRefused
from casewright.settings.access import SignIn
from casewright.texts import text


def init(session: Session, given: Given) -> Answer:
    """Make a workspace and say how to go on."""
    from casewright.cli.founding import make_workspace

    folder = Path(given.needed("dir"))
    admin = given.text("admin") or session.claimed
    language = given.text("lang") or ""
    sign_in = cast(
        SignIn, given.text("sign_in") or ("trusted" if given.flag("demo") else "password")
    )
    typed = _password(session, given, admin, sign_in)
    config = make_workspace(
        folder,
        admin=admin,
        language=language,
        people=given.flag("demo"),
        sign_in=sign_in,
        password=typed,
        database=given.text("database") or "",
    )
    document = {
        "workspace": str(folder),
        "database": str(config.database),
        "administrator": admin,
        "demo": given.flag("demo"),
        "sign_in": sign_in,
        "password": bool(typed),
    }
    return Answer(
        document=document,
        lines=[
            *_made(session, folder, admin),
            *_signing_in(session, admin, sign_in, has_password=bool(typed)),
            *_next_steps(admin, given.flag("demo")),
        ],
    )


def _password(session: Session, given: Given, admin: str, sign_in: SignIn) -> str:
    """Return the password that the administrator begins with, "" for none yet; refused before anything is made."""
    wanted = given.text("password_file") is not None
    if not wanted and (sign_in != "password" or not on_a_terminal() or session.as_json):
        return ""
    typed = new_password(session, given, name=admin)
    if fault := passwords.fault(typed, name=admin):
        raise CommandRefused(reason=fault)
    return typed


_EXAMPLES = (("ana", "Ana", "安娜"), ("bo", "Bo", "小波"))


def _made(session: Session, folder: Path, admin: str) -> Iterator[str]:
    texts = session.texts
    yield texts.say(
        "The workspace {folder} is made; {person} is its administrator, and an agent to begin with.",
        folder=folder,
        person=admin,
    )
    yield texts.text(
        "Workflows, forms, tables and roles are in it, to be changed as you like: `casewright workflow publish` takes them over."
    )
    yield ""
    yield texts.text("Next:")
    yield f"  cd {folder}"


def _signing_in(
    session: Session, admin: str, sign_in: SignIn, *, has_password: bool
) -> Iterator[str]:
    if sign_in == "password":
        name = "" if admin == os_login() else f" {admin}"
        if not has_password:
            yield f"  casewright user passwd{name}"
        yield f"  casewright login{name}"


def _next_steps(admin: str, demo: bool) -> Iterator[str]:
    if demo:
        yield "  casewright user list"
        yield "  casewright form show inquiry"
        yield "  casewright ticket open inquiry --as chen_jing --set subject=... --set question=..."
        yield "  casewright board --as chen_jing"
    else:
        name, en, zh = next(one for one in _EXAMPLES if one[0] != admin)
        yield f"  casewright user add {name} --role agent --en {en} --zh {zh}"
        yield "  casewright workflow list"
        yield "  casewright form show inquiry"
    yield "  casewright worker --once"
    yield "  casewright doctor"


NOUNS = (
    Noun(
        name="init",
        help=text("make a workspace"),
        verbs=(
            Verb(
                name="",
                run=init,
                help=text("make a workspace: its files, its database, its first administrator"),
                more=text(
                    "The folder must be new or empty. Nothing is changed when it is refused."
                ),
                options=(
                    Option(name="DIR", needed=True, help=text("the folder")),
                    Option(
                        name="--demo",
                        help=text("with the people of the demonstration on the staff"),
                    ),
                    Option(
                        name="--admin",
                        value="USER",
                        help=text("the administrator (default: whoever acts)"),
                    ),
                    Option(
                        name="--database",
                        value="ADDRESS",
                        help=text(
                            "a PostgreSQL database, such as postgresql://HOST/NAME, instead of a file"
                        ),
                    ),
                    Option(
                        name="--sign-in",
                        value="HOW",
                        choices=("password", "os_user", "trusted"),
                        help=text(
                            "how people say who they are: password (the default), "
                            "os_user (the login of the machine) or trusted (at their word, for trials)"
                        ),
                    ),
                    PASSWORD_FILE,
                ),
            ),
        ),
    ),
)
