"""`casewright init`: make a workspace."""

from collections.abc import Iterator
from pathlib import Path

from casewright.cli.answer import Answer
from casewright.cli.grammar import Given, Noun, Option, Verb
from casewright.cli.session import Session
from casewright.texts import text


def init(session: Session, given: Given) -> Answer:
    """Make a workspace and say how to go on."""
    from casewright.cli.founding import make_workspace

    folder = Path(given.needed("dir"))
    admin = given.text("admin") or session.actor
    language = given.text("lang") or ""
    config = make_workspace(folder, admin=admin, language=language, people=given.flag("demo"))
    document = {
        "workspace": str(folder),
        "database": str(config.database),
        "administrator": admin,
        "demo": given.flag("demo"),
    }
    return Answer(
        document=document, lines=_next_steps(session, folder, admin, given.flag("demo"))
    )


_EXAMPLES = (("ana", "Ana", "安娜"), ("bo", "Bo", "小波"))


def _next_steps(session: Session, folder: Path, admin: str, demo: bool) -> Iterator[str]:
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
                ),
            ),
        ),
    ),
)
