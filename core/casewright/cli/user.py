"""`casewright user`: the staff."""

from casewright.cli.answer import Answer
from casewright.cli.grammar import AGAIN, Given, Noun, Option, Verb
from casewright.cli.output import table
from casewright.cli.reading import known_roles
from casewright.cli.session import Session
from casewright.commands import SavePerson, new_id
from casewright.model import Person
from casewright.queries import ListPeople
from casewright.texts import text


def add(session: Session, given: Given) -> Answer:
    """Add a member of staff, or change one; what is not given stays as it is."""
    name = given.needed("name")
    people: tuple[Person, ...] = session.desk.ask(ListPeople(actor=session.actor))
    known = next((one for one in people if one.name == name), None)
    before = known or Person(name=name, en="", zh="")
    command = SavePerson(
        actor=session.actor,
        command_id=given.text("id") or new_id(),
        name=name,
        en=given.text("en") or before.en,
        zh=given.text("zh") or before.zh,
        roles=given.all("role") or tuple(sorted(before.roles)),
        team=_kept(given, "team", before.team),
        department=_kept(given, "department", before.department),
        active=not given.flag("inactive"),
    )
    session.desk.execute(command)
    said = text("{name} is changed.") if known else text("{name} is on the staff now.")
    return Answer(document={"user": {"name": name}}, lines=[session.texts.say(said, name=name)])


def list_people(session: Session, given: Given) -> Answer:
    """Answer with the staff."""
    texts = session.texts
    found: tuple[Person, ...] = session.desk.ask(
        ListPeople(actor=session.actor, role=given.text("role"))
    )
    documents = [
        {
            "name": one.name,
            "en": one.en,
            "zh": one.zh,
            "roles": sorted(one.roles),
            "team": one.team,
            "department": one.department,
            "active": one.active,
        }
        for one in found
    ]
    titled = {name: role.title.of(texts.lang) for name, role in known_roles(session).items()}
    titles = [
        texts.text(one)
        for one in (
            text("login"),
            text("name"),
            text("roles"),
            text("team"),
            text("department"),
            text("active"),
        )
    ]
    rows = [
        (
            one.name,
            one.zh if texts.lang == "zh" else one.en,
            texts.listing(titled.get(role, role) for role in sorted(one.roles)),
            one.team,
            one.department,
            texts.text("yes") if one.active else texts.text("no"),
        )
        for one in found
    ]
    return Answer(
        document={"users": documents},
        lines=table(titles, rows) if rows else [texts.text("Nobody fits.")],
    )


def _kept(given: Given, key: str, before: str) -> str:
    written = given.text(key)
    return before if written is None else written


NOUNS = (
    Noun(
        name="user",
        help=text("the staff"),
        verbs=(
            Verb(
                name="add",
                run=add,
                help=text("add a member of staff, or change one"),
                more=text(
                    "What is not given stays as it is; roles that are given replace the former ones."
                ),
                options=(
                    Option(name="NAME", needed=True, help=text("the login name")),
                    Option(
                        name="--role",
                        value="ROLE",
                        many=True,
                        help=text("a role, of those in roles.yaml; repeat it for several"),
                    ),
                    Option(name="--en", value="NAME", help=text("what people read in English")),
                    Option(name="--zh", value="NAME", help=text("what people read in Chinese")),
                    Option(name="--team", value="TEAM", help=text("the team")),
                    Option(
                        name="--department",
                        value="NAME",
                        help=text("the department, a key of the departments table"),
                    ),
                    Option(
                        name="--inactive",
                        help=text("no longer works here: gets no tickets and may do nothing"),
                    ),
                    AGAIN,
                ),
            ),
            Verb(
                name="list",
                run=list_people,
                help=text("list the staff"),
                options=(
                    Option(
                        name="--role", value="ROLE", help=text("only those who have this role")
                    ),
                ),
            ),
        ),
    ),
)
