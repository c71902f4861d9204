"""Everything wrong with workflow files, at once, worst first: their shape, then what they mean."""

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from casewright import strict_yaml
from casewright.document import Document
from casewright.document import Path as DocumentPath
from casewright.errors import FileUnreadable, Place, Problem, YamlRefused, message
from casewright.sla.calendar_file import calendar_files
from casewright.workflows import (
    check_expressions,
    check_fields,
    check_graph,
    check_ladders,
    check_names,
    check_notices,
    check_people,
    check_promises,
    check_shared,
    check_targets,
    check_titles,
    check_undo,
)
from casewright.workflows.codes import problem
from casewright.workflows.inspection import Inspection
from casewright.workflows.load import build
from casewright.workflows.parties import NAME
from casewright.workflows.shape import shape
from casewright.workflows.spec import Workflow
from casewright.workflows.surroundings import (
    CUSTOMERS,
    ROLES,
    Surroundings,
    is_workflow,
    read_surroundings,
    root_of,
)

CHECKS = (
    check_names,
    check_shared,
    check_fields,
    check_expressions,
    check_graph,
    check_people,
    check_promises,
    check_targets,
    check_ladders,
    check_notices,
    check_titles,
    check_undo,
)


def check_paths(paths: Iterable[Path]) -> list[Problem]:
    """Return the problems of workflow files; a folder stands for those in it, or in its `workflows/`."""
    files: list[Path] = []
    problems: list[Problem] = []
    for path in paths:
        found = workflow_files(path)
        files += found
        if not found:
            reason = message("there is no workflow in this folder")
            problems.append(problem("unreadable", reason, Place(str(path))))
    for root in dict.fromkeys(root_of(file) for file in files):
        beside = [file for file in files if root_of(file) == root]
        problems += _check_beside(root, beside)
    return ordered(problems)


def check_workflow(
    workflow: Workflow,
    document: Document,
    surroundings: Surroundings,
    lost: tuple[DocumentPath, ...] = (),
    kept: Mapping[DocumentPath, tuple[int, ...]] = MappingProxyType({}),
) -> list[Problem]:
    """Return what is wrong with a well-shaped workflow among its surroundings, worst first.

    `lost` are the places where something was left out because of its shape: what only follows from
    that is not reported again. `kept` says where the rest of a list stands that lost an entry.
    """
    inspection = Inspection(
        workflow=workflow, document=document, surroundings=surroundings, lost=lost, kept=kept
    )
    for one in CHECKS:
        one.check(inspection)
    return ordered(inspection.problems)


def workflow_files(path: Path) -> Sequence[Path]:
    """Return the workflow files that `path` stands for."""
    if not path.is_dir():
        return [path]
    folder = path / "workflows" if (path / "workflows").is_dir() else path
    return sorted(one for one in folder.iterdir() if is_workflow(one))


def ordered(problems: Iterable[Problem]) -> list[Problem]:
    """Return problems without repetition: grave ones first, then by file and line."""
    unique = {(one.code, one.place, str(one.message)): one for one in problems}
    return sorted(unique.values(), key=lambda one: (not one.grave, one.place, one.code))


def syntax_first(problems: Sequence[Problem]) -> list[Problem]:
    """Return problems worst first; where files are no YAML, the first slip in each of them alone, and that the rest waits.

    What is wrong elsewhere may only follow from that: a field is missing because its form cannot be read.
    """
    slips = ordered(
        one for one in problems if one.code.endswith(".unreadable") and one.place.line
    )
    if not slips:
        return ordered(problems)
    reason = message("what else is wrong, here and in other files, is judged after this")
    return [*slips, problem("not_judged", reason, slips[0].place)]


def _check_beside(root: Path, files: list[Path]) -> list[Problem]:
    surroundings, around = read_surroundings(root, files)
    problems: list[Problem] = []
    used = {"roles", *(path.stem for path in root.glob("tables/*"))}
    used.update(path.stem for path in calendar_files(root))
    used.update(Path(name).stem for name in surroundings.files)
    for file in files:
        found, workflow = _check_file(file, surroundings)
        problems += found
        used.update(workflow.forms if workflow else ())
    return problems + [one for one in around if Path(one.place.file).stem in used]


def _check_file(
    file: Path, surroundings: Surroundings
) -> tuple[list[Problem], Workflow | None]:
    if file.name in (CUSTOMERS, ROLES, *surroundings.files):
        reason = message(
            "no workflow: it is checked and published with the workflows beside it"
        )
        return [problem("no_workflow", reason, Place(str(file)))], None
    try:
        document = strict_yaml.load_file(file)
    except (FileUnreadable, YamlRefused) as refusal:
        place = refusal.place if isinstance(refusal, YamlRefused) else Place(str(file))
        return [problem("unreadable", refusal.reason, place)], None
    shaped = shape(document, surroundings.vocabulary, surroundings.left_out)
    problems = [
        *shaped.problems,
        *_name_differs(document, file),
        *_prefix_taken(document, file, surroundings),
    ]
    workflow = build(shaped)
    if workflow is not None:
        problems += check_workflow(workflow, document, surroundings, shaped.lost, shaped.kept)
    return problems, workflow


def _name_differs(document: Document, file: Path) -> list[Problem]:
    name = document.data.get("workflow") if isinstance(document.data, dict) else None
    if (
        not isinstance(name, str)
        or name in (file.stem, _name_meant(file))
        or not _name_meant(file)
    ):
        return []
    template = "the workflow is called '{name}' and its file '{file}': let them be the same"
    reason = message(template, name=name, file=file.name)
    return [problem("name_differs", reason, document.place(("workflow",)))]


def _prefix_taken(document: Document, file: Path, surroundings: Surroundings) -> list[Problem]:
    prefix = document.data.get("prefix") if isinstance(document.data, dict) else None
    if not isinstance(prefix, str):
        return []
    wanted = surroundings.prefixes.get(prefix, ())
    others = [one.name for one in wanted if one.resolve() != file.resolve()]
    if not others:
        return []
    template = "the prefix '{prefix}' is taken by {files}: each workflow needs its own"
    reason = message(template, prefix=prefix, files=others)
    return [problem("prefix_taken", reason, document.place(("prefix",)))]


def _name_meant(file: Path) -> str:
    """Return `help_desk` for `Help Desk.yaml`, and "" for a file whose name no workflow can have."""
    stem = file.stem.lower()
    name = re.sub(r"[^a-z0-9]+", "_", stem).strip("_") if stem.isascii() else ""
    return name if NAME.fullmatch(name) else ""
