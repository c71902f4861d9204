"""How much one address may send and look at, through the server."""

import pytest

from .site import COMPLAINT
from .site import site as serving

FORMS, LOOKS = 4, 3


@pytest.fixture(scope="module")
def slow_site(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("rates") / "site", forms=FORMS, looks=LOOKS) as found:
        yield found


def test_files_count_even_where_the_form_is_wrong_and_what_was_typed_wrongly_does_not(
    slow_site,
):
    def attempt(*files):
        return slow_site.upload("/f/complaint", {"form_key": slow_site.key()}, *files).status

    wrong = [attempt() for _ in range(FORMS + 1)]
    with_files = [attempt((f"{one}.pdf", b"%d" % one)) for one in range(FORMS)]
    refused = slow_site.send("/f/complaint", {**COMPLAINT, "form_key": slow_site.key()})

    assert wrong == [422] * (FORMS + 1)
    assert with_files == [422] * FORMS
    assert refused.status == 429
    assert int(refused.headers["retry-after"]) > 60


def test_nobody_tries_one_link_after_the_other(slow_site):
    statuses = [slow_site.ask(f"/s/guess{one}").status for one in range(LOOKS + 1)]

    assert statuses == [404] * LOOKS + [429]
