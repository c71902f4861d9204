"""Knowledge keeps what every plugin keeps, and says everything in both languages."""

import sys
from pathlib import Path

import pytest

import casewright_knowledge
from casewright.cli.plugin_pieces import first_sentence
from casewright.testing.plugin_contract import PluginContract
from casewright_knowledge.chinese import CHINESE

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

import sentences  # noqa: E402 (from tools/, which is no package)

PLUGIN = ROOT / "plugins" / "casewright_knowledge"


class TestKnowledge(PluginContract):
    plugin = "knowledge"


def test_every_sentence_of_the_plugin_is_a_constant():
    assert [one for one in sentences.collect(PLUGIN) if one.sentence is None] == []


def test_every_sentence_of_the_plugin_has_its_chinese_and_nothing_else_has():
    said = {one.sentence for one in sentences.collect(PLUGIN)} | described()

    assert said - CHINESE.keys() - {""} == set()
    assert CHINESE.keys() - said == set()


def described() -> set[str]:
    """Return what `plugin describe` says of the plugin's commands and queries."""
    kinds = [one.command for one in casewright_knowledge.register_commands()]
    kinds += [one.query for one in casewright_knowledge.register_queries()]
    return {first_sentence(kind) for kind in kinds}


@pytest.mark.parametrize(("english", "chinese"), CHINESE.items())
def test_both_languages_are_filled_by_the_same_values(english, chinese):
    assert sentences.placeholders(english) == sentences.placeholders(chinese)
