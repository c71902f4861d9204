"""`casewright user`: the staff."""

from typing import Any

from casewright.cli.answer import Answer
from casewright.cli.grammar import AGAIN, Given, Noun, Option, Verb
from casewright.cli.second_factor import TOTP
from casewright.cli.session import Session
from casewright.cli.user_absence import absent, back
from casewright.cli.user_credentials import PASSWD, TOKEN
from casewright.cli.user_import import IMPORT
from casewright.cli.user_keys import KEY
from casewright.cli.user_showing import list_people, people, person_named, show
from casewright.commands import SavePerson, new_id
from casewright.errors import NotFound, UsageRefused, message
from casewright.nearest import hint
from casewright.texts import text

_TEXTS = (
    "en", "zh", "team", "department", "phone", "email", "chat", "language", "deputy", "calendar",
)  # fmt: skip


def add(session: Session, given: Given) -> Answer:
    """Add a member of staff; somebody who is on it already is left as they are."""
    return _save(session, given, said=text("{name} is on the staff now."), only_new=True)


def edit(session: Session, given: Given) -> Answer:
    """Change a member of staff; what is not given stays as it is."""
    name, known = given.needed("name"), people(session)
    if name not in known:
        raise NotFound(kind=message("person"), name=name, hint=hint(name, known))
    return _save(session, given, said=text("{name} is changed."))


def _save(session: Session, given: Given, *, said: str, only_new: bool = False) -> Answer:
    name = given.needed("name")
    written: dict[str, Any] = {key: given.text(key) for key in _TEXTS}
    command = SavePerson(
        actor=session.actor,
        command_id=given.text("id") or new_id(),
        name=name,
        roles=given.all("role") or None,
        queues=tuple(filter(None, given.all("queue"))) if given.flag("queue") else None,
        active=_active(given),
        only_new=only_new,
        **written,
    )
    session.desk.execute(command)
    return Answer(document={"user": {"name": name}}, lines=[session.texts.say(said, name=name)])


def disable(session: Session, given: Given) -> Answer:
    """Let somebody in no more, and say what is left in their hands."""
    name = person_named(session, given.needed("name")).name
    command_id = given.text("id") or new_id()
    receipt = session.desk.execute(
        SavePerson(actor=session.actor, command_id=command_id, name=name, active=False)
    )
    left = int((receipt.answer or {}).get("open_tickets", 0))
    texts = session.texts
    lines = [texts.say("{name} is let in no more; sessions and tokens have ended.", name=name)]
    if left:
        template = (
            "{count} open ticket(s) are still with {name}: "
            "`casewright user absent {name} --hand-over --deputy USER` hands them over."
        )
        lines.append(texts.say(template, count=left, name=name))
    return Answer(document={"user": {"name": name}, "open_tickets": left}, lines=lines)


def _active(given: Given) -> bool | None:
    active, inactive = given.flag("active"), given.flag("inactive")
    if active and inactive:
        raise UsageRefused(reason=message("say --active or --inactive"))
    return active if active or inactive else None


NAME = Option(name="NAME", needed=True, help=text("the login name"))
_ATTRIBUTES = (
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
        name="--phone",
        value="NUMBER",
        help=text("the mobile number for SMS, such as +8613800000000"),
    ),
    Option(name="--email", value="ADDRESS", help=text("the email address")),
    Option(name="--chat", value="ADDRESS", help=text("the address in the chat")),
    Option(
        name="--language",
        value="LANG",
        choices=("en", "zh"),
        help=text("the language of the person's notices: en or zh"),
    ),
    Option(name="--deputy", value="USER", help=text("who stands in when the person is away")),
    Option(
        name="--queue",
        value="QUEUE",
        many=True,
        help=text("a queue that the person serves; repeat it for several, '' for none"),
    ),
    Option(
        name="--calendar",
        value="NAME",
        help=text("the working calendar that says when the person is on duty; '' for always"),
    ),
    Option(
        name="--inactive",
        help=text("no longer works here: gets no tickets and may do nothing"),
    ),
    Option(name="--active", help=text("works here again")),
    AGAIN,
)
_MORE = text("What is not given stays as it is; roles that are given replace the former ones.")

NOUNS = (
    Noun(
        name="user",
        help=text("the staff"),
        verbs=(
            Verb(
                name="add",
                run=add,
                help=text("add a member of staff"),
                more=text("Somebody who is on the staff already is changed by `user edit`."),
                options=(NAME, *_ATTRIBUTES),
            ),
            Verb(
                name="edit",
                run=edit,
                help=text("change a member of staff"),
                more=_MORE,
                options=(NAME, *_ATTRIBUTES),
            ),
            Verb(
                name="disable",
                run=disable,
                help=text("let somebody in no more: their sessions and tokens end"),
                more=text(
                    "Nothing of what they did is lost. `user edit --active` lets them in again."
                ),
                options=(NAME, AGAIN),
            ),
            PASSWD,
            TOTP,
            TOKEN,
            KEY,
            IMPORT,
            Verb(
                name="absent",
                run=absent,
                help=text("note that somebody is away, and who stands in"),
                more=text(
                    "What was noted for the same time before is replaced. Of others, who holds people.absence may say so."
                ),
                options=(
                    NAME,
                    Option(
                        name="--from",
                        value="TIME",
                        help=text("since when (default: now), such as 2026-02-13T09:30"),
                    ),
                    Option(
                        name="--until",
                        value="TIME",
                        help=text(
                            "when the person is back (default: when `user back` says so)"
                        ),
                    ),
                    Option(
                        name="--deputy",
                        value="USER",
                        help=text(
                            "who stands in (default: the person's deputy); '' for nobody"
                        ),
                    ),
                    Option(
                        name="--hand-over",
                        help=text("hand all open tickets over to the deputy at once"),
                    ),
                    AGAIN,
                ),
            ),
            Verb(
                name="back",
                run=back,
                help=text("note that somebody is back"),
                more=text(
                    "Somebody who is not away gives up the next absence that is planned."
                ),
                options=(NAME, AGAIN),
            ),
            Verb(
                name="list",
                run=list_people,
                help=text("list the staff"),
                options=(
                    Option(
                        name="--role", value="ROLE", help=text("only those who have this role")
                    ),
                    Option(name="--away", help=text("only those who are away now")),
                ),
            ),
            Verb(
                name="show",
                run=show,
                help=text("show a member of staff, with the absences to come"),
                options=(NAME,),
            ),
        ),
    ),
)
