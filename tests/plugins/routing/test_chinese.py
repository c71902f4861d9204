"""Every sentence of the plugin has its Chinese, and none is left over."""

import sys
from pathlib import Path

import pytest

import casewright_routing
from casewright.cli.plugin_pieces import first_sentence
from casewright_routing.chinese import CHINESE

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tools"))

import sentences  # noqa: E402 (from tools/, which is no package)

PLUGIN = ROOT / "plugins" / "casewright_routing"


def test_every_sentence_of_the_plugin_is_a_constant():
    assert [one for one in sentences.collect(PLUGIN) if one.sentence is None] == []


def test_every_sentence_of_the_plugin_has_its_chinese_and_nothing_else_has():
    said = {one.sentence for one in sentences.collect(PLUGIN)} | described()

    assert said - CHINESE.keys() == set()
    assert CHINESE.keys() - said == set()


def described() -> set[str]:
    """Return what `plugin describe` says of the plugin's commands and queries: the beginnings of their docstrings."""
    kinds = [one.command for one in casewright_routing.register_commands()]
    kinds += [one.query for one in casewright_routing.register_queries()]
    return {first_sentence(kind) for kind in kinds}


@pytest.mark.parametrize(("english", "chinese"), CHINESE.items())
def test_both_languages_are_filled_by_the_same_values(english, chinese):
    assert sentences.placeholders(english) == sentences.placeholders(chinese)
    assert chinese.strip()
