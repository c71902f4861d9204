"""`casewright workflow schema`: the JSON Schema by which editors complete workflow files, with the words of the workspace's plugins."""

from pathlib import Path
from typing import TYPE_CHECKING

from casewright.cli.answer import Answer
from casewright.cli.grammar import Given, Option, Verb
from casewright.cli.session import Session
from casewright.errors import FileUnreadable, WorkspaceNotFound, message
from casewright.texts import text

if TYPE_CHECKING:
    from casewright.config import Config
    from casewright.contributions import Vocabulary

FILE = Path("schemas", "workflow.schema.json")
"""Where a workspace keeps it; the first line of its workflow files names it."""


def schema(session: Session, given: Given) -> Answer:
    """Answer with the schema, or write it into the workspace."""
    from casewright.workflows.schema import schema_text, workflow_schema
    from casewright.workflows.surroundings import lent_by_plugins

    lent = lent_by_plugins(session.config if given.flag("write") else _config(session))
    notes = []
    if lent.left_out:
        template = "Plugins that are left out, whose words are not in it: {plugins}."
        notes.append(session.texts.say(template, plugins=sorted(lent.left_out)))
    if not given.flag("write"):
        return Answer(
            document=workflow_schema(lent.vocabulary),
            lines=schema_text(lent.vocabulary).splitlines(),
            notes=notes,
        )
    path = write_schema(session.config.root, lent.vocabulary)
    line = session.texts.say("The schema was written to {file}.", file=str(path))
    return Answer(document={"file": str(path)}, lines=[line], notes=notes)


def write_schema(root: Path, vocabulary: "Vocabulary") -> Path:
    """Write the schema into the workspace and return where it stands."""
    from casewright.workflows.schema import schema_text

    path = root / FILE
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(schema_text(vocabulary), encoding="utf-8")
    except OSError as error:
        reason = message("it cannot be written ({problem})", problem=error.strerror or "")
        raise FileUnreadable(file=str(path), reason=reason) from None
    return path


def _config(session: Session) -> "Config | None":
    try:
        return session.config
    except WorkspaceNotFound:
        return None


SCHEMA = Verb(
    name="schema",
    run=schema,
    help=text("print the JSON Schema of workflow files, by which editors complete them"),
    more=text(
        "The words of the workspace's plugins are in it; without a workspace, the language's own."
    ),
    options=(
        Option(
            name="--write",
            help=text("write it to schemas/workflow.schema.json of the workspace instead"),
        ),
    ),
)
