"""Every question of the core has somebody who answers it."""

import pytest

from casewright.desk import asking


@pytest.mark.parametrize("kind", asking._PARTS, ids=lambda kind: kind.__name__)
def test_who_answers_a_question_is_there(kind):
    assert callable(asking._part(kind))
