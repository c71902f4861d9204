"""Fifty mails as they really come: answers, loops, bounces, automatic replies, and mail that is put together badly."""

import struct

import pytest

from casewright.clock import SetClock
from casewright.intake.mail.reading import read
from casewright.store import threads

from ..conftest import MONDAY_MORNING
from .letters import LI, SERVICE, bounce, file_part, letter, parts, text_part, word
from .mailbox_centre import RULES, MailboxCentre

QQ = (
    "您好，还没有人联系我。\n\n------------------ 原始邮件 ------------------\n"
    '发件人: "service" <service@centre.example>;\n发送时间: 2026年3月2日\n主题: 回执\n\n您的单号'
)
OUTLOOK = (
    "Still nothing.\n\n________________________________\nFrom: Service <service@centre.example>\n"
    "Sent: Monday\nTo: Li Wei\nSubject: Receipt\n\nYour number"
)
GMAIL = "Still nothing.\n\nOn Mon, Mar 2, 2026 at 9:00 AM Service <service@centre.example>\nwrote:\n\n> Your number\n> is this\n"
NETEASE = '还没人联系我\n\n\n在 2026-03-02 09:00:00，"客服" <service@centre.example> 写道：\n> 您的单号\n'
AT = '还没人联系我\n\nAt 2026-03-02 09:00:00, "客服" <service@centre.example> wrote:\n>您的单号\n'
FOXMAIL = (
    "还没人联系我\n\n发件人： 客服\n发送时间： 2026-03-02\n收件人： 李伟\n主题： 回执\n您的单号"
)
BOTTOM = "On Mon, Mar 2, 2026 Service <s@c.example> wrote:\n> Your number\n\nStill nothing."
INLINE = (
    "On Mon, Mar 2, 2026 Service <s@c.example> wrote:\n> When?\nOn Monday.\n> Where?\nAt home."
)
FORWARDED = "Please see below.\n\n---------- Forwarded message ---------\nFrom: a@b.cn\nSubject: x\n\nIt is broken"

WHAT_THEY_WROTE = {
    "Outlook in English": (OUTLOOK, "Still nothing."),
    "QQ in Chinese": (QQ, "您好，还没有人联系我。"),
    "Gmail, the line broken in two": (GMAIL, "Still nothing."),
    "163 in Chinese": (NETEASE, "还没人联系我"),
    "163 in English": (AT, "还没人联系我"),
    "Foxmail, the head of the other mail": (FOXMAIL, "还没人联系我"),
    "an answer below": (BOTTOM, "Still nothing."),
    "answers in between are whole": (INLINE, INLINE),
    "what was forwarded is whole": (FORWARDED, FORWARDED),
    "a signature": ("Broken.\n-- \nLi Wei\n+86 139", "Broken."),
    "a telephone's signature": ("坏了\n\n发自我的华为手机", "坏了"),
    "nothing but a quotation": ("> only this", "> only this"),
    "words about writing are no quotation": (
        "He wrote: never again.",
        "He wrote: never again.",
    ),
}


@pytest.mark.parametrize("case", WHAT_THEY_WROTE)
def test_what_was_written_is_told_apart_from_what_is_quoted(case):
    text, own = WHAT_THEY_WROTE[case]

    mail = read(letter(text))

    assert mail.text == own
    assert (mail.whole or mail.text).replace("\r\n", "\n").rstrip() == text.rstrip()


TNEF = struct.pack("<IH", 0x223E9F78, 1) + b"".join(
    struct.pack("<BII", 2, attribute, len(data)) + data + b"\0\0"
    for attribute, data in ((0x69002, b"\0" * 14), (0x18010, b"plan.pdf\0"), (0x6800F, b"%PDF"))
)
HTML = '<style>p{}</style><p>您好&nbsp;<b>宽带</b></p><div style="display:none">x</div><script>alert(1)</script><ul><li>断了</li></ul>'
HOW_IT_WAS_MADE = {
    "GB2312 that is GB18030": (letter("镕基".encode("gb18030"), charset="gb2312"), "镕基", ()),
    "Big5": (letter("寬頻斷線".encode("big5"), charset="big5"), "寬頻斷線", ()),
    "no charset, and it is GBK": (
        letter("宽带断了三天".encode("gbk"), Content_Type="text/plain"),
        "宽带断了三天",
        (),
    ),
    "a charset that is none": (
        letter("宽带断了", charset="utf-8", Content_Type="text/plain; charset=x-nonsense"),
        "宽带断了",
        (),
    ),
    "UTF-8 that calls itself ASCII": (
        letter("宽带断了", Content_Type="text/plain; charset=us-ascii"),
        "宽带断了",
        (),
    ),
    "octets of no charset at all": (
        letter(b"broken \xff\xfe\xfa", Content_Type="text/plain; charset=utf-8"),
        None,
        (),
    ),
    "HTML only": (letter(HTML, kind="text/html"), "您好 宽带\n\n- 断了", ()),
    "alternatives": (
        parts(text_part("plain"), text_part("<p>rich</p>", "text/html"), kind="alternative"),
        "plain",
        (),
    ),
    "alternatives of which one is empty": (
        parts(text_part(" "), text_part("<p>rich</p>", "text/html"), kind="alternative"),
        "rich",
        (),
    ),
    "a boundary that never comes": (
        letter("words", Content_Type='multipart/mixed; boundary="never"'),
        None,
        (),
    ),
    "no boundary at all": (letter("words", Content_Type="multipart/mixed"), None, ()),
    "base64 cut off in the middle": (
        letter(b"5a695bim5pat5LqG5L", Content_Transfer_Encoding="base64"),
        None,
        (),
    ),
    "a file named in RFC 2231": (
        parts(
            text_part("x"),
            file_part(b"1", "attachment; filename*=utf-8''%E8%B4%A6%E5%8D%95.pdf"),
        ),
        "x",
        ("账单.pdf",),
    ),
    "a file named in an encoded word": (
        parts(
            text_part("x"),
            file_part(b"1", f'attachment; filename="{word("账单.pdf", "gb18030").decode()}"'),
        ),
        "x",
        ("账单.pdf",),
    ),
    "a file that names a folder": (
        parts(text_part("x"), file_part(b"1", 'attachment; filename="../../etc/passwd"')),
        "x",
        ("passwd",),
    ),
    "a file without a name": (
        parts(text_part("x"), file_part(b"1", "attachment", "application/pdf")),
        "x",
        ("file-1.pdf",),
    ),
    "winmail.dat": (
        parts(
            text_part("x"),
            file_part(TNEF, 'attachment; filename="winmail.dat"', "application/ms-tnef"),
        ),
        "x",
        ("plan.pdf",),
    ),
    "winmail.dat that is none": (
        parts(
            text_part("x"),
            file_part(b"nonsense", 'attachment; filename="winmail.dat"', "application/ms-tnef"),
        ),
        "x",
        ("winmail.dat",),
    ),
    "a mail in a mail": (
        parts(
            text_part("x"),
            b"Content-Type: message/rfc822\n\nFrom: a@b.cn\nSubject: inner\n\ninside",
        ),
        "x",
        ("mail-1.eml",),
    ),
    "parts nested beyond all reason": (
        b"From: a@b.cn\n"
        + b"".join(
            b"Content-Type: multipart/mixed; boundary=%d\n\n--%d\n" % (n, n)
            for n in range(2000)
        ),
        "",
        (),
    ),
}


@pytest.mark.parametrize("case", HOW_IT_WAS_MADE)
def test_what_a_mail_says_is_read_however_it_was_put_together(case):
    octets, text, names = HOW_IT_WAS_MADE[case]

    mail = read(octets)

    assert "unreadable" not in mail.remarks
    assert text is None or mail.text.strip() == text
    assert tuple(one.name for one in mail.files) == names


WHO_WROTE_IT = {
    "a person": (letter(), ""),
    "Auto-Submitted": (letter(Auto_Submitted="auto-replied"), "auto_reply"),
    "Auto-Submitted: no is a person": (letter(Auto_Submitted="no"), ""),
    "Precedence: auto_reply": (letter(Precedence="auto_reply"), "auto_reply"),
    "X-Autoreply": (letter(X_Autoreply="yes"), "auto_reply"),
    "X-Auto-Response-Suppress": (letter(X_Auto_Response_Suppress="All"), "auto_reply"),
    "an empty Return-Path": (letter(Return_Path="<>"), "auto_reply"),
    "out of office, by its subject": (
        letter(subject="Out of Office: Re: your ticket"),
        "auto_reply",
    ),
    "自动回复": (letter(subject="自动回复: 您的工单"), "auto_reply"),
    "自動回覆": (letter(subject="自動回覆：您的工單"), "auto_reply"),
    "a mailing list": (letter(List_Id="<news.example.org>"), "bulk"),
    "Precedence: bulk": (letter(Precedence="bulk"), "bulk"),
    "a report": (bounce("<x@y>"), "bounce"),
    "退信 of a postmaster": (
        letter(sender="postmaster@qq.example", subject="来自qq.com的退信"),
        "bounce",
    ),
    "a complaint about undelivered goods is a person's": (
        letter(subject="My parcel was undelivered"),
        "",
    ),
}


@pytest.mark.parametrize("case", WHO_WROTE_IT)
def test_machines_are_told_apart_from_people(case):
    octets, verdict = WHO_WROTE_IT[case]

    assert read(octets).verdict == verdict


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """A centre with one open ticket, whose confirmation was sent; each case has a sender of its own."""
    root = tmp_path_factory.mktemp("fifty") / "workspace"
    rules = RULES.replace("most_per_hour: 5", "most_per_hour: 1000")
    made = MailboxCentre(root, SetClock(MONDAY_MORNING), rules=rules)
    story = made.receives(letter(number="<first@example.org>"))
    made.key = story.row.ticket
    with made.desk._database.read():
        (made.sent,) = threads.of_ticket(made.desk._database, made.key, direction="out")
    yield made
    made.desk.close()


FULL_WIDTH = "".join(chr(ord(one) + 0xFEE0) for one in "MAT-2026-000001")
OURS, KEY = "<OURS>", "THE-KEY"
WHAT_BECOMES_OF_IT = {
    "an answer to ours": ({"In_Reply_To": OURS}, "sorted", 0),
    "an answer to ours, named among others": (
        {"References": f"<a@b> {OURS} <c@d>"},
        "sorted",
        0,
    ),
    "the customer's own, by its number": ({"subject": f"Re: {KEY}", "sender": LI}, "sorted", 0),
    "the customer's own, in full-width characters": (
        {"subject": FULL_WIDTH, "sender": LI},
        "sorted",
        0,
    ),
    "the customer's second mail on their first": (
        {"References": "<first@example.org>", "sender": LI},
        "sorted",
        0,
    ),
    "another matter of the same customer": (
        {"subject": "Something else", "sender": LI},
        "sorted",
        1,
    ),
    "a stranger with the number": ({"subject": f"Re: {KEY}"}, "unsorted", 0),
    "a stranger who answers the customer's mail": (
        {"In_Reply_To": "<first@example.org>"},
        "unsorted",
        0,
    ),
    "an automatic reply to ours": (
        {"In_Reply_To": OURS, "Auto_Submitted": "auto-replied"},
        "sorted",
        0,
    ),
    "an automatic reply to nothing": ({"Auto_Submitted": "auto-replied"}, "dropped", 0),
    "a mass mailing": ({"List_Id": "<x.y>"}, "unsorted", 0),
    "our own address": ({"sender": SERVICE}, "dropped", 0),
    "ours that came back": ({"number": OURS}, "dropped", 0),
    "through ours": ({"X_Casewright_Loop": SERVICE}, "dropped", 0),
    "through another centre's": ({"X_Casewright_Loop": "service@other.example"}, "sorted", 1),
    "a rule that drops": ({"subject": "You won the lottery"}, "dropped", 0),
    "a rule that waits": ({"sender": "x@wait.example"}, "unsorted", 0),
    "nobody": ({"sender": ""}, "unsorted", 0),
}


@pytest.mark.parametrize("case", WHAT_BECOMES_OF_IT)
def test_what_becomes_of_a_mail(shared, case):
    said, state, more = WHAT_BECOMES_OF_IT[case]
    mine = {"sender": f"somebody.{abs(hash(case))}@example.net", "text": f"Case: {case}"}
    given = {
        name: value.replace(OURS, shared.sent).replace(KEY, shared.key)
        for name, value in {**mine, **said}.items()
    }
    tickets, waiting = len(shared.tickets()), len(shared.outgoing())

    story = shared.receives(letter(**given))

    assert story.row.state == state, str(story.row.reason)
    assert len(shared.tickets()) == tickets + more
    confirmed = more and "X_Casewright_Loop" not in said and given["sender"] != LI
    assert len(shared.outgoing()) - waiting in ((1,) if confirmed else (0, 1) if more else (0,))


@pytest.mark.parametrize(
    ("action", "of", "state"),
    [
        ("failed", OURS, "sorted"),
        ("delayed", OURS, "dropped"),
        ("failed", "<not@ours>", "dropped"),
    ],
)
def test_a_bounce_counts_only_where_it_names_a_mail_of_ours_that_failed(
    shared, action, of, state
):
    tickets, waiting = len(shared.tickets()), len(shared.outgoing())

    story = shared.receives(bounce(of.replace(OURS, shared.sent), action))

    assert (story.row.state, story.row.verdict) == (state, "bounce")
    assert (len(shared.tickets()), len(shared.outgoing())) == (tickets, waiting)


def test_there_are_fifty():
    tables = (WHAT_THEY_WROTE, HOW_IT_WAS_MADE, WHO_WROTE_IT, WHAT_BECOMES_OF_IT)

    assert sum(map(len, tables)) >= 50
