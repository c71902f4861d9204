"""The themes: each says once how every tone looks and what it is drawn upon; Textual's own colours are made of the same."""

from collections.abc import Mapping
from dataclasses import replace

from rich.style import Style
from textual.theme import Theme

from casewright.texts import text
from casewright_tui.lines import Tone
from casewright_tui.look import ASCII, UNICODE, Glyphs, Ground, Look

TONES: tuple[Tone, ...] = (
    "strong", "dim", "title", "label", "good", "warn", "bad", "info", "key", "added", "gone", "bar", "rest",
)  # fmt: skip
_BOLD = frozenset({"strong", "title", "bad", "key"})


def _styles(**colours: str) -> Mapping[Tone, Style]:
    return {
        tone: Style(color=colours.get(tone) or None, bold=tone in _BOLD or None)
        for tone in TONES
    }


DARK = Look(
    name="dark",
    ground=Ground(
        screen="#10151c", field="#18202b", field_in_use="#1f2a38", status="#1b2530",
        hints="#1b2530", text="#dce3ec", accent="#9ecbff",
    ),
    styles=_styles(
        strong="#ffffff", dim="#98a3b5", title="#9ecbff", label="#a3b0c1", good="#7ee2a8", warn="#ffcc66", bad="#ff8f87",
        info="#9ecbff", key="#ffcc66", added="#7ee2a8", gone="#ff8f87", bar="#6cb0f8", rest="#3a4657",
    ),
    chosen=Style(color="#10151c", bgcolor="#ffcc66"),
    marked=Style(bgcolor="#22303c"),
    header=Style(bold=True, color="#dce6f2", bgcolor="#26425f"),
)  # fmt: skip
LIGHT = Look(
    name="light",
    ground=Ground(
        screen="#fbfbf8", field="#f0f1ee", field_in_use="#ffffff", status="#e4e8ec",
        hints="#e4e8ec", text="#1c2430", accent="#0b4f8a", dark=False,
    ),
    styles=_styles(
        strong="#000000", dim="#505a68", title="#0b4f8a", label="#475262", good="#0b5f33", warn="#7a4a00", bad="#a3121c",
        info="#0b4f8a", key="#7a4a00", added="#0b5f33", gone="#a3121c", bar="#1f5f9e", rest="#c9ced6",
    ),
    chosen=Style(color="#ffffff", bgcolor="#0b4f8a"),
    marked=Style(bgcolor="#dfe9f3"),
    header=Style(bold=True, color="#10243a", bgcolor="#cfdcea"),
)  # fmt: skip
CONTRAST = Look(
    name="contrast",
    ground=Ground(
        screen="#000000", field="#000000", field_in_use="#101010", status="#000000",
        hints="#000000", text="#ffffff", accent="#ffff66",
    ),
    styles=_styles(
        strong="#ffffff", dim="#d0d0d0", title="#ffff66", label="#e0e0e0", good="#66ff99", warn="#ffff66", bad="#ff9c9c",
        info="#80dfff", key="#ffff66", added="#66ff99", gone="#ff9c9c", bar="#ffffff", rest="#707070",
    ),
    chosen=Style(color="#000000", bgcolor="#ffffff", bold=True),
    marked=Style(bgcolor="#1c1c4a"),
    header=Style(bold=True, color="#000000", bgcolor="#ffff66"),
)  # fmt: skip
COLOUR_BLIND = replace(
    DARK,
    name="colour-blind",
    styles=_styles(
        strong="#ffffff", dim="#98a3b5", title="#8ecbf5", label="#a3b0c1", good="#8ecbf5", warn="#f0e442", bad="#ffa64d",
        info="#8ecbf5", key="#f0e442", added="#8ecbf5", gone="#ffa64d", bar="#8ecbf5", rest="#3a4657",
    ),
    chosen=Style(color="#10151c", bgcolor="#f0e442"),
)  # fmt: skip
"""Blue, yellow and orange after Okabe and Ito: told apart by who sees no difference between red and green."""
SIXTEEN = Look(
    name="ansi",
    ground=Ground(
        screen="ansi_default", field="ansi_default", field_in_use="ansi_default", status="ansi_default",
        hints="ansi_default", text="ansi_default", accent="ansi_cyan", native=True,
    ),
    styles=_styles(title="cyan", good="green", warn="yellow", bad="red", info="cyan", key="yellow", added="green", gone="red"),
    chosen=Style(reverse=True),
    marked=Style(underline=True),
    header=Style(bold=True, reverse=True),
)  # fmt: skip

THEMES: Mapping[str, Look] = {
    one.name: one for one in (DARK, LIGHT, CONTRAST, COLOUR_BLIND, SIXTEEN)
}
TITLES: Mapping[str, str] = {
    "dark": text("Dark"),
    "light": text("Light"),
    "contrast": text("High contrast"),
    "colour-blind": text("Safe for the colour-blind"),
    "ansi": text("The terminal's own 16 colours"),
}
CHARACTERS: Mapping[str, Glyphs] = {"unicode": UNICODE, "ascii": ASCII}


def look(theme: str, characters: str) -> Look:
    """Return the look of a theme; one that there is no more is the dark one."""
    return replace(THEMES.get(theme, DARK), glyphs=CHARACTERS.get(characters, UNICODE))


def textual(one: Look) -> Theme:
    """Return a look as Textual's stylesheets know it."""
    ground = one.ground
    return Theme(
        name=f"casewright-{one.name}",
        primary=ground.accent,
        foreground=ground.text,
        background=ground.screen,
        surface=ground.field,
        panel=ground.status,
        dark=ground.dark,
        ansi=ground.native,
        variables={"hints": ground.hints, "in-use": ground.field_in_use, **_of_fields(one)},
    )


def _of_fields(one: Look) -> Mapping[str, str]:
    ground = one.ground
    if ground.native:
        return {"input-cursor-text-style": "reverse"}
    return {
        "input-cursor-background": ground.text,
        "input-cursor-foreground": ground.screen,
        "input-selection-background": f"{ground.accent} 35%",
        "scrollbar": ground.accent,
        "scrollbar-background": ground.field,
    }
