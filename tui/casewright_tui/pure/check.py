"""What a check of the workspace found: its files with their problems, a faulty line in its context, and a change in words."""

from collections.abc import Mapping, Sequence

from casewright.answers import CheckedFile, ProposedPublication, Published
from casewright.errors import Problem
from casewright.texts import Texts, text
from casewright_tui.lines import Line, Lines, Piece, Tone, line, paragraph, piece
from casewright_tui.width import cells, clean, fit, fit_right

STANDINGS: Mapping[str, tuple[str, Tone]] = {
    "new": (text("new"), "added"),
    "changed": (text("changed"), "warn"),
    "same": (text("as published"), "dim"),
    "gone": (text("gone"), "gone"),
}
FILE, WORKFLOW, PUBLICATION = "file:", "workflow:", "publication:"
"""How ids of lines begin."""


def listed(
    files: Sequence[CheckedFile],
    published: Sequence[Published],
    waiting: Sequence[ProposedPublication],
    texts: Texts,
    width: int,
) -> Lines:
    """Return what waits for approval, the published workflows, and the files that are not as published or have problems."""
    lines: list[Line] = []
    faulty = [one for one in files if one.problems]
    if faulty:
        lines.append(_heading(texts.text("Files with problems")))
        lines += [_file(one, texts).filled(width) for one in faulty]
    if waiting:
        lines += [Line()] if lines else []
        lines.append(_heading(texts.text("Waiting for approval")))
        lines += [_waiting(one, texts).filled(width) for one in waiting]
    lines += [Line()] if lines else []
    lines.append(_heading(texts.text("Published workflows")))
    for one in published:
        if one.current:
            versions = [other for other in published if other.name == one.name]
            lines.append(_workflow(one, versions, texts).filled(width))
    changed = [one for one in files if not one.problems and one.standing != "same"]
    if changed:
        lines += [Line(), _heading(texts.text("Not published yet"))]
        lines += [_file(one, texts).filled(width) for one in changed]
    return lines


def versions(
    published: Sequence[Published], name: str, people: Mapping[str, str], texts: Texts
) -> Lines:
    """Return the versions of a workflow, each with the tickets that run by it."""
    lines = []
    for one in published:
        if one.name == name:
            by = people.get(one.published_by, one.published_by)
            said = texts.say("{moment} by {person}", moment=one.published_at, person=by)
            count = texts.say("{count} open", count=one.open_tickets)
            sign = texts.text("current") if one.current else ""
            lines.append(
                line(
                    piece(fit(one.digest[:8], 10), "dim"),
                    piece(said),
                    piece(f"  {count} "),
                    piece(sign, "good"),
                )
            )
    return lines


def problems(one: CheckedFile, texts: Texts, width: int) -> Lines:
    """Return the problems of a file, each with its place."""
    lines: list[Line] = []
    for index, problem in enumerate(one.problems):
        tone: Tone = "bad" if problem.grave else "warn"
        broken = paragraph(texts.render(problem.message), max(10, width - 2), indent=2)
        lines.append(line(piece(str(problem.place), tone), id=str(index)))
        lines += broken
    return lines


def source(
    one: CheckedFile, problem: Problem | None, texts: Texts, width: int
) -> tuple[Lines, int]:
    """Return a file with numbered lines, a caret under the faulty column and what is wrong there; and where that stands."""
    if one.content is None:
        return [
            line(
                piece(texts.text("The file cannot be shown: it is gone, or too large."), "dim")
            )
        ], 0
    written = one.content.splitlines() or [""]
    digits = len(str(len(written)))
    at = min(problem.place.line, len(written)) if problem is not None else 0
    lines: list[Line] = []
    stands = 0
    for number, each in enumerate(written, 1):
        faulty = number == at
        mark = Piece("> " if faulty else "  ", "bad")
        shown = piece(each, "strong" if faulty else "")
        lines.append(
            line(
                mark,
                Piece(fit_right(str(number), digits) + "  ", "dim"),
                shown,
                id=f"line-{number}",
            )
        )
        if faulty and problem is not None:
            stands = len(lines) - 1
            before = cells(clean(each[: max(0, problem.place.column - 1)]))
            gap = Piece(" " * min(max(0, width - 1), digits + 4 + before))
            lines.append(line(gap, Piece("^", "bad")))
            lines += paragraph(
                texts.render(problem.message),
                max(10, width - digits - 4),
                "bad",
                indent=digits + 4,
            )
    return lines, stands


def changes(one: CheckedFile, texts: Texts, width: int) -> Lines:
    """Return what publishing a file would change, in words."""
    if not one.lines:
        said = (
            texts.text("Against what is published it changes nothing, or cannot be read.")
            if one.problems
            else texts.text("Publishing it would change nothing that it says.")
        )
        return paragraph(said, width, "dim")
    return [part for each in one.lines for part in _change(each, width)]


def publication(
    one: ProposedPublication, people: Mapping[str, str], texts: Texts, width: int
) -> Lines:
    """Return a proposal: who proposed it, and what it would change."""
    by = people.get(one.proposed_by, one.proposed_by)
    said = texts.say("Proposed by {person}, {moment}", person=by, moment=one.proposed_at)
    lines = [*paragraph(said, width, "title")]
    lines += paragraph(one.note, width) if one.note else []
    lines += paragraph(texts.say("digest: {digest}", digest=one.digest), width, "dim")
    for kind, names in one.changes.items():
        for name, change in names.items():
            title, tone = STANDINGS.get(change, (change, ""))
            lines += [
                Line(),
                line(piece(f"{kind} {name}  ", "strong"), piece(texts.text(title), tone)),
            ]
            for each in one.details.get(kind, {}).get(name, ()):
                lines += _change(each, width)
    return lines


def _change(each: str, width: int) -> list[Line]:
    tone: Tone = "added" if each.startswith("+") else "gone" if each.startswith("-") else ""
    return paragraph(each, max(8, width - 1), tone, indent=1)


def _heading(title: str) -> Line:
    return line(piece(title, "title"))


def _file(one: CheckedFile, texts: Texts) -> Line:
    title, tone = STANDINGS.get(one.standing, (one.standing, ""))
    count = texts.say("{count} problems", count=len(one.problems)) if one.problems else ""
    return line(
        piece(fit(one.path, 34) + " "), piece(count, "bad"), Piece("  " if count else ""), piece(texts.text(title), tone),
        id=FILE + one.path,
    )  # fmt: skip


def _waiting(one: ProposedPublication, texts: Texts) -> Line:
    return line(
        piece(f"#{one.number}  ", "strong"),
        piece(texts.say("{person}, {moment}", person=one.proposed_by, moment=one.proposed_at)),
        piece(f"  {one.note}", "dim"),
        id=f"{PUBLICATION}{one.number}",
    )


def _workflow(one: Published, every: Sequence[Published], texts: Texts) -> Line:
    count = sum(other.open_tickets or 0 for other in every)
    said = texts.say("versions: {versions}, open: {count}", versions=len(every), count=count)
    return line(
        piece(fit(one.title.of(texts.lang), 16) + " ", "strong"), piece(said), piece(f"  {one.name}", "dim"),
        id=WORKFLOW + one.name,
    )  # fmt: skip
