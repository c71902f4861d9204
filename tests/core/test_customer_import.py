"""Customers from a CSV file: by a map, all of them or none, every fault with its line."""

import csv
import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casewright.commands import ImportCustomers, MergeCustomers, SaveCustomer
from casewright.errors import (
    CommandRefused,
    FileUnreadable,
    ProblemsFound,
    TableRefused,
    YamlRefused,
)
from casewright.exchange import customer_file
from casewright.exchange.customer_file import read_customers
from casewright.exchange.customer_map import EXAMPLE, CustomerMap, read_map
from casewright.model import CustomerLine, Identity
from casewright.queries import CheckImport, FindCustomers, GetCustomerView, ListCustomers

AGENT = "chen_jing"
LEADER = "wu_min"
PLAIN = CustomerMap(columns={"id": "id", "name": "name", "phone": "phone", "tags": "tags"})
KEYED = CustomerMap(
    columns={"name": "name", "phone": "phone", "client": "client", "kind": "kind"},
    identities={"crm": "crm"},
    keys=("crm",),
)


@pytest.fixture
def written(tmp_path):
    def write(text, encoding="utf-8"):
        path = tmp_path / "customers.csv"
        path.write_bytes(text.encode(encoding))
        return path

    return write


def lines_of(path, said=PLAIN, **more):
    return read_customers(path, said, **more).lines


def put_in(desk, lines, keys=(), **more):
    """Import lines and return how many were added, changed and unchanged."""
    command = ImportCustomers(
        actor=AGENT, lines=tuple(lines), keys=keys, source="c.csv", **more
    )
    answer = desk.execute(command).answer
    return tuple(int(answer[name]) for name in ("added", "changed", "unchanged"))


def refused(desk, lines, keys=()):
    """What is wrong with lines, as `line: sentence`; the check and the import must say the same."""
    query = CheckImport(actor=AGENT, lines=tuple(lines), keys=keys, source="c.csv")
    checked = desk.ask(query).problems
    with pytest.raises(ProblemsFound) as caught:
        put_in(desk, lines, keys)
    assert caught.value.problems == checked
    return [f"{one.place.line}: {one.message}" for one in checked]


def kept(desk, customer):
    return desk.ask(GetCustomerView(actor=AGENT, customer=customer)).customer


def merge(desk, customer, into):
    desk.execute(MergeCustomers(actor=LEADER, customer=customer, into=into, reason="the same"))


def ids(desk):
    return [one.id for one in desk.ask(ListCustomers(actor=AGENT, limit=1000)).customers]


def line(number, **said):
    return CustomerLine(line=number, **said)


def crm(value):
    return (Identity(kind="crm", value=value),)


# --- the file --------------------------------------------------------------------------------------


def test_cells_are_read_by_the_map_and_tidied(written):
    path = written(
        "id,name,phone,tags,other\r\n"
        "c1, 王\u3000女士 ,139 0000 0001,a; b ;,x\r\n"
        "\r\n"
        '"c2","Li\nHong",,,\r\n'
    )

    first, second = lines_of(path)

    assert (first.line, first.id, first.name, first.phone) == (
        2,
        "c1",
        "王 女士",
        "139 0000 0001",
    )
    assert first.tags == ("a", "b")
    assert (second.line, second.id, second.name) == (4, "c2", "Li Hong")


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_comma_semicolon_and_tab_are_told_apart(written, delimiter):
    path = written(delimiter.join(["id", "name", "phone", "tags"]) + f"\nc1{delimiter * 3}\n")

    assert lines_of(path)[0].id == "c1"


def test_a_byte_order_mark_and_the_encoding_of_chinese_offices_are_read(written):
    text = "id,name,phone,tags\nc1,王女士,,\n"

    assert lines_of(written("\ufeff" + text))[0].name == "王女士"
    assert lines_of(written(text, "gb18030"), encoding="gb18030")[0].name == "王女士"
    with pytest.raises(TableRefused, match=r"csv:2:1: the file is not UTF-8.*encoding"):
        lines_of(written(text, "gb18030"))


def test_words_are_translated_defaults_fill_in_and_cells_hold_several(written):
    said = CustomerMap(
        columns={"id": "编号", "tier": "等级", "tags": "标签"},
        identities={"phone": "电话"},
        values={"tier": {"贵宾": "vip", "普通": ""}, "tags": {"北": "north"}},
        always={"language": "zh", "tier": "plain"},
        separator="/",
    )
    path = written("编号,等级,标签,电话\nc1,贵宾,北/南,1391/1392\nc2,普通,,\nc3,,,\n")

    first, second, third = lines_of(path, said)

    assert (first.tier, first.tags, first.language) == ("vip", ("north", "南"), "zh")
    assert [one.value for one in first.known_by] == ["1391", "1392"]
    assert (second.tier, third.tier) == ("", "plain")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "the file is empty"),
        ("\n\n", "the file is empty"),
        ("idd,name,phone,tags\n", "the column 'id' is missing; did you mean 'idd'"),
        ("id,id,name,phone,tags\n", "the column 'id' appears twice"),
        ('id,name,phone,tags\n"c1,x,,\n', "not valid CSV"),
        ("id,name,phone,tags" + ",x" * 300 + "\n", "at most 200 columns"),
    ],
)
def test_a_file_that_cannot_be_read_by_the_map_is_refused_as_a_whole(written, text, said):
    with pytest.raises(TableRefused, match=said):
        lines_of(written(text))


def test_no_more_is_read_than_is_allowed(written, tmp_path, monkeypatch):
    path = written("id,name,phone,tags\n" + "c,,,\n" * 30)

    monkeypatch.setattr(customer_file, "MAX_ROWS", 20)
    with pytest.raises(TableRefused, match="more than 20 rows"):
        lines_of(path)
    monkeypatch.setattr(customer_file, "MAX_BYTES", 20)
    with pytest.raises(TableRefused, match="larger than 20 bytes"):
        lines_of(path)
    with pytest.raises(FileUnreadable, match="not a regular file"):
        lines_of(tmp_path)


def test_rows_that_do_not_fit_the_first_line_are_told_by_line_and_the_others_read(written):
    path = written("id,name,phone,tags\nc1,,\nc2,,,\nc3,,,,\n" + f"c4,{'x' * 4001},,\n")

    read = read_customers(path, PLAIN)

    assert [one.id for one in read.lines] == ["c2"]
    assert [one.place.line for one in read.problems] == [2, 4, 5]
    assert "3 cells; the first line has 4" in str(read.problems[0])


@given(st.lists(st.lists(st.text(max_size=12), min_size=4, max_size=4), max_size=8))
def test_whatever_stands_in_the_cells_each_row_becomes_a_line_or_a_problem(
    tmp_path_factory, rows
):
    path = tmp_path_factory.mktemp("csv") / "any.csv"
    try:
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([["id", "name", "phone", "tags"], *rows])
    except UnicodeEncodeError:
        return
    try:
        read = read_customers(path, PLAIN)
    except TableRefused:
        return

    assert len(read.lines) + len(read.problems) <= len(rows)
    assert all("\n" not in one.name and one.name == one.name.strip() for one in read.lines)


# --- the map ---------------------------------------------------------------------------------------


def test_the_example_of_a_map_is_one(tmp_path):
    (tmp_path / "map.yaml").write_text(EXAMPLE, encoding="utf-8")

    said = read_map(tmp_path / "map.yaml")

    assert said.columns["phone"] == "手机"
    assert (said.identities, said.keys) == ({"crm": "CRM 编号", "phone": "其他号码"}, ("crm",))


def test_a_phone_of_its_own_column_can_be_the_key(tmp_path):
    (tmp_path / "map.yaml").write_text(
        "columns: {phone: tel}\nidentities: {phone: {key: true}}", encoding="utf-8"
    )

    said = read_map(tmp_path / "map.yaml")

    assert (said.identities, said.keys) == ({}, ("phone",))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[1]", "write 'columns:'"),
        ("columns: {id: a}\ncolumn: {}", r"2:1: unknown word 'column'; did you mean 'columns'"),
        ("columns: {nam: a, id: b}", r"1:11: unknown word 'nam'; did you mean 'name'"),
        ("columns: {id: 5}", r"1:15: a text is expected"),
        ("columns: {name: a}", "name the column of the id"),
        ("columns: {name: a}\nidentities: {crm: {column: b}}", "name the column of the id"),
        ("columns: {id: a}\nidentities: {crm: {colum: b}}", "did you mean 'column'"),
        ("columns: {id: a}\nidentities: {crm: {key: true}}", "write the column"),
        ("columns: {id: a}\nidentities: {crm: {column: a, key: 5}}", "write the column"),
        ("columns: {id: a}\nidentities: [1]", "a mapping is expected"),
        ("columns: {id: a}\nvalues: {tier: 5}", "a mapping is expected"),
        ("columns: {id: a}\nvalues: {colour: {}}", "unknown word 'colour'"),
        ("columns: {id: a}\nalways: {language: ''}", "a text is expected"),
        ("columns: {id: a}\nseparator: ''", "one to three characters"),
    ],
)
def test_what_is_wrong_with_a_map_is_told_with_its_place(tmp_path, text, said):
    (tmp_path / "map.yaml").write_text(text, encoding="utf-8")

    with pytest.raises(ProblemsFound) as caught:
        read_map(tmp_path / "map.yaml")

    assert any(re.search(said, str(one)) for one in caught.value.problems)


def test_a_map_that_is_no_yaml_is_refused(tmp_path):
    (tmp_path / "map.yaml").write_text("columns: {id: a", encoding="utf-8")

    with pytest.raises(YamlRefused):
        read_map(tmp_path / "map.yaml")


# --- into the desk ---------------------------------------------------------------------------------


def test_customers_are_added_changed_or_left_and_counted(desk):
    desk.execute(SaveCustomer(actor=AGENT, id="c1", name="Wang", tier="vip", tags=("old",)))
    lines = [
        line(2, id="c1", name="Wang Fang", tags=("new",)),
        line(3, id="c2", name="Li", phone="139 0000 0001"),
    ]

    assert put_in(desk, lines) == (1, 1, 0)

    one, two = kept(desk, "c1"), kept(desk, "c2")
    assert (one.name, one.tier, one.tags) == ("Wang Fang", "vip", ("old", "new"))
    assert two.phone == "+8613900000001"
    assert put_in(desk, lines) == (0, 0, 2)


def test_a_key_tells_the_customer_and_a_new_one_is_given_an_id(desk):
    desk.execute(SaveCustomer(actor=AGENT, id="c1", name="Wang", known_by=crm("4711")))
    lines = [
        line(2, known_by=crm("4711"), brand="gold"),
        line(3, known_by=crm("4712"), name="Li"),
        line(4, known_by=crm("4713"), name="Zhao"),
    ]

    assert put_in(desk, lines, ("crm",)) == (2, 1, 0)

    assert kept(desk, "c1").brand == "gold"
    assert ids(desk) == ["C0000001", "C0000002", "c1"]
    assert put_in(desk, lines, ("crm",)) == (0, 0, 3)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_file_can_be_imported_again_after_two_of_its_customers_were_merged(desk, order):
    both = [line(2, id="c1", name="Wang"), line(3, id="c2", name="Wang F.")]
    lines = [both[one] for one in order]
    put_in(desk, lines)
    merge(desk, "c2", "c1")

    assert put_in(desk, lines) == (0, 0, 1)
    checked = desk.ask(CheckImport(actor=AGENT, lines=tuple(lines)))
    assert (checked.unchanged, checked.merged, checked.problems) == (1, 1, ())
    assert kept(desk, "c2").name == "Wang"


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_those_who_are_told_by_a_key_can_be_imported_again_after_a_merge(desk, order):
    both = [
        line(2, known_by=crm("one"), name="Wang"),
        line(3, known_by=crm("two"), name="Wang F."),
    ]
    lines = [both[one] for one in order]
    put_in(desk, both, ("crm",))
    merge(desk, "C0000002", "C0000001")

    assert put_in(desk, lines, ("crm",)) == (0, 0, 1)
    assert kept(desk, "C0000001").name == "Wang"


def test_a_line_by_the_key_of_one_who_was_merged_is_about_the_one_who_stays(desk):
    for id in ("c1", "c2"):
        desk.execute(SaveCustomer(actor=AGENT, id=id, known_by=crm(id)))
    merge(desk, "c2", "c1")

    assert put_in(desk, [line(2, known_by=crm("c2"), tier="vip")], ("crm",)) == (0, 1, 0)
    assert kept(desk, "c1").tier == "vip"


def test_a_fault_names_the_column_of_its_cell(desk, written):
    said = CustomerMap(
        columns={"id": "编号", "phone": "手机", "client": "委托方"},
        identities={"crm": "CRM", "phone": "其他号码"},
    )
    text = "备注,编号,手机,委托方,CRM,其他号码\n,c1,12,,,\n,c2,,X,,\n,c3,,,A,\n,c4,,,A,\n,c5,,,,13\n,c6,,c2,,\n"
    read = read_customers(written(text), said)
    query = CheckImport(actor=AGENT, lines=read.lines, columns=read.columns, source="c.csv")

    found = desk.ask(query).problems

    assert [(one.place.line, one.place.column) for one in found] == [
        (2, 3), (3, 4), (5, 5), (6, 6), (7, 4),
    ]  # fmt: skip
    assert str(found[0].message).startswith("column '手机': '12' is no phone number")
    assert "give it 'kind: client'" in str(found[-1].message)


def test_end_customers_may_come_before_their_client_in_the_file(desk):
    lines = [line(2, id="c1", client="BANK"), line(3, id="BANK", kind="client")]

    assert put_in(desk, lines) == (2, 0, 0)
    assert kept(desk, "c1").client == "BANK"


def test_every_line_that_is_wrong_is_told_and_nothing_is_imported(desk):
    desk.execute(SaveCustomer(actor=AGENT, id="c0", known_by=crm("taken")))
    lines = [
        line(2, id="good", name="Good"),
        line(3, id="c1", phone="12"),
        line(4, id="c2", email="x"),
        line(5, id="c3", kind="friend"),
        line(6, id="c4", client="NOBODY"),
        line(7, id="c5", known_by=crm("taken")),
        line(8, id="good", name="Other"),
        line(9, id="c6", known_by=crm("new")),
        line(10, id="c7", known_by=crm("new")),
        line(11, id=" c8"),
        line(12, name="Nameless"),
        line(13, id="c9", client="good"),
    ]

    said = refused(desk, lines)

    assert [one.partition(":")[0] for one in said] == [
        str(one) for one in (3, 4, 5, 6, 7, 8, 10, 11, 12, 13)
    ]
    told = "\n".join(said)
    for words in (
        "3: '12' is no phone number",
        "5: 'friend' is no kind of customer",
        "6: there is no client organisation 'NOBODY'",
        "7: crm taken is c0's already",
        "8: line 2 is about the same customer, good",
        "10: line 9 has the same crm new",
        "12: neither an id nor anything to tell the customer by",
        "13: good is an end customer",
    ):
        assert words in told
    assert ids(desk) == ["c0"]


def test_a_key_that_several_have_tells_nobody(desk):
    for id in ("c1", "c2"):
        desk.execute(SaveCustomer(actor=AGENT, id=id, phone="+8613900000001"))

    (said,) = refused(desk, [line(2, phone="13900000001")], ("phone",))

    assert said == "2: it fits several customers: c1, c2; give an id"


def test_a_command_happens_once_and_answers_the_same_again(desk):
    lines = [line(2, id="c1"), line(3, id="c2")]

    first = put_in(desk, lines, command_id="i1")
    desk.execute(SaveCustomer(actor=AGENT, id="c1", name="Later"))

    assert put_in(desk, lines, command_id="i1") == first == (2, 0, 0)
    assert kept(desk, "c1").name == "Later"


def test_more_customers_than_are_allowed_are_refused_at_once(desk):
    with pytest.raises(CommandRefused, match="more than 200000 customers"):
        put_in(desk, [line(2, id="c")] * 200_001)


def test_three_thousand_customers_come_in_one_transaction(desk):
    assert put_in(desk, _many(3_000), ("crm",)) == (3_000, 0, 0)

    (one,) = desk.ask(FindCustomers(actor=AGENT, sought="139 0000 2999")).customers
    assert (one.id, one.name) == ("K002999", "客户 2999")


@pytest.mark.soak
def test_a_hundred_thousand_customers_are_imported_and_found(desk):
    began = time.monotonic()
    counts = put_in(desk, _many(100_000), ("crm",))
    imported = time.monotonic()
    again = put_in(desk, _many(100_000), ("crm",))
    looked = time.monotonic()
    found = desk.ask(FindCustomers(actor=AGENT, sought="13900099999")).customers
    print(
        f"\n100,000 customers: imported in {imported - began:.1f} s, again in {looked - imported:.1f} s,"
        f" one found by number in {(time.monotonic() - looked) * 1000:.1f} ms"
    )

    assert (counts, again) == ((100_000, 0, 0), (0, 0, 100_000))
    assert [one.id for one in found] == ["K099999"]


def _many(count):
    return [
        line(
            number + 2,
            id=f"K{number:06d}",
            name=f"客户 {number}",
            phone=f"139 {number // 10_000:04d} {number % 10_000:04d}",
            tier="vip" if number % 10 == 0 else "",
            tags=("老客户",),
            known_by=crm(str(100_000 + number)),
        )
        for number in range(count)
    ]
