"""The life of an article: written, reviewed by another, published, used, said to be wrong, mended, told, looked at again."""

from datetime import UTC, datetime, timedelta

import pytest

from casewright.commands import CastVote, EditFields
from casewright.errors import (
    CasewrightError,
    CommandRefused,
    NotAllowed,
    NotFound,
    TransitionRefused,
)
from casewright.model import SYSTEM
from casewright.queries import (
    GetHistory,
    ListAnnouncements,
    ListNotices,
    ListQueue,
    ListTickets,
)
from casewright_knowledge.commands import AskToRead, MarkRead, NoteNothingFound, RateArticle
from casewright_knowledge.queries import (
    CompareVersions,
    ExportArticles,
    GetArticleFile,
    GetReaders,
    GetReport,
    ListUses,
    ListVersions,
)

from .library import AGENT, EDITOR, MANAGER, OTHER_EDITOR, VIP_AGENT

ROUTER = {
    "subject": "Red light",
    "title_zh": "光猫亮红灯",
    "title_en": "Red light at the modem",
    "body_zh": "先断电重启，再检查光纤。",
    "body_en": "Restart it, then check the *fibre*.",
    "category": "broadband_fault_router",
    "audience": "public",
}


def test_a_draft_is_found_by_nobody_until_somebody_else_has_reviewed_and_approved_it(library):
    key = library.draft(**ROUTER)
    with pytest.raises(CasewrightError):
        library.fire(key, "pass")
    library.fire(key, "submit")
    assert library.keys("红灯") == []
    with pytest.raises(TransitionRefused):
        library.fire(key, "pass", EDITOR)
    library.fire(key, "pass", OTHER_EDITOR)
    assert library.keys("红灯") == []
    library.desk.execute(CastVote(actor=MANAGER, ticket=key, grant=True))
    assert library.keys("红灯") == []
    library.fire(key, "publish")

    assert library.keys("红灯") == [key]
    found = library.article(key)
    assert (found.version, found.visible, found.state) == (1, True, "published")
    assert found.reply_en == "Restart it, then check the fibre."
    assert library.is_whole()


def test_while_it_is_revised_the_version_that_was_published_is_read(library):
    key = library.published(**ROUTER)
    library.fire(key, "revise")
    library.desk.execute(EditFields(actor=EDITOR, ticket=key, fields={"body_zh": "更换光猫。"}))

    assert library.exact("断电重启") == [key]
    assert library.exact("更换光猫") == []
    library.bring(key, note="改为更换")
    assert library.exact("更换光猫") == [key]
    assert library.exact("断电重启") == []
    assert library.article(key).version == 2
    assert library.article(key, version=1).content.body_zh == ROUTER["body_zh"]


def test_versions_and_what_they_say_otherwise_are_told(library):
    key = library.published(**ROUTER)
    library.fire(key, "revise")
    fields = {"body_zh": "先断电重启，再检查光纤。\n仍不亮请报修。", "tags": ["光猫"]}
    library.desk.execute(EditFields(actor=EDITOR, ticket=key, fields=fields))
    library.bring(key, note="补充报修")

    listed = library.desk.ask(ListVersions(actor=AGENT, article=key))
    assert [(one.version, one.note) for one in listed] == [(2, "补充报修"), (1, "")]
    changes = library.desk.ask(CompareVersions(actor=AGENT, article=key))
    assert {(one.field, one.sign, one.line) for one in changes} == {
        ("body_zh", "+", "仍不亮请报修。"),
        ("tags", "+", "光猫"),
    }
    with pytest.raises(CommandRefused):
        library.desk.ask(CompareVersions(actor=AGENT, article=key, newer=1))


def test_publishing_the_same_again_makes_no_other_version(library):
    key = library.published(**ROUTER)
    library.fire(key, "revise")
    library.bring(key)

    assert library.article(key).version == 1


def test_files_belong_to_the_version_that_was_published_with_them(library):
    key = library.draft(**ROUTER)
    digest = library.attach(key, "plan.txt", b"1. off 2. on")
    library.bring(key)
    library.fire(key, "revise")
    library.attach(key, "later.txt", b"not yet")

    assert [one.split(" ", 2) for one in library.article(key).content.files] == [
        ["1", digest, "plan.txt"]
    ]
    found = library.desk.ask(GetArticleFile(actor=AGENT, article=key, number=1))
    assert (found.filename, found.content) == ("plan.txt", b"1. off 2. on")
    with pytest.raises(NotFound):
        library.desk.ask(GetArticleFile(actor=AGENT, article=key, number=2))
    library.bring(key)
    assert library.article(key).version == 2
    changes = library.desk.ask(CompareVersions(actor=AGENT, article=key))
    assert [(one.field, one.sign) for one in changes] == [("files", "+")]


def test_an_archived_article_is_found_no_more(library):
    key = library.published(**ROUTER)
    library.fire(key, "archive", reason="no longer sold")

    assert library.keys("红灯") == []
    with pytest.raises(NotFound):
        library.article(key)
    assert library.article(key, EDITOR).visible is False


def test_what_is_not_valid_yet_or_no_more_is_not_found(library, clock):
    today = clock.now().date()
    later = library.published(**ROUTER | {"valid_from": f"{today + timedelta(days=3)}"})
    past = library.published(**ROUTER | {"valid_until": f"{today + timedelta(days=1)}"})

    assert library.keys("红灯") == [past]
    clock.set(clock.now() + timedelta(days=4))
    assert library.keys("红灯") == [later]
    report = library.desk.ask(GetReport(actor=MANAGER))
    assert [one.article for one in report.stale] == [past]


def test_an_article_that_fits_is_suggested_used_and_counted(library):
    key = library.published(**ROUTER)
    library.published(subject="Bill", title_zh="发票开具", body_zh="登录后下载发票。")
    ticket = library.inquiry(
        "网断了", "客户说猫上红灯一直闪", category="broadband_fault_router"
    )

    suggested = library.suggest(ticket)
    assert [one.article for one in suggested] == [key]
    assert suggested[0].same_category
    assert suggested[0].reply == "先断电重启，再检查光纤。"
    library.use(ticket, key)
    library.use(ticket, key)

    assert library.article(key).used == 1
    kinds = [
        one.facts.get("note")
        for one in library.desk.ask(GetHistory(actor=AGENT, ticket=ticket))
    ]
    assert kinds.count("UseArticle") == 2
    assert library.suggest(ticket)[0].linked
    (served,) = library.desk.ask(ListUses(actor=AGENT, ticket=ticket))
    assert (served.article, served.version, served.by) == (key, 1, AGENT)
    again = library.inquiry("红灯", category="broadband_fault_router")
    assert not library.suggest(again)[0].linked
    assert library.desk.ask(ListUses(actor=AGENT, ticket=again)) == ()
    assert library.suggest(again)[0].used_here == 1
    assert library.is_whole()


def test_an_article_for_this_step_comes_before_one_that_is_not(library):
    said = {"body_zh": "光猫红灯处理。", "audience": "staff"}
    other = library.published(subject="aa", title_zh="红灯处理", **said)
    fits = library.published(
        subject="bb", title_zh="红灯处理", work=["inquiry.answering"], **said
    )
    ticket = library.inquiry("光猫红灯")

    suggested = library.suggest(ticket)
    assert [one.article for one in suggested] == [fits, other]
    assert suggested[0].for_this_work


def test_the_story_wrong_corrected_and_its_readers_told(library):
    key = library.published(**ROUTER)
    library.desk.execute(MarkRead(actor="sun_wei", article=key))
    with pytest.raises(CommandRefused, match="say what is wrong"):
        library.desk.execute(RateArticle(actor=AGENT, article=key, verdict="wrong"))
    receipt = library.desk.execute(
        RateArticle(actor=AGENT, article=key, verdict="wrong", reason="电话号码变了")
    )
    correction = receipt.answer["correction"]

    ticket = library.ticket(correction)
    assert (ticket.owner, ticket.handler, ticket.fields["article"]) == (EDITOR, EDITOR, key)
    told = library.desk.ask(ListNotices(actor=EDITOR, ticket=correction)).notices
    assert {one.recipient for one in told} == {EDITOR}
    again = library.desk.execute(
        RateArticle(actor=VIP_AGENT, article=key, verdict="wrong", reason="我也发现了")
    )
    assert again.answer["correction"] == correction

    library.fire(key, "revise")
    library.desk.execute(
        EditFields(actor=EDITOR, ticket=key, fields={"body_zh": "请拨打 10001。"})
    )
    library.bring(key, note="号码已更正")
    library.fire(correction, "corrected", EDITOR, result="已更正号码")

    assert library.ticket(correction).closed_at is not None
    for name in (AGENT, VIP_AGENT, "sun_wei"):
        shown = library.desk.ask(ListAnnouncements(actor=name))
        assert any(key in one.text.zh and "号码已更正" in one.text.zh for one in shown), name
    assert not library.desk.ask(ListAnnouncements(actor="huang_ying"))
    found = library.article(key)
    assert (found.version, found.helped, found.not_helped) == (2, 0, 2)
    assert library.is_whole()


def test_a_closed_correction_makes_room_for_another(library):
    key = library.published(**ROUTER)
    rate = RateArticle(actor=AGENT, article=key, verdict="wrong", reason="one")
    first = library.desk.execute(rate).answer["correction"]
    library.fire(first, "right", EDITOR, reason="checked", result="it is right")
    second = library.desk.execute(
        RateArticle(actor=AGENT, article=key, verdict="wrong", reason="two")
    ).answer["correction"]

    assert first != second


def test_a_restricted_article_is_nowhere_for_who_may_not_read_it(library):
    secret = {"title_zh": "机密话术", "title_en": "Secret offer", "body_zh": "红灯客户可免单。"}
    key = library.published(
        **ROUTER
        | secret
        | {"audience": "restricted", "roles": ["vip_agent"], "subject": "机密"}
    )
    other = library.published(**ROUTER)
    ticket = library.inquiry("红灯免单 机密话术")

    assert library.keys("机密话术", VIP_AGENT) == [key]
    assert set(library.keys("红灯", VIP_AGENT)) == {key, other}
    for who in (AGENT, "sun_wei", "han_lei", "huang_ying"):
        for sought in ("机密话术", "免单", "红灯", "secret offer", "机密", "secrt ofer", ""):
            found = library.search(sought, who)
            assert key not in {one.article for one in found.hits}
            assert "免单" not in repr(found)
            assert "Secret" not in repr(found)
        for refused in (
            lambda who=who: library.article(key, who),
            lambda who=who: library.use(ticket, key, who),
            lambda who=who: library.desk.ask(ListVersions(actor=who, article=key)),
            lambda who=who: library.desk.execute(MarkRead(actor=who, article=key)),
            lambda who=who: library.desk.execute(
                RateArticle(actor=who, article=key, verdict="helped")
            ),
        ):
            with pytest.raises(NotFound):
                refused()
        exported = library.desk.ask(ExportArticles(actor=who))
        assert [one.article for one in exported] == [other]
        listed = library.desk.ask(ListTickets(actor=who, text="机密")).tickets
        queued = library.desk.ask(ListQueue(actor=who, text="机密")).rows
        assert {one.key for one in (*listed, *queued)} <= {ticket}
    assert {one.article for one in library.suggest(ticket)} == {other}
    report = library.desk.ask(GetReport(actor="sun_wei"))
    assert report.articles == 1
    assert key not in repr(report)
    assert library.desk.ask(GetReport(actor=MANAGER)).articles == 2
    assert library.article(key, EDITOR).content.title_zh == "机密话术"


def test_an_article_that_becomes_restricted_is_gone_for_others_with_its_old_versions(library):
    key = library.published(**ROUTER)
    library.use(library.inquiry("红灯"), key)
    library.fire(key, "revise")
    fields = {"audience": "restricted", "roles": ["vip_agent"]}
    library.desk.execute(EditFields(actor=EDITOR, ticket=key, fields=fields))
    library.bring(key)

    assert library.keys("红灯") == []
    with pytest.raises(NotFound):
        library.article(key, version=1)
    assert not library.desk.ask(ListAnnouncements(actor=AGENT))


def test_groups_are_asked_to_read_and_it_is_told_who_has_not(library):
    key = library.published(**ROUTER)
    asked = AskToRead(actor=MANAGER, article=key, who=("queue:complaints", f"user:{AGENT}"))
    answer = library.desk.execute(asked).answer
    assert answer["version"] == "1"
    before = library.desk.ask(GetReaders(actor=MANAGER, article=key))
    assert {one.person for one in before.readers} >= {"zhao_lei", "qian_mei", AGENT}
    assert all(one.at is None for one in before.readers)
    assert library.desk.ask(ListAnnouncements(actor="zhao_lei"))

    library.desk.execute(MarkRead(actor="zhao_lei", article=key))
    after = library.desk.ask(GetReaders(actor=MANAGER, article=key, who="queue:complaints"))
    assert {one.person for one in after.readers if one.at} == {"zhao_lei"}
    assert after.readers[-1].person == "zhao_lei"
    with pytest.raises(CommandRefused, match="no group"):
        library.desk.execute(AskToRead(actor=MANAGER, article=key, who=("quue:x",)))
    with pytest.raises(NotAllowed):
        library.desk.execute(AskToRead(actor=AGENT, article=key, who=("everybody",)))


def test_a_yearly_review_that_nobody_does_escalates(library, clock):
    key = library.published(**ROUTER)

    def told_after(days):
        clock.set(start + timedelta(days=days))
        library.work()
        found = library.desk.ask_as_system(ListNotices(actor=SYSTEM, ticket=key)).notices
        return {one.recipient for one in found if one.promise == "yearly_review"}

    start = clock.now()
    assert told_after(300) == set()
    assert told_after(336) == {EDITOR}
    assert library.ticket(key).state == "published"
    assert told_after(366) >= {EDITOR, MANAGER}
    assert library.ticket(key).state == "due_for_review"
    assert library.keys("红灯") == [key]
    assert library.article(key).state == "due_for_review"
    report = library.desk.ask(GetReport(actor=MANAGER))
    assert [one.article for one in report.stale] == [key]
    assert told_after(400) & {"han_lei", "du_juan"}
    assert library.ticket(key).priority == "high"

    library.fire(key, "confirm")
    assert library.ticket(key).state == "published"
    assert not library.desk.ask(GetReport(actor=MANAGER)).stale


def test_what_is_missing_and_what_nobody_needs_is_reported(library, clock):
    used, unused = (
        library.published(**ROUTER),
        library.published(subject="xx", title_zh="停售套餐", body_zh="不再办理。"),
    )
    clock.set(clock.now() + timedelta(days=100))
    ticket = library.inquiry("红灯", category="broadband_fault_router")
    library.use(ticket, used)
    done = {"answer_text": "done", "solved": True, "category": "broadband_fault_router"}
    library.fire(ticket, "answer", AGENT, **done)
    other = library.inquiry("电视没声", category="tv_picture_no_picture")
    library.fire(other, "answer", AGENT, **done | {"category": "tv_picture_no_picture"})
    for text in ("海外 流量 13800138000", "海外 流量 13800138000", "别的"):
        library.desk.execute(NoteNothingFound(actor=AGENT, text=text))

    report = library.desk.ask(GetReport(actor=MANAGER, days=90))
    assert [one.article for one in report.most_used] == [used]
    assert [one.article for one in report.never_used] == [unused]
    assert [(one.category, one.closed, one.served) for one in report.needs] == [
        ("tv_picture_no_picture", 1, 0)
    ]
    first = report.nothing[0]
    assert (first.text, first.times) == ("海外 流量 …", 2)


def test_what_is_not_for_today_is_there_for_editors_alone(library, clock):
    today = clock.now().date()
    early = library.published(**ROUTER | {"valid_from": str(today + timedelta(days=40))})
    late = library.published(**ROUTER | {"valid_until": str(today + timedelta(days=40))})
    ticket = library.inquiry("红灯")

    for key, days in ((early, 0), (late, 80)):
        clock.advance(timedelta(days=days))
        for asked in (
            lambda key=key: library.article(key),
            lambda key=key: library.use(ticket, key),
            lambda key=key: library.desk.execute(MarkRead(actor=AGENT, article=key)),
        ):
            with pytest.raises(NotFound):
                asked()
        exported = library.desk.ask(ExportArticles(actor=AGENT))
        assert key not in {one.article for one in exported}
        assert not library.article(key, EDITOR).visible


def test_a_day_begins_where_the_site_is(library, clock):
    assert library.config.zone == "Asia/Shanghai"
    clock.set(datetime(2027, 3, 1, 15, 0, tzinfo=UTC))
    key = library.published(
        **ROUTER | {"valid_from": "2027-03-02", "valid_until": "2027-03-02"}
    )

    assert library.keys("红灯") == []
    clock.set(datetime(2027, 3, 1, 16, 30, tzinfo=UTC))
    assert library.keys("红灯") == [key]
    clock.set(datetime(2027, 3, 2, 16, 30, tzinfo=UTC))
    assert library.keys("红灯") == []


def test_a_revision_is_given_up_and_the_version_that_was_published_stays(library):
    key = library.published(**ROUTER)
    library.fire(key, "revise")
    library.desk.execute(EditFields(actor=EDITOR, ticket=key, fields={"body_zh": "更换光猫。"}))
    with pytest.raises(CommandRefused, match="give the revision up"):
        library.fire(key, "discard", reason="not needed")
    assert library.exact("断电重启") == [key]
    library.fire(key, "give_up")

    assert library.ticket(key).state == "published"
    assert library.exact("断电重启") == [key]
    new = library.draft(**ROUTER)
    with pytest.raises(CommandRefused, match="never published"):
        library.fire(new, "give_up")
    library.fire(new, "discard", reason="not needed")
    assert library.ticket(new).state == "archived"


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"audience": "restricted", "roles": ["vip_agnet"]}, "did you mean 'vip_agent'"),
        ({"valid_from": "2027-02-01", "valid_until": "2027-01-01"}, "end before it begins"),
    ],
)
def test_what_nobody_could_read_is_not_published(library, fields, why):
    key = library.draft(**ROUTER | fields)
    with pytest.raises(CommandRefused, match=why):
        library.bring(key)

    assert library.ticket(key).state == "approved"
    assert library.keys("红灯", EDITOR) == []


def test_a_file_that_is_left_out_is_not_in_the_next_version(library):
    key = library.draft(**ROUTER)
    library.attach(key, "secret.txt", b"x")
    library.attach(key, "plan.txt", b"y")
    library.bring(key)
    library.fire(key, "revise")
    library.desk.execute(EditFields(actor=EDITOR, ticket=key, fields={"left_out": ["1"]}))
    library.bring(key)

    assert [one.split(" ")[2] for one in library.article(key).content.files] == ["plan.txt"]
    with pytest.raises(NotFound):
        library.desk.ask(GetArticleFile(actor=AGENT, article=key, number=1))


def test_whoever_reported_an_article_is_told_that_it_is_right(library):
    key = library.published(**ROUTER)
    rate = RateArticle(actor=AGENT, article=key, verdict="wrong", reason="ten seconds?")
    correction = library.desk.execute(rate).answer["correction"]
    library.fire(correction, "right", EDITOR, reason="checked", result="It is ten seconds.")

    (told,) = library.desk.ask(ListAnnouncements(actor=AGENT))
    assert "It is ten seconds." in told.text.en
    assert not library.desk.ask(ListAnnouncements(actor="sun_wei"))


def test_a_group_in_which_nobody_is_is_a_mistake(library):
    key = library.published(**ROUTER)
    for who in ("role:agnet", "team:alpha", "queue:complaint", "user:nobody"):
        with pytest.raises(CommandRefused, match="nobody in"):
            library.desk.ask(GetReaders(actor=MANAGER, article=key, who=who))
        with pytest.raises(CommandRefused, match="nobody in"):
            library.desk.execute(AskToRead(actor=MANAGER, article=key, who=(who,)))


def test_an_article_is_found_by_its_key_where_one_may_read_it(library):
    key = library.published(**ROUTER)
    secret = library.published(**ROUTER | {"audience": "restricted", "roles": ["vip_agent"]})

    assert library.keys(key.lower()) == [key]
    assert library.keys(secret) == []
    assert library.keys(secret, VIP_AGENT) == [secret]


def test_a_version_that_there_is_not_is_called_so(library):
    key = library.published(**ROUTER)
    for who in (AGENT, EDITOR):
        with pytest.raises(NotFound, match="version") as refused:
            library.article(key, who, version=99)
        assert refused.value.name == "99"


def test_a_table_is_said_in_plain_words(library):
    key = library.published(
        **ROUTER | {"body_en": "| Light | Meaning |\n|---|---|\n| red | no fibre |"}
    )

    assert library.article(key).reply_en == "Light – Meaning\nred – no fibre"


def test_a_category_is_called_as_in_its_table_and_narrows_to_all_that_are_in_it(library):
    key = library.published(**ROUTER)
    other = library.published(**ROUTER | {"category": "mobile_coverage_no_signal"})

    assert library.article(key).category.zh == "光猫路由器故障"
    for text in ("红灯", ""):
        assert set(library.keys(text)) == {key, other}
        for category in ("broadband_fault_router", "broadband_fault", "broadband"):
            assert library.keys(text, category=category) == [key]
        assert library.keys(text, category="nothing") == []
