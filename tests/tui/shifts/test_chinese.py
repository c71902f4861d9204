# ruff: noqa: RUF001 (full-width signs are what it is about)
"""A form whose answers call for more fields, filled in with a Chinese input method on: full-width signs are commands as well."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from casewright.queries import ListTickets

from .centre import AGENT, CUSTOMER, NAME, TYPED_PHONE
from .day import OTHER, at_work, beside, ticket


@pytest.mark.parametrize("lang", ["zh", pytest.param(OTHER["zh"], marks=pytest.mark.soak)])
def test_a_regulators_complaint_is_typed_in_chinese_and_its_further_fields_come_and_are_kept(
    root: Path, lang: str
):
    subject = f"宽带断网，多次报修无人处理（{lang}）"
    with at_work(root, AGENT, lang) as her:
        her.type("？")
        her.sees(("Help:", "帮助："))
        her.press("Escape")
        her.sees_no_more(("Help:", "帮助："))
        her.type("＋")
        her.sees(("New contact", "新来访"))
        her.type("".join(chr(ord(one) + 0xFEE0) for one in TYPED_PHONE))
        her.press("Enter")
        her.sees(NAME)
        her.press("F6")
        her.choose(("complaint", "投诉"))
        her.sees(("What the customer wants", "客户诉求"))
        her.type(subject)
        her.press("Tab")
        her.type("“约好两次都没有人来”，客户说。")
        her.press("Tab")
        her.type("三天内修复并赔偿。")
        her.press(*["Tab"] * 11)
        her.sees(("Sent by a regulator", "监管部门或政务热线转办"))
        assert her.said(("External deadline", "来文时限")) not in her.screen.text
        her.type("是")
        her.press("Tab")
        her.sees(("Reference of the sender", "来文编号"))
        her.type("工信〔2026〕12号")
        her.press("Tab")
        her.sees(("External deadline", "来文时限"))
        her.type("＋１０ｄ")
        her.press("F8")
        her.sees(("is opened", "已开立"), "CMP-2026-")

    with beside(root) as desk:
        page = desk.ask(ListTickets(actor=AGENT, workflow="complaint"))
        key = next(one.key for one in page.tickets if one.fields["subject"] == subject)
    after = ticket(root, key)
    assert (after.customer, after.state, after.level) == (CUSTOMER, "registered", 2)
    assert after.fields["regulator_reference"] == "工信〔2026〕12号"
    due = date.fromisoformat(str(after.fields["external_due"]))
    assert abs(due - date.today() - timedelta(days=10)) <= timedelta(days=1)
    assert after.fields["description"] == "“约好两次都没有人来”，客户说。"
