"""`casewright announcement`: what is announced to the staff, and who has read it."""

from casewright.answers import Announcement
from casewright.cli.announcement_showing import (
    document,
    list_announcements,
    number,
    readers,
    show,
)
from casewright.cli.answer import Answer
from casewright.cli.grammar import AGAIN, Given, Noun, Option, Verb
from casewright.cli.session import Session
from casewright.cli.typed import moment
from casewright.commands import (
    PublishAnnouncement,
    ReadAnnouncement,
    WithdrawAnnouncement,
    new_id,
)
from casewright.queries import GetAnnouncement
from casewright.texts import text


def publish(session: Session, given: Given) -> Answer:
    """Announce something to groups."""
    command = PublishAnnouncement(
        actor=session.actor,
        command_id=given.text("id") or new_id(),
        title={"en": given.needed("title_en"), "zh": given.needed("title_zh")},
        text={"en": given.needed("text_en"), "zh": given.needed("text_zh")},
        to=given.all("to"),
        pinned=given.flag("pin"),
        start=moment(session, given, "from"),
        end=moment(session, given, "until"),
    )
    receipt = session.desk.execute(command)
    found = _known(session, int((receipt.answer or {})["number"]))
    said = session.texts.say("Announcement {number} is published.", number=found.number)
    return Answer(document={"announcement": document(found)}, lines=[said])


def read(session: Session, given: Given) -> Answer:
    """Confirm that one has read an announcement."""
    command = ReadAnnouncement(
        actor=session.actor, command_id=given.text("id") or new_id(), number=number(given)
    )
    session.desk.execute(command)
    found = _known(session, command.number)
    said = session.texts.say("You confirmed it on {moment}.", moment=found.read_at)
    return Answer(document={"announcement": document(found)}, lines=[said])


def withdraw(session: Session, given: Given) -> Answer:
    """Take an announcement back."""
    command = WithdrawAnnouncement(
        actor=session.actor, command_id=given.text("id") or new_id(), number=number(given)
    )
    session.desk.execute(command)
    said = session.texts.say("Announcement {number} is withdrawn.", number=command.number)
    return Answer(document={"announcement": {"number": command.number}}, lines=[said])


def _known(session: Session, number: int) -> Announcement:
    found: Announcement = session.desk.ask(GetAnnouncement(actor=session.actor, number=number))
    return found


NUMBER = Option(name="NUMBER", needed=True, help=text("the announcement's number"))

NOUNS = (
    Noun(
        name="announcement",
        help=text("what is announced to the staff"),
        verbs=(
            Verb(
                name="publish",
                run=publish,
                help=text("announce something to groups of the staff"),
                options=(
                    Option(
                        name="--to",
                        value="GROUP",
                        many=True,
                        needed=True,
                        help=text(
                            "everybody, role:x, team:x, department:x or user:x; repeat it for several"
                        ),
                    ),
                    Option(
                        name="--title-en",
                        value="TEXT",
                        needed=True,
                        help=text("the title in English"),
                    ),
                    Option(
                        name="--title-zh",
                        value="TEXT",
                        needed=True,
                        help=text("the title in Chinese"),
                    ),
                    Option(
                        name="--text-en",
                        value="TEXT",
                        needed=True,
                        help=text("the text in English"),
                    ),
                    Option(
                        name="--text-zh",
                        value="TEXT",
                        needed=True,
                        help=text("the text in Chinese"),
                    ),
                    Option(name="--pin", help=text("keep it above others")),
                    Option(
                        name="--from",
                        value="TIME",
                        help=text("since when (default: now), such as 2026-02-13T09:30"),
                    ),
                    Option(
                        name="--until",
                        value="TIME",
                        help=text("how long it is shown (default: until it is withdrawn)"),
                    ),
                    AGAIN,
                ),
            ),
            Verb(
                name="list",
                run=list_announcements,
                help=text("list what is announced to you now, unread first"),
                options=(
                    Option(
                        name="--all",
                        help=text("everything there ever was, for those who may publish"),
                    ),
                ),
            ),
            Verb(
                name="show",
                run=show,
                help=text("show one announcement"),
                options=(NUMBER,),
            ),
            Verb(
                name="read",
                run=read,
                help=text("confirm that you have read one"),
                options=(NUMBER, AGAIN),
            ),
            Verb(
                name="readers",
                run=readers,
                help=text("show who has read one, when, and who has not"),
                options=(NUMBER,),
            ),
            Verb(
                name="withdraw",
                run=withdraw,
                help=text("take one back"),
                options=(NUMBER, AGAIN),
            ),
        ),
    ),
)
