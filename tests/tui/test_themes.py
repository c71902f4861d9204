"""The themes: every tone can be read on everything it is drawn upon, and Textual's colours are the same ones."""

import pytest
from rich.color import Color
from rich.style import Style

from casewright_tui import themes
from casewright_tui.look import ASCII, UNICODE
from casewright_tui.themes import SIXTEEN, THEMES, TONES
from casewright_tui.width import cells

COLOURED = [one for one in THEMES.values() if one is not SIXTEEN]
DECORATION = {"rest"}
"""Tones that say nothing: the empty part of a bar whose length stands beside it."""


def luminance(colour: Color | str) -> float:
    red, green, blue = (
        Color.parse(colour) if isinstance(colour, str) else colour
    ).get_truecolor()

    def linear(part: int) -> float:
        share = part / 255
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)


def contrast(one: Color | str, other: Color | str) -> float:
    """The contrast of two colours after WCAG 2.2, 1.4.3."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("look", COLOURED, ids=lambda one: one.name)
def test_every_tone_can_be_read_on_everything_it_is_drawn_upon(look):
    least = 7.0 if look.name == "contrast" else 4.5
    ground = look.ground
    upon = [ground.screen, ground.field, ground.field_in_use, ground.status, ground.hints]
    marked = look.marked.bgcolor
    for tone in (*TONES, ""):
        colour = look.style(tone).color or ground.text
        if tone not in DECORATION:
            for one in (*upon, marked):
                assert contrast(colour, one) >= least, (tone, one)
    for style in (look.chosen, look.header):
        assert contrast(style.color, style.bgcolor) >= least, style


def test_the_measure_of_contrast_would_see_a_tone_that_cannot_be_read():
    assert contrast("#777777", "#ffffff") < 4.5 < contrast("#767676", "#ffffff")


@pytest.mark.parametrize("look", THEMES.values(), ids=lambda one: one.name)
def test_every_tone_has_a_style_and_the_theme_a_title_in_both_languages(look):
    assert all(isinstance(look.styles[tone], Style) for tone in TONES)
    assert themes.TITLES[look.name]


def test_the_sixteen_colours_are_the_terminals_own():
    for style in SIXTEEN.styles.values():
        assert style.color is None or style.color.triplet is None


def test_plain_characters_are_ascii_and_as_wide_as_those_they_stand_for():
    for name in ASCII.__slots__:
        assert getattr(ASCII, name).isascii(), name
        assert cells(getattr(UNICODE, name)) == len(getattr(UNICODE, name)), name


def test_textual_draws_with_the_colours_of_the_look():
    for look in COLOURED:
        made = themes.textual(look)
        assert (made.background, made.foreground) == (look.ground.screen, look.ground.text)
