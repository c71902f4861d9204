"""`casewright form`: check."""

from pathlib import Path

from casewright.cli.answer import Answer
from casewright.cli.grammar import Given, Noun, Option, Verb
from casewright.cli.session import Session
from casewright.cli.workflow import problems_answer
from casewright.texts import text


def check(session: Session, given: Given) -> Answer:
    """Answer with everything that is wrong with form files."""
    from casewright.forms.load import EXTENSIONS, load_form
    from casewright.workflows.check import ordered

    named = [Path(one) for one in given.all("path")] or [session.config.root / "forms"]
    files = [
        file
        for path in named
        for file in (sorted(path.iterdir()) if path.is_dir() else [path])
        if file.suffix in EXTENSIONS or not path.is_dir()
    ]
    problems = [problem for file in files for problem in load_form(file)[1]]
    return problems_answer(session, ordered(problems), len(files))


NOUNS = (
    Noun(
        name="form",
        help=text("check forms"),
        verbs=(
            Verb(
                name="check",
                run=check,
                help=text("say everything that is wrong with form files, worst first"),
                options=(
                    Option(
                        name="PATH",
                        many=True,
                        help=text("files or folders (default: the workspace's forms)"),
                    ),
                ),
            ),
        ),
    ),
)
