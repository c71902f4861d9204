"""`casewright user key`: the SSH keys by which people come in."""

import sys
from collections.abc import Iterator
from pathlib import Path

from casewright.access import ssh_keys
from casewright.answers import SshKeyOnFile
from casewright.cli.answer import Answer
from casewright.cli.grammar import AGAIN, Given, Option, Verb
from casewright.cli.output import table
from casewright.cli.session import Session
from casewright.commands import AddKey, RemoveKey, new_id
from casewright.errors import FileUnreadable, UsageRefused, message
from casewright.queries import ListKeys
from casewright.texts import text


def key(session: Session, given: Given) -> Answer:
    """Add a key of somebody, list theirs, or remove one."""
    return _DOINGS[given.needed("what")](session, given)


def _add(session: Session, given: Given) -> Answer:
    file = given.text("file")
    if file is None:
        reason = message("name the file of the public key, or - for standard input")
        raise UsageRefused(reason=reason)
    actor = session.actor
    command = AddKey(
        actor=actor,
        command_id=given.text("id") or new_id(),
        name=given.text("name") or actor,
        key=_content(file),
        label=given.text("label") or "",
    )
    answer = session.desk.execute(command).answer or {}
    fingerprint = answer["fingerprint"]
    said = session.texts.say(
        "{name} comes in by SSH with the key {fingerprint} now.",
        name=command.name,
        fingerprint=fingerprint,
    )
    return Answer(document={"user": command.name, "fingerprint": fingerprint}, lines=[said])


def _list(session: Session, given: Given) -> Answer:
    query = ListKeys(actor=session.actor, name=given.text("name") or "")
    found: tuple[SshKeyOnFile, ...] = session.desk.ask(query)
    titles = [session.texts.text(one) for one in _COLUMNS]
    none = [session.texts.text("There are no keys.")]
    return Answer(
        document={"keys": [_document(one) for one in found]},
        lines=table(titles, list(_rows(session, found)), whole={0}) if found else none,
    )


def _remove(session: Session, given: Given) -> Answer:
    actor, fingerprint = session.actor, given.text("fingerprint") or ""
    if not ssh_keys.is_fingerprint(fingerprint):
        reason = message("name the key: --fingerprint SHA256:..., as `user key list` shows it")
        raise UsageRefused(reason=reason)
    command = RemoveKey(
        actor=actor,
        command_id=given.text("id") or new_id(),
        name=given.text("name") or actor,
        fingerprint=fingerprint,
    )
    session.desk.execute(command)
    said = session.texts.say(
        "The key {fingerprint} of {name} serves no more.",
        name=command.name,
        fingerprint=fingerprint,
    )
    document = {"user": command.name, "fingerprint": fingerprint, "removed": True}
    return Answer(document=document, lines=[said])


def _content(file: str) -> str:
    from casewright import regular_file

    if file == "-":
        octets = sys.stdin.buffer.read(ssh_keys.LONGEST + 1)
    else:
        octets = regular_file.read(Path(file), limit=ssh_keys.LONGEST)
    try:
        return octets.decode("utf-8")
    except UnicodeDecodeError:
        raise FileUnreadable(file=file, reason=message("it is not UTF-8")) from None


def _rows(session: Session, found: tuple[SshKeyOnFile, ...]) -> Iterator[tuple[object, ...]]:
    for one in found:
        used = session.moment(one.used_at) if one.used_at else session.texts.text("never")
        yield one.fingerprint, one.label, session.moment(one.created_at), used


def _document(one: SshKeyOnFile) -> dict[str, object]:
    return {
        "fingerprint": one.fingerprint,
        "user": one.person,
        "label": one.label,
        "key": one.line,
        "added_at": one.created_at.isoformat(),
        "added_by": one.created_by,
        "used_at": one.used_at.isoformat() if one.used_at else None,
    }


_DOINGS = {"add": _add, "list": _list, "remove": _remove}
_COLUMNS = (text("fingerprint"), text("what for"), text("added"), text("used"))

KEY = Verb(
    name="key",
    run=key,
    help=text("add, list and remove the keys by which somebody comes in by SSH"),
    more=text(
        "Everybody keeps their own; those of others, who holds people.edit. A new password removes all keys, as it ends tokens."
    ),
    options=(
        Option(
            name="WHAT",
            needed=True,
            choices=("add", "list", "remove"),
            help=text("add, list or remove"),
        ),
        Option(name="NAME", help=text("the login name (default: whoever acts)")),
        Option(
            name="FILE",
            help=text("the file of the public key to add, or - for standard input"),
        ),
        Option(
            name="--fingerprint",
            value="FINGERPRINT",
            help=text("which key to remove, as the list shows it"),
        ),
        Option(name="--label", value="TEXT", help=text("what it is for")),
        AGAIN,
    ),
)
