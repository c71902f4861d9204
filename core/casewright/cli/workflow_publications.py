"""`casewright workflow publish` and what follows: what was proposed, who approves it, who refuses it and why."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from casewright.answers import Published
from casewright.cli.answer import Answer
from casewright.cli.grammar import AGAIN, Given, Option, Verb
from casewright.cli.publication_showing import (
    changes,
    changes_document,
    document_of,
    found_publication,
    list_publications,
    number_of,
    show,
)
from casewright.cli.session import Session
from casewright.commands import DecidePublication, WithdrawPublication, new_id
from casewright.errors import CasewrightError
from casewright.queries import ListWorkflows
from casewright.texts import Texts, text


def publish(session: Session, given: Given) -> Answer:
    """Propose workflow files with all that stands beside them; where nobody else may approve it, it holds at once."""
    from casewright.desk import publish_workspace

    texts = session.texts
    came = publish_workspace(
        session.desk,
        session.config.root,
        paths_of(session, given),
        actor=session.actor,
        note=given.text("note") or "",
    )
    files = [{"name": name, "change": one} for name, one in came.files.items()]
    document: dict[str, Any] = {"state": came.state, "publication": came.number}
    if came.state == "waiting":
        document |= {"published": [], "changes": changes_document(came.changes)}
        lines = [
            texts.say(
                "Proposed as publication {number}; nothing has changed yet.", number=came.number
            ),
            *changes(came.changes, texts),
            texts.say(
                "Somebody else approves it: `casewright workflow approve {number}`.",
                number=came.number,
            ),
        ]
        return Answer(document=document, lines=lines)
    document |= {"published": [_version(one) for one in came.workflows], "files": files}
    lines = [_published(one, texts) for one in came.workflows]
    lines += [texts.say(_FILES[one], name=name) for name, one in came.files.items()]
    notes = (
        [texts.text("Nothing has changed: all this is published already.")]
        if came.state == "unchanged"
        else []
    )
    return Answer(document=document, lines=lines, notes=notes)


def approve(session: Session, given: Given) -> Answer:
    """Put what somebody proposed in force."""
    number = number_of(given)
    seen = found_publication(session, number)
    session.desk.execute(
        DecidePublication(
            actor=session.actor,
            command_id=given.text("id") or new_id(),
            publication=number,
            grant=True,
            digest=given.text("digest") or seen.digest,
        )
    )
    found = found_publication(session, number)
    current: tuple[Published, ...] = session.desk.ask(ListWorkflows(actor=session.actor))
    published = [
        one for one in current if one.current and one.name in found.changes.get("workflow", {})
    ]
    said = session.texts.say("Publication {number} is in force.", number=number)
    return Answer(
        document={"publication": document_of(found, session.texts)},
        lines=[
            said,
            *(_published(one, session.texts) for one in published),
            *changes(_roles_of(found.changes), session.texts, found.details),
        ],
    )


def _roles_of(changed: Mapping[str, Mapping[str, str]]) -> Mapping[str, Mapping[str, str]]:
    """Return what became of roles: who may do more than before is said without being asked."""
    return {kind: names for kind, names in changed.items() if kind == "role"}


def refuse(session: Session, given: Given) -> Answer:
    """Refuse what somebody proposed, and say why."""
    number = number_of(given)
    session.desk.execute(
        DecidePublication(
            actor=session.actor,
            command_id=given.text("id") or new_id(),
            publication=number,
            grant=False,
            reason=given.needed("reason"),
        )
    )
    said = session.texts.say("Publication {number} is refused.", number=number)
    document = document_of(found_publication(session, number), session.texts)
    return Answer(document={"publication": document}, lines=[said])


def withdraw(session: Session, given: Given) -> Answer:
    """Take back what one proposed oneself."""
    number = number_of(given)
    session.desk.execute(
        WithdrawPublication(
            actor=session.actor, command_id=given.text("id") or new_id(), publication=number
        )
    )
    said = session.texts.say("Publication {number} is taken back.", number=number)
    document = document_of(found_publication(session, number), session.texts)
    return Answer(document={"publication": document}, lines=[said])


def paths_of(session: Session, given: Given) -> list[Path]:
    """Return the files and folders named, the workspace's own workflows where none is."""
    named = [Path(one) for one in given.all("path")]
    return named or [_own_folder(session)]


def _own_folder(session: Session) -> Path:
    try:
        return session.config.root / "workflows"
    except CasewrightError:
        if (session.folder / "workflows").is_dir():
            return session.folder / "workflows"
        raise


def _version(one: Published) -> dict[str, str]:
    return {"name": one.name, "digest": one.digest}


def _published(one: Published, texts: Texts) -> str:
    template = "{name} ({title}) is published as version {digest}."
    return texts.say(template, name=one.name, title=one.title, digest=one.digest[:12])


_FILES = {
    "taken_over": text("{name} is taken over."),
    "unchanged": text("{name} is unchanged."),
    "gone": text("{name} is not there any more, and is no longer in force."),
}
_PUBLICATION = Option(name="NUMBER", needed=True, help=text("the publication's number"))
PATHS = Option(
    name="PATH",
    many=True,
    help=text("files or folders (default: the workspace's workflows)"),
)

PUBLISHING = (
    Verb(
        name="publish",
        run=publish,
        help=text("check workflow files and propose them as the current versions"),
        more=text(
            "Roles, tables and the like are proposed with them. Somebody else approves; where nobody else may, they hold at once."
            " Running tickets stay with the version they began with."
        ),
        options=(
            PATHS,
            Option(
                name="--note",
                value="TEXT",
                help=text("what it is for, for whoever approves it"),
            ),
        ),
    ),
    Verb(
        name="approve",
        run=approve,
        help=text("approve what somebody else proposed: exactly that is published"),
        more=text("`casewright workflow publication NUMBER` shows what it changes."),
        options=(
            _PUBLICATION,
            Option(
                name="--digest",
                value="DIGEST",
                help=text("the digest of what was shown; refused where it is another"),
            ),
            AGAIN,
        ),
    ),
    Verb(
        name="refuse",
        run=refuse,
        help=text("refuse what somebody proposed"),
        options=(
            _PUBLICATION,
            Option(name="--reason", value="TEXT", needed=True, help=text("why")),
            AGAIN,
        ),
    ),
    Verb(
        name="withdraw",
        run=withdraw,
        help=text("take back what you proposed yourself"),
        options=(_PUBLICATION, AGAIN),
    ),
    Verb(
        name="publications",
        run=list_publications,
        help=text("list what was proposed, newest first"),
        options=(
            Option(name="--waiting", help=text("only what waits for approval")),
            Option(name="--before", value="NUMBER", help=text("only older ones than this")),
        ),
    ),
    Verb(
        name="publication",
        run=show,
        help=text("show what was proposed, by whom, and what it changes"),
        options=(
            _PUBLICATION,
            Option(name="--all", help=text("every line that changes, however many")),
        ),
    ),
)
