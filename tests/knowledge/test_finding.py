"""Articles are found: by every word that stands in them, by what they are about, and by nobody who may not read them."""

from pathlib import Path

import pytest
import yaml

from casewright_knowledge.words import fold

from .corpus import VOCABULARY, chinese, distractors
from .library import Library

HERE = Path(__file__).parent
QUESTIONS = yaml.safe_load((HERE / "questions.yaml").read_text("utf-8"))
UNSEEN = yaml.safe_load((HERE / "unseen.yaml").read_text("utf-8"))


@pytest.fixture(scope="module")
def shelf(template, tmp_path_factory):
    """Two thousand Chinese articles."""
    made = Library(template, tmp_path_factory.mktemp("shelf") / "w")
    keys = made.taken_over(chinese(2_000))
    yield made, dict(zip(keys, chinese(2_000), strict=True))
    made.close()


def test_every_word_of_two_characters_is_found_and_nothing_that_lacks_it(shelf):
    library, articles = shelf
    texts = {key: fold(f"{one['title_zh']}\n{one['body_zh']}") for key, one in articles.items()}
    for word in VOCABULARY:
        having = {key for key, text in texts.items() if word in text}
        found = library.search(word, limit=500)
        assert all(one.exact for one in found.hits)
        assert {one.article for one in found.hits} == having, word
        assert not found.more


@pytest.fixture(scope="module")
def asked(template, tmp_path_factory):
    """The articles that answer the sixty questions, among two thousand others."""
    made = Library(template, tmp_path_factory.mktemp("asked") / "w")
    made.taken_over(distractors(2_000))
    answers = made.taken_over(
        {
            "subject": one["id"], "audience": "staff", "title_zh": one["title"]["zh"], "title_en": one["title"]["en"],
            "body_zh": one["body"]["zh"], "body_en": one["body"]["en"],
        }
        for one in QUESTIONS
    )  # fmt: skip
    yield made, dict(zip((one["id"] for one in QUESTIONS), answers, strict=True))
    made.close()


def _missed(asked, questions):
    library, answers = asked
    return [
        one["id"]
        for one in questions
        if answers[one["id"]]
        not in library.keys(one["question"], language=one["language"], limit=3)
    ]


def test_the_right_article_is_among_the_first_three_for_85_in_100_questions(asked):
    missed = _missed(asked, QUESTIONS)
    print(f"{len(QUESTIONS) - len(missed)} of {len(QUESTIONS)}; missed: {missed}")
    assert len(missed) <= 0.15 * len(QUESTIONS), missed


def test_of_questions_that_nobody_tuned_it_for_three_in_five_find_their_article(asked):
    """They stay unseen: whoever looks at what is missed, and mends it, writes others."""
    missed = _missed(asked, UNSEEN)
    print(f"{len(UNSEEN) - len(missed)} of {len(UNSEEN)}")
    assert len(missed) <= 0.4 * len(UNSEEN)
