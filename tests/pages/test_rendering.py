"""What pages for customers are made of: controls that are named, errors that are found, and texts that stay texts."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from casewright.answers import CustomerSaid, StatusPage
from casewright.bilingual import Bilingual
from casewright.errors import message
from casewright.forms.load import load_form
from casewright.pages import entered, html, layout
from casewright.pages.controls import Asked
from casewright.pages.done_page import done_page
from casewright.pages.form_page import FILES, Kept, form_page
from casewright.pages.links import Sealer
from casewright.pages.spec import Files, Page
from casewright.pages.status_page import status_page
from casewright.texts import Texts

from ..hostile.texts import HOSTILE
from .reading import by_id, faults_of_access, name_of, read

FORM = """
x-title: {en: Trial, zh: 试用}
type: object
required: [subject, way, agreed, number]
properties:
  subject: {type: string, minLength: 2, x-title: {en: Subject, zh: 主题}, x-help: {en: Short., zh: 简短。}}
  story: {type: string, x-widget: long, x-title: {en: Story, zh: 经过}}
  way:
    type: string
    enum: [bill, account]
    x-labels: {bill: {en: By bill, zh: 账单}, account: {en: To an account, zh: 账户}}
    x-title: {en: Way, zh: 方式}
  account: {type: string, x-title: {en: Account, zh: 账号}}
  agreed: {type: boolean, x-title: {en: I agree, zh: 我同意}}
  number: {type: integer, minimum: 1, x-title: {en: Number, zh: 数量}}
  amount: {type: number, x-title: {en: Amount, zh: 金额}}
  day: {type: string, format: date, x-widget: date, x-title: {en: Day, zh: 日期}}
  moment: {type: string, format: date-time, x-widget: date-time, x-title: {en: Moment, zh: 时间}}
  phone: {type: string, x-widget: phone, x-title: {en: Phone, zh: 电话}}
  email: {type: string, format: email, x-title: {en: Email, zh: 邮箱}}
  several:
    type: array
    items: {type: string, enum: [a, b], x-labels: {a: {en: A, zh: 甲}, b: {en: B, zh: 乙}}}
    x-title: {en: Several, zh: 多项}
  tags: {type: array, items: {type: string}, x-title: {en: Tags, zh: 标签}}
  place: {type: string, x-lookup: places, x-title: {en: Place, zh: 地点}}
allOf:
  - if: {properties: {way: {const: account}}, required: [way]}
    then: {required: [account]}
  - if: {properties: {agreed: {const: true}}, required: [agreed]}
    then: {required: [phone]}
"""
NOW = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
TEXT = Bilingual(en="A page", zh="页面")
PLACES = {"places": {"north": Bilingual(en="North", zh="北区")}}


@pytest.fixture(scope="module")
def form(tmp_path_factory):
    path = Path(tmp_path_factory.mktemp("forms")) / "trial.yaml"
    path.write_text(FORM, encoding="utf-8")
    found, problems = load_form(path)
    assert not [one for one in problems if one.grave]
    return found


@pytest.fixture
def page(form):
    return Page(
        name="trial",
        channel="web",
        workflow="trial",
        title=TEXT,
        fields=tuple(form.fields),
        intro=TEXT,
        sender={"phone": "phone", "email": "email", "name": "subject"},
        files=Files(most=3),
    )


def rendered(page, form, lang="en", **known):
    sender = {name: kind for kind, name in page.sender.items()}
    asked = Asked(
        form=form, texts=Texts(lang), tables=PLACES, sender=sender, fields=page.fields, **known
    )
    kept = (Kept(filename="bill.pdf", size=20_480, sealed="x.y"),)
    return form_page(page, asked, key="a.b", kept=kept)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_kind_of_field_is_a_control_with_a_name_and_what_describes_it(page, form, lang):
    shown = rendered(page, form, lang)

    assert faults_of_access(shown) == []
    root = read(shown)
    ids = by_id(root)
    assert name_of(root, ids["subject"]).startswith(form.fields["subject"].title.of(lang))
    assert ids["day"].attributes["type"] == "date"
    assert ids["moment"].attributes["type"] == "datetime-local"
    assert (ids["phone"].attributes["type"], ids["phone"].attributes["autocomplete"]) == (
        "tel",
        "tel",
    )
    assert ids["email"].attributes["autocomplete"] == "email"
    assert ids["number"].attributes["inputmode"] == "numeric"
    assert [one.text for one in ids["place"].all("option")][1] == PLACES["places"]["north"].of(
        lang
    )
    assert {"way-0", "several-0", "several-1"} <= set(ids)


def test_a_field_that_a_condition_needs_says_when(page, form):
    root = read(rendered(page, form))

    helps = {name: one.text for name, one in by_id(root).items() if name.endswith("-help")}

    assert helps["account-help"] == "Needed if “Way” is To an account."
    assert helps["phone-help"] == "Needed if “I agree” is ticked."


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_each_fault_is_beside_its_field_and_in_a_summary_that_leads_there(page, form, lang):
    faults = {name: message("fill this in") for name in (*page.fields, FILES)}

    shown = rendered(page, form, lang, faults=faults)

    assert faults_of_access(shown) == []
    root = read(shown)
    ids = by_id(root)
    assert root.all("title")[0].text.startswith({"en": "Error: ", "zh": "错误"}[lang])
    links = [one.attributes["href"][1:] for one in ids["summary"].all("a")]
    assert len(links) == len(faults)
    for name in faults:
        control = ids.get(name) or ids[f"{name}-0"]
        assert f"{name}-error" in control.attributes["aria-describedby"]
    assert ids["summary"].attributes["role"] == "alert"
    assert "autofocus" in ids["summary"].attributes


def test_what_was_typed_is_still_there_when_something_is_wrong(page, form):
    typed = {
        "subject": ["\u202asubject\u202c"], "story": ["\nfirst\n\nlast"], "way": ["account"], "several": ["b"],
        "tags": ["one", "two"], "place": ["north"], "agreed": ["yes"], "number": ["twelve"],
    }  # fmt: skip

    ids = by_id(read(rendered(page, form, typed=typed)))

    assert ids["subject"].attributes["value"] == typed["subject"][0]
    assert ids["story"].text == "\n" + typed["story"][0]
    ticked = {name for name, one in ids.items() if "checked" in one.attributes}
    assert ticked == {"way-1", "several-1", "agreed", "kept_file-0"}
    assert ids["tags"].text == "\none\ntwo"
    assert [one.text for one in ids["place"].all("option") if "selected" in one.attributes] == [
        "North"
    ]
    assert ids["number"].attributes["value"] == "twelve"


def _shape(page):
    return [(one.tag, sorted(one.attributes)) for one in read(page).all()]


@pytest.mark.parametrize("text", [one for several in HOSTILE.values() for one in several])
def test_a_hostile_text_never_becomes_markup(page, form, text):
    harmless, hostile = "text", text.encode("utf-8", "replace").decode()

    def filled(one):
        words = Bilingual(en=one, zh=one)
        fields = {
            name: replace(field, title=words, help=words) for name, field in form.fields.items()
        }
        shown = replace(page, title=words, intro=words)
        typed = {name: [one] for name in page.fields}
        faults = {name: message("{detail}", detail=one) for name in page.fields}
        said = tuple(CustomerSaid(at=NOW, by="us", text=each) for each in (one, words))
        status = StatusPage(
            reference=one,
            words=words,
            title=words,
            received_at=NOW,
            asked=(one,),
            said=said,
            may=("supplement",),
        )
        fault = {"supplement-words": message("{detail}", detail=one)}
        return (
            rendered(shown, replace(form, fields=fields), typed=typed, faults=faults),
            status_page(
                status,
                Texts("en"),
                path="/s/x",
                keys={"supplement": one},
                entered=one,
                faults=fault,
            ),
            done_page(shown, status, Texts("en"), link="/s/x", path="/f/x"),
        )

    for calm, wild in zip(filled(harmless), filled(hostile), strict=True):
        shape = [one for one in _shape(wild) if one[0] != "br"]
        assert shape == [one for one in _shape(calm) if one[0] != "br"]
        outside = re.sub(r'(?s)<textarea.*?</textarea>|="[^"]*"', "", wild)
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", outside)
        wild.encode()


def test_the_search_for_markup_finds_it_where_a_text_is_not_escaped(page, form, monkeypatch):
    monkeypatch.setattr(html, "escape", lambda text: text)

    shown = rendered(replace(page, intro=Bilingual(en="<b>loud</b>", zh="响")), form)

    assert ("b", []) in _shape(shown)


def test_values_are_read_as_the_form_has_them(page, form):
    sent = {
        "subject": ["  Late parcel "], "story": ["a\r\nb"], "way": ["bill"], "number": ["12"], "amount": ["12.50"],
        "agreed": ["yes"], "moment": ["2026-03-02T09:30"], "several": ["a", "b"], "tags": ["x\r\n\r\ny"], "phone": [""],
    }  # fmt: skip

    values, faults = entered.values_of(form, page.fields, sent, UTC)

    assert faults == ()
    assert values == {
        "subject": "Late parcel", "story": "a\nb", "way": "bill", "number": 12, "amount": 12.5, "agreed": True,
        "moment": "2026-03-02T09:30:00+00:00", "several": ["a", "b"], "tags": ["x", "y"],
    }  # fmt: skip
    assert [name for name, _ in entered.faults_of(form, page.fields, values, {})] == ["phone"]


def test_what_is_no_value_is_a_fault_and_nothing_else(page, form):
    sent = {"number": ["12.5"], "amount": ["nan"], "moment": ["tomorrow"]}

    values, faults = entered.values_of(form, page.fields, sent, UTC)

    assert {name for name, _ in faults} == {"number", "amount", "moment"}
    assert values == {"agreed": False}


NAMED = re.compile(r"--([a-z-]+): (#[0-9a-f]{6})")


def _contrast(one, other):
    def light(colour):
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [
            part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
            for part in parts
        ]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    bright, dark = sorted((light(one), light(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def test_every_colour_is_readable_on_what_it_stands_on_by_day_and_by_night():
    style = (Path(layout.__file__).parent / "style.css").read_text(encoding="utf-8")
    day, night = (
        dict(NAMED.findall(part))
        for part in style.split("@media (prefers-color-scheme: dark)")[:2]
    )
    pairs = [
        ("ink", "paper"), ("soft", "paper"), ("brand", "paper"), ("on-brand", "brand"), ("wrong", "paper"),
        ("wrong", "wrong-paper"), ("ink", "wrong-paper"), ("good", "good-paper"),
    ]  # fmt: skip

    for colours in (day, {**day, **night}):
        for one, other in pairs:
            assert _contrast(colours[one], colours[other]) >= 4.5, (one, other)
        for one in ("line", "focus"):
            assert _contrast(colours[one], colours["paper"]) >= 3, one


def test_a_sealed_text_is_opened_only_whole_for_its_purpose_and_with_its_secret():
    sealer = Sealer(b"a secret of some length")
    sealed = sealer.sealed("status", {"t": "CMP-2026-000001"}, now=NOW, valid=timedelta(days=1))

    opened = sealer.opened("status", sealed, now=NOW)

    assert opened.about == {"t": "CMP-2026-000001"}
    assert not opened.over
    assert opened.made_at == NOW
    assert sealer.opened("status", sealed, now=NOW + timedelta(days=2)).over
    assert sealer.opened("form", sealed, now=NOW) is None
    assert Sealer(b"another secret").opened("status", sealed, now=NOW) is None
    for at in range(len(sealed)):
        for other in "A.-":
            altered = sealed[:at] + other + sealed[at + 1 :]
            if altered != sealed:
                assert sealer.opened("status", altered, now=NOW) is None
    for odd in (
        "",
        ".",
        "a",
        "a.b.c",
        "é.é",
        sealed + "=",
        sealed + "A",
        sealed[:-1],
        "A" * 10_000,
    ):
        assert sealer.opened("status", odd, now=NOW) is None
