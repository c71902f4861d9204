"""What was done is taken back within ten seconds, and what had been filled in is there again."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from casewright.bilingual import Bilingual
from casewright.commands import FireTransition
from casewright_tui.pure.drafts import Unsaved
from casewright_tui.undo import Undoable

from .forms_centre import centre
from .frame_centre import centre as inquiries
from .seated import seated
from .test_form_screen import at_form, beside, keyed, left, ticket

pytestmark = pytest.mark.anyio
NOW = datetime(2026, 3, 4, tzinfo=UTC)


def test_it_counts_down_and_ends_after_ten_seconds():
    last = Undoable(
        ticket="A-1",
        command_id="x",
        title=Bilingual(en="Sign", zh="签收"),
        until=NOW,
        values={},
    )
    assert [last.left(NOW - timedelta(seconds=one)) for one in (10, 9.5, 1, 0, -3)] == [
        10,
        10,
        1,
        0,
        -3,
    ]


def test_of_a_draft_only_the_newest_waits_and_what_was_typed_meanwhile_still_does():
    unsaved = Unsaved(actor="ada")
    unsaved.keep("fire:A-1:sign", "A-1", {"a": "1"})
    first = unsaved.next()
    unsaved.keep("fire:A-1:sign", "A-1", {"a": "2"})
    assert first is not None

    unsaved.told(first)

    assert unsaved.values("fire:A-1:sign") == {"a": "2"}
    unsaved.drop("fire:A-1:sign")
    assert unsaved.values("fire:A-1:sign") == {}


async def test_a_transition_is_undone_by_one_key_and_what_was_filled_in_is_a_draft_again(
    tmp_path: Path,
):
    root = tmp_path / "workspace"
    centre(root, "complaint")
    key = keyed(root, "complaint")
    basis = {"decline_basis": "in_court", "decline_reason": "It is before a court."}
    with beside(root) as desk:
        desk.execute(
            FireTransition(actor="wu_min", ticket=key, transition="decline", form=basis)
        )
    async with seated(root, "ada", lang="en") as one:
        await at_form(one, key, "told")
        await one.press("1", "f8")
        await left(one)
        assert ticket(root, key).state == "declined"

        await one.press("ctrl+u")
        await one.terminal.drafts.settled()

        assert ticket(root, key).state == "declining"
        kept = await one.terminal.drafts.all()
        assert [draft.about for draft in kept] == [f"fire:{key}:told"]


@pytest.mark.parametrize(
    ("lang", "action", "said"),
    [
        ("en", "Answer now", "can be undone for 10 s"),
        ("zh", "当场答复", "10 秒内可撤销"),
    ],
)
async def test_the_menu_says_in_words_which_actions_can_be_undone(
    tmp_path: Path, lang, action, said
):
    root = tmp_path / "workspace"
    inquiries(root)
    async with seated(root, "ada", lang=lang) as one:
        for keys in (("f2",), ("escape", "enter", "f2")):
            await one.press(*keys)
            await one.sees(said)
            marked = [line for line in one.lines if said in line]
            assert [line for line in marked if action in line]
            assert len(marked) < len([line for line in one.lines if line.strip()]) - 5
