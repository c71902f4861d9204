"""What plugins bring to the terminal: shown where it stands; what is wrong with it is a sentence, and the rest goes on."""

from types import SimpleNamespace

import pytest

from casewright.errors import PluginFailed
from casewright.queries import GetSummary
from casewright.texts import Texts
from casewright_tui.lines import Line, Piece, line
from casewright_tui.panel_drawing import done_by, drawn, leads_to, noted, question
from casewright_tui.panels import Asking, Claim, Panel, PanelKey, Showing
from casewright_tui.registry import read

SHOWING = Showing(texts=Texts("en"), width=40)


def panel(**more):
    values = {
        "name": "one", "title": "One", "at": "screen", "permission": "", "show": lambda answer, showing: [line("well")],
        "ask": lambda asking: GetSummary(actor=asking.actor),
    }  # fmt: skip
    return Panel(**{**values, **more})


def boom(*_):
    raise RuntimeError("boom \x1b[2J")


@pytest.mark.parametrize(
    "show",
    [
        boom,
        lambda answer, showing: None,
        lambda answer, showing: [1],
        lambda answer, showing: [Line(pieces=("x",))],
    ],
)
def test_a_panel_that_raises_or_brings_rubbish_is_a_calm_sentence(show):
    with pytest.raises(PluginFailed, match="one"):
        drawn(panel(show=show), None, SHOWING)


def test_a_panel_that_asks_rubbish_or_leads_nowhere_is_a_calm_sentence():
    for ask in (boom, lambda asking: "SELECT 1"):
        with pytest.raises(PluginFailed):
            question(panel(ask=ask), Asking(actor="ada"))
    for go in (boom, lambda id: ("nowhere", {}), lambda id: 7):
        with pytest.raises(PluginFailed):
            leads_to(panel(go=go), "x")


def test_what_a_panel_shows_is_cleaned_and_does_not_go_on_for_ever():
    def endless(answer, showing):
        while True:
            yield Line(pieces=(Piece("\x1b[31mred"),))

    lines = drawn(panel(show=endless), None, SHOWING)

    assert len(lines) == 2001
    assert "\x1b" not in lines[0].text


def test_a_plugin_whose_screens_cannot_be_read_is_told_of_and_others_stay():
    taken: set[str] = set()
    sound = read(
        "a",
        lambda: SimpleNamespace(PANELS=(panel(),), CLAIM=Claim(permission="", make=str)),
        taken,
    )
    broken = read("b", boom, taken)
    rubbish = read(
        "c", lambda: SimpleNamespace(PANELS=(1, panel(), panel(name="x y")), CLAIM=3), taken
    )

    assert [one.name for one in sound.panels] == ["one"]
    assert sound.claim is not None
    assert not broken.panels
    assert len(broken.faults) == 1
    assert not rubbish.panels
    assert rubbish.claim is None
    assert len(rubbish.faults) == 4


def test_a_key_that_does_rubbish_is_a_calm_sentence_and_one_that_leads_somewhere_leads_there():
    def key(do):
        return PanelKey(key="x", title="X", do=do)

    asking, one = Asking(actor="ada"), panel(at="about")
    for do in (
        boom,
        lambda *_: 7,
        lambda *_: ("nowhere", {}),
        lambda *_: ("panel",),
    ):
        with pytest.raises(PluginFailed):
            done_by(one, key(do), None, "", asking)
    assert done_by(one, key(lambda *_: None), None, "", asking) is None
    assert done_by(one, key(lambda *_: ("queue", {})), None, "", asking) == ("queue", {})
    with pytest.raises(PluginFailed):
        noted(panel(noted=lambda *_: "done"), None, asking)


def test_what_the_keys_of_a_panel_do_stands_below_its_lines_in_as_many_lines_as_that_takes():
    keys = tuple(
        PanelKey(key=one, title=f"{one} does something", do=lambda *_: None) for one in "abc"
    )
    lines = drawn(panel(keys=keys, at="about"), None, SHOWING)

    assert [one.text.strip() for one in lines][-2:] == [
        "a a does something  b b does something",
        "c c does something",
    ]
    assert len(drawn(panel(keys=keys), None, SHOWING)) == 1
