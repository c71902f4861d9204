"""`casewright form`: check and show."""

from pathlib import Path

from casewright.cli.answer import Answer
from casewright.cli.grammar import Given, Noun, Option, Verb
from casewright.cli.session import Session
from casewright.cli.workflow import problems_answer
from casewright.errors import NotFound, ProblemsFound, message
from casewright.nearest import hint
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


def show(session: Session, given: Given) -> Answer:
    """Answer with a form of the workspace as it reads."""
    from casewright.cli.form_reading import form_document, form_lines
    from casewright.forms.load import EXTENSIONS, load_form

    name, folder = given.needed("form"), session.config.root / "forms"
    files = {
        file.stem: file
        for file in (sorted(folder.iterdir()) if folder.is_dir() else ())
        if file.suffix in EXTENSIONS
    }
    if name not in files:
        raise NotFound(kind=message("form"), name=name, hint=hint(name, files))
    form, problems = load_form(files[name])
    if form is None:
        raise ProblemsFound.of(problems)
    return Answer(document=form_document(form), lines=form_lines(form, session.texts))


NOUNS = (
    Noun(
        name="form",
        help=text("check and show forms"),
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
            Verb(
                name="show",
                run=show,
                help=text("show what a form of the workspace asks for"),
                options=(
                    Option(
                        name="FORM",
                        needed=True,
                        help=text("its name: the file's, without its ending"),
                    ),
                ),
            ),
        ),
    ),
)
