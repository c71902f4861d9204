"""What people answer by SMS, written as phones write it."""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casewright.delivery.replies import NotUnderstood, RefuseReply, TakeReply, parse_reply

THREE = TakeReply(notice=4827, until=time(15, 0))


@pytest.mark.parametrize(
    "text",
    [
        "1 4827 15:00",
        " 1  4827\n15:00 ",
        "1,4827,15:00",
        "1，4827，15：00",
        "1、4827 15点",
        "1 4827 15点00分前。",
        "1 4827 15时",
        "1 4827 1500",
        "1. #4827 15.00",
        "【1 4827 15:00",
        "\uff11\u3000\uff14\uff18\uff12\uff17\u3000\uff11\uff15\uff1a\uff10\uff10",
    ],
)
def test_taking_is_understood_however_a_phone_writes_it(text):
    assert parse_reply(text) == THREE


def test_taking_without_a_time_takes_it_until_it_is_due():
    assert parse_reply("1 4827") == TakeReply(notice=4827, until=None)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2 4827 on leave today", "on leave today"),
        ("2，4827，今天休假：家里有事。", "今天休假：家里有事。"),
        ("2 4827 15:00", "15:00"),
    ],
)
def test_refusing_keeps_the_reason_as_it_was_written(text, reason):
    assert parse_reply(text) == RefuseReply(notice=4827, reason=reason)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "1 4827 15:00"),
        ("ok", "1 4827 15:00"),
        ("收到", "1 4827 15:00"),
        ("3 4827 15:00", "1 4827 15:00"),
        ("14827 15:00", "1 4827 15:00"),
        ("1 15:00:00:00 x", "1 15 15:00"),
        ("1 4827 25:00", "1 4827 15:00"),
        ("1 4827 15:60", "1 4827 15:00"),
        ("1 4827 soon", "by what time"),
        ("2 4827", "why"),
        ("2 4827 ，", "why"),
    ],
)
def test_what_is_not_understood_is_answered_with_what_to_write(text, said):
    reply = parse_reply(text)

    assert isinstance(reply, NotUnderstood)
    assert said in str(reply.answer)


@given(st.text(max_size=60))
def test_every_text_has_an_answer(text):
    assert isinstance(parse_reply(text), TakeReply | RefuseReply | NotUnderstood)
