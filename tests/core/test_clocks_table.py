"""What others got wrong about promises, and the test here that is named after the right behaviour."""

import ast
from pathlib import Path

import pytest

HERE = Path(__file__).parent

TABLE = {
    "paused, then priority changes: the pause is lost": (
        "test_clocks_running",
        "test_paused_then_a_new_priority_keeps_the_pause",
    ),
    "breached while paused": ("test_clocks_running", "test_nothing_is_breached_while_paused"),
    "overdue keeps growing while paused": (
        "test_clocks_running",
        "test_what_is_overdue_stops_growing_while_paused",
    ),
    "paused, then resolved directly: the hold time is lost": (
        "test_clocks_running",
        "test_paused_and_closed_directly_keeps_the_time_it_was_held",
    ),
    "due times in the viewer's zone": (
        "test_ticket_time_cli",
        "test_a_ticket_shows_its_promises_in_the_zone_of_its_site",
    ),
    "reply and pause in one save": (
        "test_clocks_running",
        "test_a_reply_and_a_pause_in_one_command_meet_the_first_response",
    ),
    "a later promise hides the first response": (
        "test_clocks_running",
        "test_a_later_promise_does_not_hide_an_unanswered_first_response",
    ),
    "the old promise's timer survives": (
        "test_clocks_running",
        "test_the_timer_of_a_due_time_that_was_replaced_does_nothing",
    ),
    "a deactivated promise still notifies": (
        "test_clocks_running",
        "test_a_timer_that_was_swept_says_nothing_of_a_promise_met_meanwhile",
    ),
    "a merged ticket escalates": (
        "test_clocks_running",
        "test_a_ticket_that_has_ended_escalates_no_more",
    ),
    "an internal note restarts the customer clock": (
        "test_clocks_running",
        "test_an_internal_note_touches_no_clock",
    ),
    "the calendar was edited, open tickets were not recomputed": (
        "test_clocks_running",
        "test_an_edited_calendar_moves_open_clocks_each_with_its_event",
    ),
    "a calendar sync touches every ticket": (
        "test_clocks_running",
        "test_a_calendar_published_unchanged_touches_no_ticket",
    ),
    "a level before due fires at creation": (
        "test_clocks_ladder",
        "test_a_level_before_due_that_is_longer_than_the_target_is_skipped",
    ),
    "only the first level ever fires; a level repeats forever": (
        "test_clocks_ladder",
        "test_every_level_fires_at_its_moment_and_none_twice",
    ),
    "closed time counts against a reopened ticket": (
        "test_clocks_running",
        "test_closed_time_does_not_count_against_a_reopened_ticket",
    ),
    "daylight saving moves a working day": (
        "test_clocks_running",
        "test_friday_afternoon_and_a_working_day_is_monday_at_the_same_time",
    ),
    "excluding weekends makes the escalation earlier": (
        "test_clocks_running",
        "test_leaving_weekends_out_never_makes_a_deadline_earlier",
    ),
    "a calendar with no working day loops": (
        "test_calendars",
        "test_what_would_never_be_due_is_refused_and_does_not_loop",
    ),
    "a daily de-duplication sends again just after midnight": (
        "test_clocks_ladder",
        "test_midnight_repeats_nothing",
    ),
    "resuming sends every warning that already passed": (
        "test_clocks_running",
        "test_resuming_sends_none_of_the_warnings_that_passed",
    ),
    "a ticket made otherwise than by hand never starts its clock": (
        "test_clocks_running",
        "test_a_ticket_opened_by_an_action_starts_its_clocks",
    ),
    "an alert storm": ("test_worker_storm", "test_deadlines_that_fall_into_one_minute"),
    "close-guards bypassed by a timer": (
        "test_clocks_ladder",
        "test_the_clock_cannot_close_what_may_not_be_closed",
    ),
    "close-guards bypassed by an escalation": (
        "test_clocks_ladder",
        "test_a_ladder_cannot_close_what_may_not_be_closed_and_still_tells",
    ),
}


@pytest.mark.parametrize(("module", "name"), TABLE.values(), ids=TABLE)
def test_every_row_of_the_table_has_its_test(module, name):
    tree = ast.parse((HERE / f"{module}.py").read_text(encoding="utf-8"))

    assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
