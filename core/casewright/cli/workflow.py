"""`casewright workflow`: check, list and show workflows; publishing, rehearsing, discovering stand beside it."""

from collections.abc import Sequence

from casewright.cli.answer import Answer
from casewright.cli.grammar import Given, Noun, Option, Verb
from casewright.cli.output import table
from casewright.cli.refusal import plain, problem_document, problem_line
from casewright.cli.session import Session
from casewright.cli.workflow_discovery import DISCOVER
from casewright.cli.workflow_publications import PATHS, PUBLISHING, paths_of
from casewright.cli.workflow_rehearsing import REHEARSE
from casewright.cli.workflow_schema import SCHEMA
from casewright.errors import Problem
from casewright.queries import GetWorkflow, ListWorkflows
from casewright.texts import text


def check(session: Session, given: Given) -> Answer:
    """Answer with everything that is wrong with workflow files."""
    from casewright.desk.setting_up.file_problems import file_problems
    from casewright.workflows.check import workflow_files
    from casewright.workflows.surroundings import files_beside, root_of

    paths = paths_of(session, given)
    files = {file for path in paths for file in workflow_files(path)}
    roots = {root_of(file) for file in files if file not in files_beside(file.parent)}
    files |= {file for root in roots for file in files_beside(root)}
    return problems_answer(session, file_problems(paths), len(files))


def problems_answer(session: Session, problems: Sequence[Problem], files: int) -> Answer:
    """Return an answer that lists problems; it is not done when one of them is grave."""
    texts = session.texts
    grave = sum(problem.grave for problem in problems)
    warnings = len(problems) - grave
    if not problems:
        note = texts.say("{files} file(s) checked: nothing to mend.", files=files)
    else:
        note = texts.say(
            "{files} file(s) checked: {grave} problem(s), {warnings} warning(s).",
            files=files,
            grave=grave,
            warnings=warnings,
        )
    return Answer(
        document={"problems": [problem_document(one, texts) for one in problems]},
        lines=[problem_line(one, texts) for one in problems],
        notes=[note],
        done=not grave,
    )


def list_published(session: Session, given: Given) -> Answer:
    """Answer with the published workflows."""
    texts, found = session.texts, session.desk.ask(ListWorkflows(actor=session.actor))
    titles = [texts.text(one) for one in (_NAME, _TITLE, _VERSION, _PUBLISHED, _BY, _OPEN)]
    rows = [
        (
            one.name,
            one.title.of(texts.lang),
            one.digest[:12],
            texts.moment(one.published_at)[: len("2026-02-14")],
            one.published_by,
            one.open_tickets,
        )
        for one in found
    ]
    names = (
        "name",
        "title",
        "digest",
        "published_at",
        "published_by",
        "current",
        "open_tickets",
    )
    documents = [{name: plain(getattr(one, name), texts) for name in names} for one in found]
    empty = [
        texts.text("No workflow is published yet; `casewright workflow publish` does that.")
    ]
    return Answer(
        document={"workflows": documents}, lines=table(titles, rows) if rows else empty
    )


def show(session: Session, given: Given) -> Answer:
    """Answer with a published workflow as it reads."""
    from casewright.cli.workflow_reading import workflow_document, workflow_lines

    query = GetWorkflow(
        actor=session.actor, workflow=given.needed("workflow"), digest=given.text("digest")
    )
    workflow, forms = session.desk.ask(query)
    return Answer(
        document=workflow_document(workflow, forms),
        lines=workflow_lines(workflow, session.texts),
    )


_NAME, _TITLE, _VERSION = text("name"), text("title"), text("version")
_PUBLISHED, _BY, _OPEN = text("published"), text("by"), text("open tickets")

NOUNS = (
    Noun(
        name="workflow",
        help=text("check, publish, show and discover workflows"),
        verbs=(
            Verb(
                name="check",
                run=check,
                help=text("say everything that is wrong with workflow files, worst first"),
                options=(PATHS,),
            ),
            Verb(name="list", run=list_published, help=text("list the published workflows")),
            Verb(
                name="show",
                run=show,
                help=text(
                    "show a published workflow: its states, the ways between them, its promises"
                ),
                options=(
                    Option(name="WORKFLOW", needed=True, help=text("its name")),
                    Option(
                        name="--digest",
                        value="DIGEST",
                        help=text("an earlier version (default: the current one)"),
                    ),
                ),
            ),
            *PUBLISHING,
            REHEARSE,
            DISCOVER,
            SCHEMA,
        ),
    ),
)
