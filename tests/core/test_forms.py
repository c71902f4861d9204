"""Forms: what a file may say, what is wrong with one, and what is answered to what people enter."""

import json
import pickle
import socket
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from referencing.exceptions import Unresolvable

from casewright import strict_yaml
from casewright.bilingual import Bilingual
from casewright.errors import FormRefused, Place
from casewright.forms import vocabulary
from casewright.forms.check import FormChecker, check
from casewright.forms.load import form_from_data, load_form, read_form

SCHEMA = Path(__file__).resolve().parents[2] / "core/casewright/forms/form.schema.json"

COMPLAINT = """\
x-title: {en: Complaint, zh: 投诉}
required: [subject, channel]
properties:
  subject: {type: string, minLength: 3, maxLength: 20, x-title: {en: Subject, zh: 主题}}
  channel:
    type: string
    enum: [phone, mail]
    x-labels: {phone: {en: Phone, zh: 电话}, mail: {en: Mail, zh: 邮件}}
    x-title: {en: Channel, zh: 渠道}
  amount: {type: number, minimum: 0, multipleOf: 0.01, x-widget: money, x-title: {en: Amount, zh: 金额}}
  pieces: {type: integer, minimum: 1, exclusiveMaximum: 100, x-title: {en: Pieces, zh: 件}, default: 1}
  call_back: {$ref: "#/$defs/phone", x-title: {en: Call back, zh: 回电}, x-personal: true}
  day: {type: string, format: date, x-title: {en: Day, zh: 日}, x-help: {en: When, zh: 何时}}
  injury: {type: boolean, x-title: {en: Injury, zh: 受伤}}
  product: {type: string, x-lookup: products, x-title: {en: Product, zh: 产品}}
  tags:
    type: array
    items: {type: string, pattern: "^[a-z]+$", maxLength: 9}
    maxItems: 3
    uniqueItems: true
    x-title: {en: Tags, zh: 标签}
$defs:
  phone: {type: string, pattern: '^\\+?[0-9]{5,15}$'}
allOf:
  - if: {properties: {channel: {const: phone}}, required: [channel]}
    then: {required: [call_back]}
"""
GOOD = {"subject": "late parcel", "channel": "mail"}


def read(text: str):
    return read_form(strict_yaml.load(text, file="f.yaml"), name="f")


def with_fields(fields: dict, **more):
    titled = {
        name: {"x-title": {"en": name, "zh": name}, **schema} for name, schema in fields.items()
    }
    data = {"x-title": {"en": "F", "zh": "表"}, "properties": titled, **more}
    return read_form(data, name="f")


@pytest.fixture(scope="module")
def complaint():
    form, problems = read(COMPLAINT)
    assert problems == []
    return form


def faults(form, **values):
    return [(name, str(reason)) for name, reason in FormChecker(form).faults(values)]


def test_a_form_file_becomes_a_form(complaint):
    channel, tags = complaint.fields["channel"], complaint.fields["tags"]

    assert complaint.title == Bilingual(en="Complaint", zh="投诉")
    assert list(complaint.fields)[:3] == ["subject", "channel", "amount"]
    assert channel.required
    assert channel.choices == ("phone", "mail")
    assert channel.label("phone", "zh_CN") == "电话"
    assert complaint.fields["call_back"].personal
    assert complaint.fields["product"].lookup == "products"
    assert complaint.fields["day"].help.of("en") == "When"
    assert complaint.fields["pieces"].default == 1
    assert [one.kind for one in complaint.fields.values()] == [
        "text", "text", "decimal", "integer", "text", "text", "boolean", "text", "texts",
    ]  # fmt: skip
    assert tags.choices == ()


def test_the_normalised_schema_is_closed_has_no_references_and_makes_the_same_form(complaint):
    schema = complaint.schema

    assert schema["additionalProperties"] is False
    assert "$ref" not in json.dumps(schema)
    assert form_from_data("f", schema) == complaint
    assert form_from_data("f", json.loads(json.dumps(schema))).schema == schema
    assert pickle.loads(pickle.dumps(complaint)) == complaint


def test_a_form_may_be_written_as_json_and_has_the_same_places(tmp_path):
    file = tmp_path / "remedy.json"
    file.write_text(
        '{"x-title": {"en": "R", "zh": "R"},\n "properties":\n  {"a": {"type": "strin"}}}'
    )

    form, problems = load_form(file, file="forms/remedy.json")

    assert form is None
    assert [(p.code, p.place) for p in problems] == [
        ("form.title", Place("forms/remedy.json", 3, 4)),
        ("form.type", Place("forms/remedy.json", 3, 18)),
    ]


def test_all_problems_are_told_at_once_in_order_of_place_with_the_nearest_right_word():
    form, problems = read(
        "x-title: {en: F, zh: 表}\n"
        "required: [subjct]\n"
        "properties:\n"
        "  subject: {type: string, maxLenght: 5, x-title: {en: S}}\n"
        "  channel: {type: string, enum: [a, b], x-labels: {a: {en: A, zh: A}, c: {en: C, zh: C}},\n"
        "    x-title: {en: C, zh: C}}\n"
        "  day: {type: string, format: dates, x-widget: lin, x-title: {en: D, zh: D}}\n"
    )

    assert form is None
    assert [str(problem) for problem in problems] == [
        "f.yaml:2:12: unknown field 'subjct'; did you mean 'subject'?",
        "f.yaml:4:27: 'maxLenght' is not used here; did you mean 'maxLength'?",
        "f.yaml:4:50: the text for 'zh' is missing",
        "f.yaml:5:37: the choice 'b' has no label in x-labels",
        "f.yaml:5:71: there is no choice 'c'",
        "f.yaml:7:31: unknown format 'dates'; did you mean 'date'? (known: date, date-time, email, uri)",
        "f.yaml:7:48: unknown widget 'lin'; did you mean 'line'?",
    ]
    assert {problem.code for problem in problems} == {
        "form.field", "form.keyword", "form.text", "form.labels", "form.format", "form.widget",
    }  # fmt: skip


def test_a_file_that_cannot_be_read_is_a_problem_and_not_a_crash(tmp_path):
    (tmp_path / "a.yaml").write_text("a: 1\na: 2\n")
    (tmp_path / "b.json").write_text("{")
    (tmp_path / "c.txt").write_text("")

    for name, place in (
        ("a.yaml", (2, 1)),
        ("b.json", (1, 2)),
        ("c.txt", (0, 0)),
        ("d.yaml", (0, 0)),
    ):
        form, problems = load_form(tmp_path / name, file=name)
        assert form is None
        assert [(p.code, p.place) for p in problems] == [("form.file", Place(name, *place))]


@pytest.mark.parametrize(
    "data", [None, [], "x", 1, {}, {"properties": []}, {"properties": {"a": 1}}]
)
def test_what_is_no_form_at_all_has_problems(data):
    form, problems = read_form(data, name="f")

    assert form is None
    assert problems


def test_a_condition_that_also_holds_without_its_field_is_a_warning():
    form, problems = with_fields(
        {"a": {"type": "string"}, "b": {"type": "string"}},
        **{"if": {"properties": {"a": {"const": "x"}}}, "then": {"required": ["b"]}},
    )

    assert form is not None
    assert [(p.code, p.grave) for p in problems] == [("form.condition", False)]
    assert not FormChecker(form).accepts({})


def test_a_default_must_satisfy_its_own_field():
    form, problems = with_fields({"a": {"type": "integer", "minimum": 5, "default": 3}})

    assert form is None
    assert [(p.code, str(p.message)) for p in problems] == [("form.default", "enter 5 or more")]


def test_good_values_are_accepted(complaint):
    full = {
        **GOOD, "channel": "phone", "call_back": "+8613800000000", "amount": 0.07, "pieces": 99,
        "day": "2028-02-29", "injury": False, "product": "p1", "tags": ["a", "b"],
    }  # fmt: skip

    check(complaint, full)
    check(complaint, full, tables={"products": {"p1"}})
    assert FormChecker(complaint).accepts(GOOD)


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("subject", "ab", "write at least 3 characters (2 so far)"),
        ("subject", "x" * 21, "write at most 20 characters (21 so far)"),
        ("subject", 5, "a text is needed"),
        ("subject", None, "a text is needed"),
        ("subject", "abc\x00", "a text holds the character NUL"),
        ("subject", "abc\ud800", "a text holds half a character (a lone surrogate)"),
        ("channel", "fax", "choose one of phone, mail"),
        ("amount", -1, "enter 0 or more"),
        ("amount", 0.075, "enter a multiple of 0.01"),
        ("amount", float("nan"), "a number is needed"),
        ("amount", float("inf"), "a number is needed"),
        ("amount", True, "a number is needed"),
        ("pieces", 0, "enter 1 or more"),
        ("pieces", 100, "enter less than 100"),
        ("pieces", 1.0, "a whole number is needed"),
        ("pieces", True, "a whole number is needed"),
        ("pieces", 2**63, "the number is too large"),
        ("call_back", "12-34", r"this is not written as expected (^\+?[0-9]{5,15}$)"),
        ("day", "2027-02-29", "write a day as in 2026-01-31"),
        ("day", "20270228", "write a day as in 2026-01-31"),
        ("injury", 1, "yes or no is needed"),
        ("tags", "a", "a list of texts is needed"),
        ("tags", ["a", 1], "a text is needed"),
        ("tags", ["a", "a"], "an entry appears twice"),
        ("tags", ["a", "b", "c", "d"], "choose at most 3"),
        ("tags", ["A"], "this is not written as expected (^[a-z]+$)"),
    ],
)
def test_each_fault_is_told_in_words_at_its_field(complaint, field, value, reason):
    values = {**GOOD, field: value}

    assert faults(complaint, **values) == [(field, reason)]
    assert not FormChecker(complaint).accepts(values)


def test_what_is_missing_depends_on_what_was_entered(complaint):
    assert faults(complaint) == [
        ("subject", "this is required"),
        ("channel", "this is required"),
    ]
    assert faults(complaint, subject="late", channel="phone") == [
        ("call_back", "this is required")
    ]


def test_an_unknown_field_is_answered_with_the_nearest_right_word(complaint):
    assert faults(complaint, **GOOD, subjekt="x") == [
        ("subjekt", "the form has no such field; did you mean 'subject'?")
    ]


def test_a_refusal_lists_all_faults(complaint):
    with pytest.raises(FormRefused) as caught:
        check(complaint, {"subject": "ab", "pieces": 0})

    assert [name for name, _ in caught.value.faults] == ["subject", "channel", "pieces"]
    assert (
        str(caught.value) == "f: subject: write at least 3 characters (2 so far) (and 2 more)."
    )


def test_a_lookup_is_asked_of_its_table_when_tables_are_given(complaint):
    check(complaint, {**GOOD, "product": "no such"})

    with pytest.raises(FormRefused, match="'no such' is not in the table products"):
        check(complaint, {**GOOD, "product": "no such"}, tables={"products": {"p1"}})


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("date", ["2026-01-31", "0001-01-01"], ["2026-1-31", "2026-02-30", "", "\uff12026-01-31", "2026-W01-1"]),
        ("date-time", ["2026-01-31T09:30:00+08:00", "2026-01-31t09:30:00.5z"],
         ["2026-01-31T09:30:00", "2026-01-31 09:30:00Z", "2026-01-31T25:00:00Z", "2026-01-31T09:30:60Z"]),
        ("email", ["ana.b+c@mail.example.org"],
         ["ana", "@x.org", "a@b", "a@b..org", "Ana <a@b.org>", "a@b.org\n", "a b@c.org", "x" * 65 + "@b.org"]),
        ("uri", ["https://example.org", "http://a.b:80/x?y=1#z"],
         ["file:///etc/passwd", "javascript:alert(1)", "https://", "https://u:p@b.org", "https://a.org/ x"]),
    ],
)  # fmt: skip
def test_a_format_is_really_checked(name, good, bad):
    form, _ = with_fields({"a": {"type": "string", "format": name}})
    checker = FormChecker(form)

    assert [text for text in good if not checker.accepts({"a": text})] == []
    assert [text for text in bad if checker.accepts({"a": text})] == []
    assert all(checker.faults({"a": text}) for text in bad)


@pytest.mark.timeout(60)
def test_a_pattern_that_hangs_other_engines_takes_no_time():
    form, problems = with_fields({"a": {"type": "string", "pattern": "^(a+)+$"}})
    text = "a" * 50_000 + "!"

    assert problems == []
    assert not FormChecker(form).accepts({"a": text})
    assert len(FormChecker(form).faults({"a": text})) == 1


def test_no_check_opens_a_connection_or_a_file(monkeypatch, complaint):
    def refuse(*_, **__):
        raise AssertionError("something was opened")

    FormChecker(complaint).faults({})
    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr("builtins.open", refuse)
    monkeypatch.setattr("os.open", refuse)
    for target in (
        "http://127.0.0.1:9/x.json",
        "file:///etc/hostname",
        "other.json",
        "#/properties/a",
    ):
        form, problems = with_fields(
            {"a": {"$ref": target}, "b": {"type": "array", "items": {"$ref": target}}}
        )
        assert form is None
        assert [problem.code for problem in problems] == ["form.reference"] * 2
    assert FormChecker(complaint).accepts(GOOD)
    assert not FormChecker(complaint).accepts({})


def test_even_a_schema_that_slipped_through_cannot_make_the_engines_fetch(complaint, tmp_path):
    lure = tmp_path / "anything.json"
    lure.write_text("{}")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.2)
        port = listener.getsockname()[1]
        for target in (f"http://127.0.0.1:{port}/x.json", lure.as_uri()):
            slipped = {**complaint.schema, "allOf": [{"$ref": target}]}
            checker = FormChecker(form_from_data("f", slipped))

            with pytest.raises(ValueError, match="Retrieval is disabled"):
                checker.accepts(GOOD)
            with pytest.raises(Unresolvable):
                checker.faults(GOOD)
        with pytest.raises(TimeoutError):
            listener.accept()


def test_the_published_schema_takes_what_we_take_and_knows_the_same_words():
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    editor = jsonschema.Draft202012Validator(schema)

    assert editor.is_valid(strict_yaml.load(COMPLAINT, file="f").data)
    assert not editor.is_valid({"x-title": {"en": "a", "zh": "b"}})
    defs = schema["$defs"]
    assert set(schema["properties"]) == vocabulary.KEYWORDS["form"]
    assert set(defs["field"]["properties"]) == vocabulary.KEYWORDS["field"]
    assert set(defs["items"]["properties"]) == vocabulary.KEYWORDS["items"]
    assert set(defs["branch"]["properties"]) == vocabulary.KEYWORDS["branch"]
    assert set(defs["constraint"]["properties"]) == vocabulary.KEYWORDS["constraint"]
    assert (
        set(schema["properties"]["allOf"]["items"]["properties"])
        == vocabulary.KEYWORDS["choice"]
    )
    field = defs["field"]["properties"]
    assert field["x-widget"]["enum"] == list(vocabulary.WIDGETS)
    assert field["format"]["enum"] == list(vocabulary.FORMATS)
    assert [name for name, word in field.items() if not word.get("description")
            and "$ref" not in word] == []  # fmt: skip


SNIPPETS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5)
    | st.sampled_from(["string", "array", "#/$defs/a", "a", "^(", "date"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from([*vocabulary.KEYWORDS["field"], *vocabulary.KEYWORDS["form"], "a", "b"]), inner, max_size=5),
    max_leaves=20,
)  # fmt: skip


@settings(max_examples=500, deadline=None)
@given(SNIPPETS, st.dictionaries(st.sampled_from(["a", "b", "$defs"]), SNIPPETS, max_size=3))
def test_any_data_is_either_a_form_or_has_problems(data, fields):
    for candidate in (
        data,
        {"properties": fields, "$defs": fields, "x-title": {"en": "a", "zh": "b"}},
    ):
        form, problems = read_form(candidate, name="f")

        assert (form is None) == any(problem.grave for problem in problems)


def test_every_shipped_form_is_taken_by_us_and_by_an_editor():
    editor = jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
    shipped = sorted((SCHEMA.parents[3] / "forms").glob("*.yaml"))

    assert shipped
    for path in shipped:
        assert load_form(path)[1] == [], path.name
        assert [e.message for e in editor.iter_errors(strict_yaml.load_file(path).data)] == []
        assert (
            "yaml-language-server: $schema=" in path.read_text(encoding="utf-8").split("\n")[0]
        )
