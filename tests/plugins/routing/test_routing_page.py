"""The pages about routing: their examples pass, and they know every word of the file."""

import re
from pathlib import Path

import pytest

from casewright.strict_yaml import load as yaml_of
from casewright_routing import load_rows, load_streams, queue_section, routing_file
from casewright_routing.facts import OF_CUSTOMER, OF_TICKET
from casewright_routing.simulating import simulate

DOCS = Path(__file__).resolve().parents[3] / "docs"
ENGLISH, CHINESE = ((DOCS / f"routing{ending}.md").read_text("utf-8") for ending in ("", ".zh"))


def example(name):
    pattern = rf"<!-- example: {re.escape(name)} -->\n```\w+\n(.*?)```"
    return re.search(pattern, ENGLISH, re.DOTALL)[1]


@pytest.fixture(scope="module")
def rules():
    found, problems = routing_file.rules_of(
        yaml_of(example("routing.yaml"), file="routing.yaml")
    )
    assert problems == []
    return found


def test_the_load_on_the_page_is_served_by_the_rules_on_the_page(rules):
    load, problems = load_rows.read_rows(example("load.csv").encode(), rules, "load.csv")

    assert problems == []
    assert [one.served for one in simulate(rules, load).queues] == [1, 1]


def test_the_streams_on_the_page_are_served_by_their_own_agents(rules):
    document = yaml_of(example("load.yaml"), file="load.yaml")
    load, problems = load_streams.read_streams(document, rules, 0)

    assert problems == []
    report = simulate(rules, load)
    assert sum(one.handled for one in report.agents) == report.queues[1].served > 100


@pytest.mark.parametrize("page", [ENGLISH, CHINESE])
def test_the_pages_know_every_word_and_every_fact(page):
    words = {*routing_file._WORDS, *queue_section._QUEUE, *queue_section.STRATEGIES}
    words |= {*OF_TICKET, *OF_CUSTOMER} - {"kind"} | {"strict = true", "push = true"}

    assert {one for one in words if one not in page} - {"title"} == set()
