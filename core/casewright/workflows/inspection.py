"""One workflow under inspection: the workflow, its file, its surroundings, and the problems found so far."""

from collections.abc import Collection, Mapping
from dataclasses import field
from functools import cached_property
from typing import Any

from casewright.document import Document, Path
from casewright.errors import Message, Place, Problem, message
from casewright.forms.spec import Field
from casewright.swift_dataclass import dataclass
from casewright.workflows import values
from casewright.workflows.codes import problem
from casewright.workflows.guesses import Guesses
from casewright.workflows.spec import Transition, Workflow
from casewright.workflows.surroundings import Surroundings
from casewright.workflows.ways import Ways, meant, ways


@dataclass(kw_only=True)
class Inspection:
    """What the checks share; `lost` are the places where a part of a wrong shape was left out.

    Paths are those of the workflow that was read; `kept` tells where in the file an entry stands
    whose list lost another.
    """

    workflow: Workflow
    document: Document
    surroundings: Surroundings
    lost: tuple[Path, ...] = ()
    kept: Mapping[Path, tuple[int, ...]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    guesses: Guesses = field(default_factory=Guesses)
    _seen: set[tuple[str, Place, str]] = field(default_factory=set)

    def report(self, code: str, path: Path, reason: Message, *, key: bool = False) -> None:
        """Record a problem at the value of `path`, or at its key."""
        at = self._in_file(path)
        place = self.document.key_place(at) if key else self.document.place(at)
        self._record(code, place, reason)

    def report_inside(self, code: str, path: Path, offset: int, reason: Message) -> None:
        """Record a problem at one character of the expression at `path`."""
        sign = 1 if str(self.at(path)).startswith("=") else 0
        place = self.document.text_place(self._in_file(path), offset + sign)
        self._record(code, place, reason)

    def unknown(
        self,
        kind: str,
        path: Path,
        name: str,
        known: Collection[str],
        what: Message,
        *,
        offset: int | None = None,
    ) -> None:
        """Record that `name` names nothing; `what` says what was looked for, `offset` where inside a text."""
        template = "there is no {what} '{name}'{hint}"
        reason = message(template, what=what, name=name, hint=self.guesses.hint(name, known))
        if offset is None:
            self.report(f"unknown_{kind}", path, reason)
        else:
            self.report_inside(f"unknown_{kind}", path, offset, reason)

    def state_path(self, state: str) -> Path:
        """Return where a state stands in the file."""
        outer, _, inner = state.rpartition(".")
        return ("states", outer, "states", inner) if outer else ("states", state)

    def transition_path(self, state: str, transition: str) -> Path:
        """Return where a state's transition stands: in it, in its outer state, or among the shared ones."""
        own = self.state_path(state)
        for at in (own, own[:2]):
            if transition in self.at((*at, "transitions")):
                return (*at, "transitions", transition)
            if transition in self.naming.get(at, ()):
                return ("shared", transition)
        return (*own, "transitions", transition)

    def at(self, path: Path) -> Any:
        """Return the file's data at `path`, or nothing."""
        data = self.document.data
        for step in self._in_file(path):
            if isinstance(data, dict):
                data = data.get(step)
            elif isinstance(data, list) and isinstance(step, int) and step < len(data):
                data = data[step]
            elif isinstance(step, str):
                data = None
        return data if isinstance(data, dict | list | str) else {}

    def _in_file(self, path: Path) -> Path:
        """Return where in the file stands what was read at `path`."""
        if not self.kept:
            return path
        found: Path = ()
        for step in path:
            entries = self.kept.get(found, ())
            if isinstance(step, int) and step < len(entries):
                step = entries[step]
            found = (*found, step)
        return found

    @cached_property
    def fields(self) -> dict[str, Field]:
        """The fields of all the workflow's forms; an unknown form counts as the one probably meant."""
        known = self.surroundings.forms
        found: dict[str, Field] = {}
        for name in self.workflow.forms:
            form = known.get(name)
            if form is None and name not in self.surroundings.broken:
                form = known.get(self.guesses.nearest(name, known) or "")
            for one in form.fields.values() if form else ():
                found.setdefault(one.name, one)
        return found

    @cached_property
    def fields_are_known(self) -> bool:
        """Whether every form of the workflow could be read, so that a strange field is a mistake."""
        known, broken = self.surroundings.forms, self.surroundings.broken
        return all(
            name in known or (name not in broken and self.guesses.nearest(name, known))
            for name in self.workflow.forms
        )

    def opened_with(self, workflow: str) -> Mapping[str, Field]:
        """Return the fields that a ticket of `workflow` is opened with, none where they are not known."""
        own = {self.workflow.name: self.workflow.form}
        form = self.surroundings.forms.get(
            {**self.surroundings.workflows, **own}.get(workflow) or ""
        )
        return form.fields if form else {}

    @cached_property
    def ways(self) -> Ways:
        """The ways out of every state."""
        return ways(self.workflow, self.guesses)

    @cached_property
    def starts(self) -> tuple[str, ...]:
        """The states that a new ticket may begin in; an unknown one counts as the one probably meant."""
        workflow = self.workflow
        named = [case.to for case in workflow.starts] or [workflow.start]
        found = (meant(workflow, name, self.guesses) for name in named)
        return tuple(dict.fromkeys(name for name in found if name))

    @cached_property
    def transitions(self) -> dict[str, list[str]]:
        """The states that have each transition; a misspelt shared one counts as the one probably meant."""
        found: dict[str, list[str]] = {}
        for state in self.workflow.states.values():
            for name in state.transitions:
                found.setdefault(name, []).append(state.name)
        for path, names in self.misspelt.items():
            for near in filter(None, (self.guesses.nearest(one, self.shared) for one in names)):
                found.setdefault(near, []).append(self._first_state(path))
        return found

    @cached_property
    def written(self) -> dict[Path, tuple[str, Transition]]:
        """Every transition once, by where it is written, with a state that offers it."""
        once: dict[int, tuple[str, Transition]] = {}
        for state in self.workflow.states.values():
            for one in state.transitions.values():
                once.setdefault(id(one), (state.name, one))
        return {
            self.transition_path(state, one.name): (state, one) for state, one in once.values()
        }

    @cached_property
    def shared(self) -> tuple[str, ...]:
        """The transitions that the file has under `shared`."""
        written = self.at(("shared",))
        return tuple(written) if isinstance(written, dict) else ()

    @cached_property
    def naming(self) -> dict[Path, dict[str, int]]:
        """By state, inner or outer, that names shared transitions: their names, and how often."""
        found: dict[Path, dict[str, int]] = {}
        for state in (*self.workflow.states, *self.workflow.outers):
            path = self.state_path(state)
            for name in values.names(self.at((*path, "shared"))):
                if isinstance(name, str):
                    counted = found.setdefault(path, {})
                    counted[name] = counted.get(name, 0) + 1
        return found

    @cached_property
    def misspelt(self) -> dict[Path, list[str]]:
        """By state that names shared transitions: the names that name none."""
        found = {
            path: [name for name in names if name not in self.shared]
            for path, names in self.naming.items()
        }
        return {path: names for path, names in found.items() if names}

    def _first_state(self, path: Path) -> str:
        name = ".".join(str(step) for step in path[1::2])
        outer = self.workflow.outers.get(name)
        return outer.start if outer else name

    def _record(self, code: str, place: Place, reason: Message) -> None:
        key = (code, place, str(reason))
        if key not in self._seen:
            self._seen.add(key)
            self.problems.append(problem(code, reason, place))
