"""`casewright audit`: the proof that no history was changed."""

from collections.abc import Iterator
from pathlib import Path

from casewright.answers import Checkpoint, Verification
from casewright.cli.answer import Answer
from casewright.cli.audit_proof import proof, verdict, verification_document
from casewright.cli.grammar import Given, Noun, Option, Verb
from casewright.cli.output import table
from casewright.cli.refusal import plain
from casewright.cli.session import Session
from casewright.commands import MakeCheckpoint
from casewright.errors import UsageRefused, message
from casewright.queries import LARGEST_PAGE, ListCheckpoints, VerifyAudit
from casewright.texts import text

__all__ = ["NOUNS", "verdict", "verification_document"]


def verify(session: Session, given: Given) -> Answer:
    """Answer with the outcome; not done when a history is broken."""
    file, key = given.text("export"), given.text("key")
    if file is not None:
        return _verify_export(session, Path(file), key)
    if key is not None:
        raise UsageRefused(reason=message("--key goes with --export FILE"))
    found: Verification = session.desk.ask(
        VerifyAudit(actor=session.actor, ticket=given.text("ticket"))
    )
    return _proved(session, found)


def _verify_export(session: Session, file: Path, key: str | None) -> Answer:
    """Verify a file that was exported, for which no workspace is needed."""
    from casewright.desk.sealing.audit_export import verify as verify_export

    return _proved(session, verify_export(file, frozenset({key} if key else ())))


def _proved(session: Session, found: Verification) -> Answer:
    return Answer(
        document=verification_document(found, session.texts),
        lines=proof(found, session.texts),
        done=found.ok,
    )


def checkpoint(session: Session, given: Given) -> Answer:
    """Make a checkpoint, and answer with it."""
    command = MakeCheckpoint(
        actor=session.actor,
        restored=given.text("restored") or "",
        new_key=given.flag("new_key"),
    )
    answer = session.desk.execute(command).answer or {}
    second = session.config.audit.second_place
    said = session.texts.say(
        "Checkpoint {number} is made; its root begins {root}, the key it is signed with {key}.",
        number=answer["checkpoint"],
        root=answer["root"][:16],
        key=answer["key"][:16],
    )
    alone = session.texts.text(
        "It has no second place: name a folder of another machine as second_place under [audit] in casewright.toml."
    )
    return Answer(
        document={**answer, "checkpoint": int(answer["checkpoint"]), "second_place": second},
        lines=[said],
        notes=() if second else (alone,),
    )


def checkpoints(session: Session, given: Given) -> Answer:
    """Answer with the checkpoints, newest first."""
    query = ListCheckpoints(actor=session.actor, limit=LARGEST_PAGE)
    found: tuple[Checkpoint, ...] = session.desk.ask(query)
    documents = [plain(one, session.texts) for one in found]
    return Answer(document={"checkpoints": documents}, lines=_lines(session, found))


def _lines(session: Session, found: tuple[Checkpoint, ...]) -> Iterator[str]:
    texts = session.texts
    if not found:
        yield texts.text("There is no checkpoint yet.")
        return
    titles = [texts.text(one) for one in _COLUMNS]
    rows = [
        (one.number, texts.moment(one.at), one.tickets, one.events, one.root[:16], one.key[:8])
        for one in found
    ]
    yield from table(titles, rows)
    yield texts.say("The newest one lies in: {places}", places=found[0].written_to)


def export(session: Session, given: Given) -> Answer:
    """Write the histories to a file for an auditor."""
    from casewright.cli.copying import audit_exported

    file = Path(given.needed("file")).absolute()
    made = audit_exported(session, file, purpose=given.text("purpose") or "")
    said = session.texts.say(
        "{file}: events {events}, commands {commands}, checkpoints {checkpoints}.",
        file=str(file),
        events=made.events,
        commands=made.commands,
        checkpoints=made.checkpoints,
    )
    return Answer(
        document={
            "file": str(file),
            "events": made.events,
            "commands": made.commands,
            "checkpoints": made.checkpoints,
        },
        lines=[said],
    )


_COLUMNS = (
    text("checkpoint"), text("made"), text("tickets"), text("events"), text("root"), text("signing key"),
)  # fmt: skip

NOUNS = (
    Noun(
        name="audit",
        help=text("prove that histories are whole"),
        verbs=(
            Verb(
                name="verify",
                run=verify,
                help=text("verify every history and name the first broken event"),
                more=text(
                    "All that is on record is compared with its own hashes and with the signed checkpoints, here and in "
                    "the second place. What came after the last checkpoint is said."
                ),
                options=(
                    Option(name="--ticket", value="KEY", help=text("only this ticket's")),
                    Option(
                        name="--export",
                        value="FILE",
                        help=text("a file of `audit export` instead; it needs no workspace"),
                    ),
                    Option(
                        name="--key",
                        value="PUBLIC",
                        help=text(
                            "with --export: the public key that its checkpoints must be signed with"
                        ),
                    ),
                ),
            ),
            Verb(
                name="checkpoint",
                run=checkpoint,
                help=text("seal what is on record by now with a signed checkpoint"),
                more=text(
                    "The worker makes one every hour, or as `every_minutes` under [audit] says."
                ),
                options=(
                    Option(
                        name="--restored",
                        value="REASON",
                        help=text("an older state of the database was put back, and why"),
                    ),
                    Option(
                        name="--new-key",
                        help=text("from now on sign with another key than before"),
                    ),
                ),
            ),
            Verb(
                name="checkpoints",
                run=checkpoints,
                help=text("list the checkpoints, newest first"),
            ),
            Verb(
                name="export",
                run=export,
                help=text("write the histories and checkpoints to a file for an auditor"),
                more=text(
                    "JSON Lines without any private value; what it says and how others verify it stands in docs/audit.md."
                ),
                options=(
                    Option(name="FILE", needed=True, help=text("a file that is not there yet")),
                ),
            ),
        ),
    ),
)
