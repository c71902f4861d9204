"""`casewright customer check`: what is wrong with `customers.yaml`."""

from pathlib import Path

from casewright.cli.answer import Answer
from casewright.cli.grammar import Given, Option, Verb
from casewright.cli.session import Session
from casewright.cli.workflow import problems_answer
from casewright.texts import text


def check(session: Session, given: Given) -> Answer:
    """Answer with everything wrong with the file."""
    from casewright.customers.file import FILE, load

    named = given.text("file")
    path = Path(named) if named else session.config.root / FILE
    return problems_answer(session, load(path, root=session.config.root)[1], 1)


CHECK = Verb(
    name="check",
    run=check,
    help=text("check customers.yaml: surveys and the rules of churn risk"),
    more=text("`casewright workflow publish` takes the file over, and refuses it likewise."),
    options=(
        Option(name="FILE", help=text("the file (default: customers.yaml of the workspace)")),
    ),
)
