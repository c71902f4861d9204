"""The workspace's files as whoever works on them sees them: what is wrong in each, and what publishing it would change."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from casewright import compact_json
from casewright.answers import CheckedFile, WorkspaceCheck
from casewright.commands import ProposePublication
from casewright.customers.settings import FILE as CUSTOMERS
from casewright.desk.intake.naming import FILE as INTAKE
from casewright.desk.setting_up.change_details import details, differences
from casewright.desk.setting_up.faulty_changes import faulty_lines, published
from casewright.desk.setting_up.file_problems import file_problems
from casewright.desk.setting_up.publication_content import GONE, NEW, changes, content_of
from casewright.desk.setting_up.workspace_files import (
    ROLES,
    TEMPLATES,
    bundles_of,
    files_in,
    lent_to,
    proposal_of,
)
from casewright.errors import Place, Problem, message
from casewright.queries import CheckWorkspace
from casewright.sla.calendar_file import calendar_files
from casewright.store import configuration
from casewright.swift_dataclass import dataclass
from casewright.workflows.check import workflow_files

if TYPE_CHECKING:
    from casewright.desk.asking import Asking

LARGEST_SHOWN = 256 * 1024
SAME, CHANGED = "same", "changed"
_FORM = "form"
_FOLDERS = {
    "calendar": "workflows/calendars",
    "table": "tables",
    "template": TEMPLATES.as_posix(),
}


@dataclass(frozen=True, slots=True)
class _File:
    """A file that publishing takes over: where it is, of which kind, and under which name it is published."""

    path: Path
    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class _Changed:
    """What publishing would change: how each name of a kind stands, and in which lines."""

    standings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    lines: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)


def check_workspace(asking: "Asking", query: CheckWorkspace) -> WorkspaceCheck:
    """Answer what stands in the workspace's folder, file by file, those with problems first."""
    root = asking.root
    files = list(_files(root))
    outside = [one for one in files if not _is_inside(root, one.path)]
    # What leads out of the workspace is not read, and nothing that could quote it is asked.
    problems = [_leads_out(one.path) for one in outside] or file_problems([root])
    grave = any(one.grave for one in problems)
    if outside:
        changed = _Changed()
    else:
        changed = _by_itself(asking, files) if grave else _changed(asking, root, query.actor)
    by_path = _by_path(root, problems)
    found = [_checked(root, one, by_path.pop(one.path, ()), changed) for one in files]
    found += [
        CheckedFile(path=_shown(root, path), kind="", name=path.stem, standing=SAME,
                    problems=_relative(root, own), lines=(), content=None)
        for path, own in by_path.items()
    ]  # fmt: skip
    found += _gone(files, changed)
    ordered = sorted(found, key=lambda one: (not one.problems, one.standing == SAME, one.path))
    return WorkspaceCheck(files=tuple(ordered), publishable=not grave)


def _files(root: Path) -> Iterator[_File]:
    for path in workflow_files(root) if (root / "workflows").is_dir() else ():
        yield _File(path, "workflow", path.stem)
    for kind, paths in (
        (_FORM, files_in(root / "forms")),
        ("table", files_in(root / "tables")),
        ("template", files_in(root / TEMPLATES)),
        ("calendar", calendar_files(root)),
    ):
        yield from (_File(path, kind, path.stem) for path in paths)
    for name, kind in ((ROLES, "role"), (CUSTOMERS, "file"), (INTAKE, "file")):
        if (root / name).is_file():
            yield _File(root / name, kind, name)
    for lent in lent_to(root).files:
        if (root / lent.name).is_file():
            yield _File(root / lent.name, "file", lent.name)


def _is_inside(root: Path, path: Path) -> bool:
    return path.resolve().is_relative_to(root.resolve())


def _leads_out(path: Path) -> Problem:
    reason = message("it leads out of the workspace, and is not read here")
    return Problem(code="unreadable", message=reason, place=Place(str(path)))


def _changed(asking: "Asking", root: Path, actor: str) -> _Changed:
    database, settings = asking.database, asking.library.configuration()
    proposal = _proposed(root, actor)
    content = content_of(proposal)
    found = changes(database, settings, content)
    lines = details(database, settings, content, found, asking.library.plugins.permissions)
    forms = dict(_forms(asking, proposal))
    return _Changed(
        standings={**found, _FORM: {name: standing for name, (standing, _) in forms.items()}},
        lines={**lines, _FORM: {name: said for name, (_, said) in forms.items()}},
    )


def _by_itself(asking: "Asking", files: Iterable[_File]) -> _Changed:
    """Return what differs file by file: while one of them is faulty, nothing can be proposed and compared as a whole."""
    before = published(asking.database, asking.library.configuration())
    named = ((one.path, one.kind, one.name) for one in files)
    standings = defaultdict[str, dict[str, str]](dict)
    lines = defaultdict[str, dict[str, tuple[str, ...]]](dict)
    for kind, name, standing, own in faulty_lines(named, before):
        standings[kind][name], lines[kind][name] = standing, own
    return _Changed(standings=standings, lines=lines)


def _proposed(root: Path, actor: str) -> ProposePublication:
    made = bundles_of(root, [root]) if (root / "workflows").is_dir() else []
    return proposal_of(root, made, actor)


def _forms(
    asking: "Asking", proposal: ProposePublication
) -> Iterator[tuple[str, tuple[str, tuple[str, ...]]]]:
    """Yield by form that would be another how it stands, and in which lines; one that no workflow uses is taken over by none."""
    current = asking.library.configuration().current.values()
    bundles = (configuration.bundle(asking.database, digest) for digest in current)
    before = _forms_in(one for one in bundles if one is not None)
    for name, then in _forms_in(proposal.workflows).items():
        if name not in before:
            yield name, (NEW, ())
        elif before[name] != then:
            yield name, (CHANGED, differences(before[name], then))


def _forms_in(bundles: Iterable[bytes]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for one in bundles:
        found |= compact_json.decode(one)["forms"]
    return found


def _by_path(root: Path, problems: Iterable[Problem]) -> dict[Path, tuple[Problem, ...]]:
    found = defaultdict[Path, tuple[Problem, ...]](tuple)
    for one in problems:
        path = Path(one.place.file)
        found[path if path.is_absolute() else root / path] += (one,)
    return found


def _checked(
    root: Path, file: _File, problems: tuple[Problem, ...], changed: _Changed
) -> CheckedFile:
    standing, lines = _standing(file, changed)
    return CheckedFile(
        path=_shown(root, file.path),
        kind=file.kind,
        name=file.name,
        standing=CHANGED
        if standing == SAME and any(one.grave for one in problems)
        else standing,
        problems=_relative(root, problems),
        lines=lines,
        content=_content(file.path) if _is_inside(root, file.path) else None,
    )


def _standing(file: _File, changed: _Changed) -> tuple[str, tuple[str, ...]]:
    standings, lines = changed.standings.get(file.kind, {}), changed.lines.get(file.kind, {})
    if file.kind != "role":
        return standings.get(file.name, SAME), lines.get(file.name, ())
    if not standings:
        return SAME, ()
    said = tuple(f"{line[:2]}{role}: {line[2:]}" for role, own in lines.items() for line in own)
    return (NEW if set(standings.values()) == {NEW} else CHANGED), said


def _gone(files: Iterable[_File], changed: _Changed) -> Iterator[CheckedFile]:
    there = {(one.kind, one.name) for one in files}
    for kind, names in changed.standings.items():
        for name, standing in names.items():
            if standing == GONE and kind != "role" and (kind, name) not in there:
                folder = _FOLDERS.get(kind)
                yield CheckedFile(
                    path=f"{folder}/{name}.yaml" if folder else name,
                    kind=kind,
                    name=name,
                    standing=GONE,
                    problems=(),
                    lines=changed.lines.get(kind, {}).get(name, ()),
                    content=None,
                )


def _content(path: Path) -> str | None:
    """Return a file as it stands; None where it is too large to be shown, or cannot be read."""
    try:
        if path.stat().st_size > LARGEST_SHOWN:
            return None
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None


def _shown(root: Path, path: Path) -> str:
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name


def _relative(root: Path, problems: Iterable[Problem]) -> tuple[Problem, ...]:
    return tuple(
        replace(one, place=replace(one.place, file=_shown(root, root / one.place.file)))
        for one in problems
    )
