"""What can be done from where one is, as the palette and the help offer it: the same table of keys, places, and what is kept."""

from collections.abc import Awaitable, Callable, Iterator
from typing import TYPE_CHECKING

from casewright.swift_dataclass import dataclass
from casewright.texts import text
from casewright_tui import controls, frame, macros
from casewright_tui.controls import EVERYWHERE, Control
from casewright_tui.messages import GoTo
from casewright_tui.places import PLACES
from casewright_tui.preferences import MACROS
from casewright_tui.themes import CHARACTERS, THEMES, TITLES

if TYPE_CHECKING:
    from casewright.bilingual import Bilingual
    from casewright_tui.app import Terminal
    from casewright_tui.screens.desk_screen import DeskScreen

LANGUAGES = {"en": "English", "zh": "中文"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """Something that can be done: what it is called (a sentence in English that the texts have, or both), its keys, how."""

    id: str
    title: "str | Bilingual"
    run: Callable[[], Awaitable[None] | None]
    keys: tuple[str, ...] = ()
    group: str = ""
    also: tuple[str, ...] = ()


def everything(terminal: "Terminal", at: "DeskScreen") -> Iterator[Offered]:
    """Yield all that can be done from a place: its own first."""
    from casewright_tui.own_errands import own_errands

    yield from at.offers()
    yield from of_keys(terminal, at, hidden=frozenset({"palette", "back"}))
    yield from _places(terminal)
    yield from _panels(terminal)
    yield from own_errands(terminal)
    yield from of_macros(terminal)
    yield from _appearance(terminal)


def of_keys(
    terminal: "Terminal", at: "DeskScreen", *, hidden: frozenset[str] = frozenset()
) -> Iterator[Offered]:
    """Yield what keys do at a place, its own first."""
    for one in controls.at(at.PLACE):
        if one.action not in hidden and _permitted(terminal, one.action):
            yield Offered(
                id=one.id,
                title=one.title,
                run=_pressed(terminal, at, one),
                keys=tuple(map(frame.key_name, terminal.habits.keymap.of(one))),
                group=EVERYWHERE if one.place == EVERYWHERE else "here",
                also=(one.action.replace("_", " "), *terminal.habits.keymap.of(one)),
            )


def _pressed(
    terminal: "Terminal", at: "DeskScreen", control: Control
) -> Callable[[], Awaitable[None]]:
    async def run() -> None:
        owner = at if hasattr(at, f"action_{control.action}") else terminal
        await terminal.run_action(control.action, owner)

    return run


def _places(terminal: "Terminal") -> Iterator[Offered]:
    bound = {one.action for one in controls.CONTROLS if one.place == EVERYWHERE}
    for name, place in PLACES.items():
        if (
            place.about
            or name in _NOT_GONE_TO
            or name in bound
            or not _permitted(terminal, name)
        ):
            continue
        yield Offered(
            id=f"place.{name}",
            title=place.title,
            run=_gone(terminal, name),
            group="places",
            also=(name,),
        )


def _panels(terminal: "Terminal") -> Iterator[Offered]:
    for one in terminal.registry.panels("screen", terminal.myself):
        yield Offered(
            id=f"panel.{one.name}",
            title=one.title,
            run=_shown(terminal, one.name),
            group="places",
            also=(one.name,),
        )


def _shown(terminal: "Terminal", panel: str) -> Callable[[], Awaitable[None]]:
    return lambda: terminal.went(GoTo("panel", panel=panel))


_NOT_GONE_TO = frozenset({"help", "palette", "lock", "login"})


def _gone(terminal: "Terminal", name: str) -> Callable[[], Awaitable[None]]:
    return lambda: terminal.action_go(name)


def _permitted(terminal: "Terminal", name: str) -> bool:
    place = PLACES.get(name)
    myself = terminal.myself
    return (
        place is None
        or not place.permission
        or bool(myself and place.permission in myself.permissions)
    )


def of_macros(terminal: "Terminal") -> Iterator[Offered]:
    """Yield the macros that are kept."""
    for one in macros.understood(terminal.preferences.get(MACROS)):
        yield Offered(
            id=f"macro.{one.name}", title=one.name, run=_played(terminal, one), group="macros", also=("macro", "宏"),
        )  # fmt: skip


def _played(terminal: "Terminal", macro: macros.Macro) -> Callable[[], None]:
    return lambda: terminal.play(macro)


def _appearance(terminal: "Terminal") -> Iterator[Offered]:
    for name in THEMES:
        yield Offered(
            id=f"theme.{name}", title=TITLES[name], run=_worn(terminal, name, None), group="theme",
            also=("theme", "主题", "zt"),
        )  # fmt: skip
    for name in CHARACTERS:
        yield Offered(
            id=f"characters.{name}", title=DRAWN[name], run=_worn(terminal, None, name), group="theme",
            also=("theme", name, "主题", "zt"),
        )  # fmt: skip
    for lang, name in LANGUAGES.items():
        yield Offered(
            id=f"language.{lang}", title=name, run=_spoken(terminal, lang), group="language",
            also=("language", "语言", "yy", lang),
        )  # fmt: skip


DRAWN = {
    "unicode": text("Draw with all characters"),
    "ascii": text("Draw with plain characters (ASCII)"),
}


def _worn(
    terminal: "Terminal", theme: str | None, characters: str | None
) -> Callable[[], Awaitable[None]]:
    return lambda: terminal.habits.wear(theme=theme, characters=characters)


def _spoken(terminal: "Terminal", lang: str) -> Callable[[], Awaitable[None]]:
    return lambda: terminal.habits.speak(lang)
