"""Calls: what the phone system is told about a number before anybody answers."""

import pytest

from casewright.commands import EraseCustomer
from casewright.errors import CommandRefused, NotAllowed
from casewright.model import SYSTEM, Identity
from casewright.queries import GetAccessReport
from casewright_routing.commands import RememberChoice
from casewright_routing.queries import AdviseCall

NUMBER = "+8613800000000"


def choose(routed, number=NUMBER, **chosen):
    routed.desk.execute(RememberChoice(actor="ana", number=number, **chosen))


@pytest.mark.parametrize("typed", [NUMBER, "13800000000", "138 0000 0000", "008613800000000"])
def test_a_known_number_tells_the_customer_however_it_is_written(routed, typed):
    routed.customer("lu", tier="vip", brand="business", language="zh", phone=NUMBER)

    found = routed.call(typed)

    call = found.call
    assert (call.customer, call.name, call.tier, call.vip) == ("lu", "Lu", "vip", True)
    assert (call.brand, call.language, call.queue) == ("business", "zh", "general")
    assert found.agent == "cleo"


def test_a_vips_call_overflows_to_senior_agents_and_rings_nobody_when_all_are_busy(routed):
    routed.customer("lu", tier="vip", phone=NUMBER)
    routed.busy("cleo")

    assert (routed.call(NUMBER).agent, routed.call(NUMBER).step) == ("dora", "senior")
    routed.busy("dora")
    routed.busy("emil")
    assert routed.call(NUMBER).agent == ""


def test_a_caller_is_put_through_to_whoever_worked_for_them(routed):
    wang = routed.customer("wang", phone=NUMBER)
    key = routed.open(customer=wang)
    routed.assign(key, "ben")

    assert routed.call(NUMBER).agent == "ben"


def test_of_a_number_that_several_share_only_what_they_have_in_common_is_told(routed):
    routed.customer("wang", language="en", brand="home", phone=NUMBER)
    routed.customer("lu", tier="vip", language="en", brand="business", phone=NUMBER)

    call = routed.call(NUMBER).call

    assert call.customers == ("lu", "wang")
    assert (call.customer, call.name, call.brand) == ("", "", "")
    assert (call.vip, call.language) == (True, "en")


@pytest.mark.parametrize("number", ["", "anonymous", "   ", "\x00", "+86138000000"])
def test_a_withheld_or_unknown_number_is_a_call_like_any_other(routed, number):
    routed.customer("lu", tier="vip", phone=NUMBER)

    found = routed.call(number)

    assert (found.call.customers, found.call.vip, found.call.queue) == ((), False, "general")
    assert found.agent == "ana"


def test_what_a_caller_chose_is_remembered_with_the_number(routed):
    choose(routed, language="en")
    choose(routed, brand="business")

    call = routed.call(NUMBER).call

    assert (call.language, call.brand) == ("en", "business")
    assert dict(call.skills) == {"english": 1}
    assert routed.call(NUMBER).agent == "ben"
    assert routed.call("").call.language == ""


def test_a_choice_stays_with_the_number_when_its_customer_becomes_known(routed):
    routed.customer("wang", phone=NUMBER, language="zh")
    choose(routed, number="13800000000", language="en")

    assert routed.call(NUMBER).call.language == "en"


def test_another_of_the_customers_numbers_finds_the_customer_too(routed):
    other = Identity(kind="phone", value="+8613900000000")
    routed.customer("wang", phone=NUMBER, known_by=(other,))

    assert routed.call("13900000000").call.customer == "wang"


def test_a_withheld_number_has_nothing_to_be_remembered_with(routed):
    with pytest.raises(CommandRefused):
        choose(routed, number="", language="en")


def test_who_calls_is_told_to_those_who_may_know_it_alone(routed):
    with pytest.raises(NotAllowed):
        routed.desk.ask(AdviseCall(actor="gus", number=NUMBER))


@pytest.mark.parametrize("dialled", [NUMBER, "138 0000 0000", "008613800000000"])
def test_what_a_caller_chose_is_forgotten_when_the_customer_is_erased(routed, dialled):
    choose(routed, number=dialled, language="en")
    choose(routed, number="13900000009", language="zh")
    routed.customer("lu", phone=NUMBER)

    erased = EraseCustomer(actor=SYSTEM, customer="lu", reason="by request")
    routed.desk.execute_as_system(erased)

    assert routed.call(NUMBER).call.language == ""
    assert routed.call("13900000009").call.language == "zh"


def looks(routed):
    """Who looked, as what, by which query, through which door, at which ticket and customers."""
    page = routed.desk.ask_as_system(GetAccessReport(actor=SYSTEM, limit=1000))
    return [
        (one.actor, one.kind, one.subject, one.door, one.ticket, one.customers)
        for one in reversed(page.rows)
    ]


def test_a_call_is_a_search_on_record_with_whoever_was_found(routed):
    routed.customer("lu", phone=NUMBER)

    routed.call(NUMBER)
    routed.call("")

    found, withheld = looks(routed)
    assert found[1:] == ("search", "AdviseCall", "embedded", "", ("lu",))
    assert withheld[1:] == ("search", "AdviseCall", "embedded", "", ())


def test_what_a_plugin_looks_at_for_somebody_is_on_record_as_theirs(routed):
    routed.customer("lu", phone=NUMBER)
    key = routed.open(customer="lu")

    routed.explain(key)

    assert looks(routed) == [("olga", "look", "GetTicket", "plugin routing", key, ("lu",))]
