"""Nouns of plugins that misbehave on the command line: the plugin is named, and the core's own nouns are there as ever."""

import pytest

from .processes import run_cli

NOUN = '''
    """Brings a noun."""
    import os, sys
    from casewright import Answer, Noun, Verb, hookimpl, CommandRefused, message

    def draw(session, given):
        {behaviour}

    @hookimpl
    def register_nouns():
        return [Noun(name="picture", help="pictures", verbs=(Verb(name="draw", help="draw one", run=draw),))]
'''


def _drawn(plug, behaviour: str):
    centre = plug(painter=NOUN.replace("{behaviour}", behaviour))
    centre.desk.close()
    return run_cli(centre.root, centre.site, "picture", "draw")


def test_a_noun_of_a_plugin_works_like_the_cores_own(plug):
    drawn = _drawn(plug, "return Answer(document={'drawn': True}, lines=['drawn'])")

    assert (drawn.returncode, drawn.stdout) == (0, "drawn\n")


@pytest.mark.parametrize(
    ("behaviour", "said"),
    [
        ("raise ValueError('no paint')", "it raised ValueError (no paint)"),
        ("sys.exit(0)", "it raised SystemExit (0)"),
        ("return 'drawn'", "it returned str where Answer belongs"),
        (
            "return Answer(document={}, lines=(1 / 0 for _ in '1'))",
            "it raised ZeroDivisionError",
        ),
        ("return draw(session, given)", "it raised RecursionError"),
    ],
)
def test_a_verb_of_a_plugin_that_goes_wrong_names_it(plug, behaviour, said):
    drawn = _drawn(plug, behaviour)

    assert drawn.returncode == 1
    assert f"The plugin 'painter' failed in 'picture draw': {said}" in drawn.stderr
    assert "Something in casewright itself went wrong" not in drawn.stderr


def test_the_line_is_named_and_debug_shows_the_whole_traceback(plug):
    centre = plug(painter=NOUN.replace("{behaviour}", "raise ValueError('no paint')"))
    centre.desk.close()

    drawn = run_cli(centre.root, centre.site, "picture", "draw")
    shown = run_cli(centre.root, centre.site, "picture", "draw", "--debug")

    assert "it raised ValueError (no paint) at __init__.py:7." in drawn.stderr
    assert "Traceback" not in drawn.stderr
    assert shown.returncode == 1
    assert "Traceback" in shown.stderr
    assert 'made_painter/__init__.py", line 7, in draw' in shown.stderr


def test_what_a_verb_of_a_plugin_refuses_is_told_as_it_is(plug):
    drawn = _drawn(plug, "raise CommandRefused(reason=message('there is no paint'))")

    assert drawn.returncode == 1
    assert "there is no paint" in drawn.stderr
    assert "painter" not in drawn.stderr


def test_a_noun_of_the_cores_stays_the_cores(plug):
    source = NOUN.replace("{behaviour}", "return None").replace('"picture"', '"ticket"')
    centre = plug(painter=source)
    key = centre.open()
    centre.desk.close()

    shown = run_cli(centre.root, centre.site, "ticket", "show", key)
    unknown = run_cli(centre.root, centre.site, "picture", "draw")

    assert shown.returncode == 0
    assert unknown.returncode == 2
    assert "its noun 'ticket' is one of the core's" in unknown.stderr
