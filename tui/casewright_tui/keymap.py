"""The keys as somebody wants them: what was kept of it, checked against the table of controls; what cannot be had is said."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from typing import Any

from casewright.errors import Message, message
from casewright.model import EMPTY
from casewright.swift_dataclass import dataclass
from casewright_tui import controls
from casewright_tui.controls import CONTROLS, EVERYWHERE, Control

PREFERENCE = "keys"
_BY_ID = {one.id: one for one in CONTROLS}
_FIXED = frozenset(
    {
        "up",
        "down",
        "left",
        "right",
        "home",
        "end",
        "pageup",
        "pagedown",
        "backspace",
        "delete",
        "f1",
    }
)
"""Keys that move, delete or help wherever one is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Keymap:
    """Other keys for controls, by the control's id, and what was wrong with those that are not applied."""

    keys: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: EMPTY)
    problems: tuple[Message, ...] = ()

    def of(self, control: Control) -> tuple[str, ...]:
        """Return the keys of a control, the one to be shown first."""
        return self.keys.get(control.id) or (*control.keys, *control.letters)

    def textual(self) -> dict[str, str]:
        """Return the keys as Textual takes them, with their full-width aliases."""
        return {
            name: ",".join(controls.with_full_width(keys)) for name, keys in self.keys.items()
        }


def understood(kept: Any) -> Keymap:
    """Return what was kept as a keymap; a control whose new keys cannot be has its old ones."""
    if not isinstance(kept, Mapping):
        return Keymap()
    applied: dict[str, tuple[str, ...]] = {}
    problems: list[Message] = []
    for name, keys in kept.items():
        wanted = tuple(str(key) for key in keys) if isinstance(keys, Sequence) else ()
        problem = _problem(str(name), wanted, applied)
        if problem is None:
            applied[str(name)] = wanted
        else:
            problems.append(problem)
    return Keymap(keys=applied, problems=tuple(problems))


def _problem(
    name: str, keys: tuple[str, ...], applied: Mapping[str, tuple[str, ...]]
) -> Message | None:
    control = _BY_ID.get(name)
    if control is None:
        return message("your keys name {name}, which does nothing here", name=name)
    for key in keys:
        if key in controls.BANNED:
            return message(
                "{key} cannot be the key of {control}: input methods or terminals take it",
                key=key, control=name,
            )  # fmt: skip
        if key in _FIXED and key not in control.keys:
            return message(
                "{key} cannot be the key of {control}: it moves, deletes or helps everywhere",
                key=key, control=name,
            )  # fmt: skip
    if not any(_needs_no_letter(key) for key in keys):
        return message(
            "{control} needs a key that is no letter or digit: an input method takes those",
            control=name,
        )
    if control.place in _WITHOUT_LETTERS and not all(map(_needs_no_letter, keys)):
        return message(
            "{control} can have no letter or digit: tickets and forms take those", control=name
        )
    clash = _clash(control, keys, applied)
    if clash is not None:
        return message(
            "{key} cannot be the key of {control}: it is that of {other}",
            key=clash[0], control=name, other=clash[1],
        )  # fmt: skip
    return None


_WITHOUT_LETTERS = frozenset({EVERYWHERE, "ticket", "form"})


def _needs_no_letter(key: str) -> bool:
    return not (len(key) == 1 and key.isalnum())


def _clash(
    control: Control, keys: tuple[str, ...], applied: Mapping[str, tuple[str, ...]]
) -> tuple[str, str] | None:
    wanted = set(controls.with_full_width(keys))
    for other in _met_by(control):
        theirs = applied.get(other.id) or (*other.keys, *other.letters)
        both = wanted & set(controls.with_full_width(theirs))
        if both:
            return min(both), other.id
    return None


def _met_by(control: Control) -> Iterable[Control]:
    """Yield the other controls that can be where a control is; what a place has of its own goes before what is everywhere."""
    for other in CONTROLS:
        if other.id == control.id or other.action == control.action:
            continue
        if other.place == control.place or EVERYWHERE in (other.place, control.place):
            yield other
