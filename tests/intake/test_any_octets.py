"""Whatever comes in: it is never raised over, and never lost."""

from hypothesis import given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from casewright.desk import attachments
from casewright.intake.mail.html_text import text_of
from casewright.intake.mail.reading import read

HEADERS = [
    b"From: ",
    b"To: ",
    b"Subject: ",
    b"Message-ID: ",
    b"Content-Type: multipart/mixed; boundary=b",
    b"\n--b\n",
    b"--b--\n",
    b"\r\n\r\n",
    b"Content-Type: text/html; charset=",
    b"Content-Transfer-Encoding: base64\n",
    b"=?utf-8?B?",
    b"?=",
    b"<a@b.cn>",
    b"filename*0*=''%ff",
    b"Content-Type: message/rfc822\n\n",
    b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\n",
    b"<div style='",
    b"In-Reply-To: ",
    b"MAT-2026-000001",
    "发件人: x\n主题: y\n".encode(),
    "投诉".encode("gb18030"),
    b"\0",
    b"\xff",
]
MAIL = st.lists(st.one_of(st.sampled_from(HEADERS), st.binary(max_size=20)), max_size=40).map(
    b"".join
)


@given(MAIL)
def test_no_octets_are_unreadable(octets):
    mail = read(octets)

    assert mail.id
    assert "unreadable" not in mail.remarks
    assert "\0" not in mail.text + mail.subject + mail.name


@hypothesis(max_examples=20)
@given(MAIL)
def test_nothing_is_lost(all_comers, octets):
    centre = all_comers
    centre.drop(octets)

    assert centre.fetch() == []

    said = [centre.story(number).said for number in range(1, centre.newest().row.number + 1)]
    kept = {attachments.content(centre.config.attachments, one.raw) for one in said}
    again = read(octets)
    assert octets in kept or (again.message_id and again.id in {one.id for one in said})


def test_no_markup_is_so_hostile_that_its_text_is_not_found_in_the_time_that_a_test_has():
    for hostile in ("<", "<!", "<a ", '<a ="', "<blockquote>", "<script>", "<!--", "&#"):
        text_of(hostile * (2_000_000 // len(hostile)))
