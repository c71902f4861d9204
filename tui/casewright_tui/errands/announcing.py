"""Announcements as errands: publishing one to groups, in both languages, and taking one back."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from casewright.answers import Announcement, Myself
from casewright.bilingual import Bilingual
from casewright.commands import Command, PublishAnnouncement, WithdrawAnnouncement
from casewright.errors import message
from casewright.model import Person
from casewright_tui.errands import asking
from casewright_tui.errands.errand import Errand, Values

EVERYBODY = "everybody"


def publish(myself: Myself, people: Mapping[str, Person]) -> Errand:
    """Return the errand that announces something to groups."""
    me = myself.person.name

    def make(values: Values) -> Sequence[Command]:
        end = values.get("end")
        return [
            PublishAnnouncement(
                actor=me, to=tuple(values["to"]), pinned=bool(values.get("pinned")),
                title={"en": values["title_en"], "zh": values["title_zh"]},
                text={"en": values["text_en"], "zh": values["text_zh"]},
                end=datetime.fromisoformat(end) if end else None,
            )
        ]  # fmt: skip

    title = Bilingual(en="Publish an announcement", zh="发布公告")
    form = asking.form_of(
        "announce", title,
        asking.asked("to", "To", "发布对象", kind="texts", required=True, choices=groups(people)),
        asking.asked("title_zh", "Title (Chinese)", "标题（中文）", required=True),
        asking.asked("title_en", "Title (English)", "标题（英文）", required=True),
        asking.long_text("text_zh", "Text (Chinese)", "正文（中文）"),
        asking.long_text("text_en", "Text (English)", "正文（英文）"),
        asking.asked("pinned", "Pinned", "置顶", kind="boolean"),
        asking.asked("end", "Until", "有效至", format="date-time", help=Bilingual(
            en="Empty: until it is taken back.", zh="留空则直到撤回为止。"
        )),
    )  # fmt: skip
    return Errand(
        name="announce", title=title, form=form, make=make, about="announce:", group="others",
        done=lambda receipts: message("it is announced"), ahead=("end",),
    )  # fmt: skip


def withdraw(announcement: Announcement, myself: Myself) -> Errand:
    """Return the errand that takes an announcement back."""
    me = myself.person.name
    title = Bilingual(en="Take the announcement back", zh="撤回公告")
    return Errand(
        name="withdraw", title=title, form=asking.form_of("withdraw", title), group="others",
        make=lambda values: [WithdrawAnnouncement(actor=me, number=announcement.number)],
        done=lambda receipts: message("the announcement is taken back"),
    )  # fmt: skip


def groups(people: Mapping[str, Person]) -> Mapping[str, Bilingual]:
    """Return whom something can be announced to: everybody, and the teams, departments and roles that have people."""
    active = [one for one in people.values() if one.active]
    teams = sorted({one.team for one in active if one.team})
    departments = sorted({one.department for one in active if one.department})
    roles = sorted({role for one in active for role in one.roles})
    return {
        EVERYBODY: Bilingual(en="everybody", zh="全体人员"),
        **{f"team:{one}": Bilingual(en=f"team {one}", zh=f"班组 {one}") for one in teams},
        **{
            f"department:{one}": Bilingual(en=f"department {one}", zh=f"部门 {one}")
            for one in departments
        },
        **{f"role:{one}": Bilingual(en=f"role {one}", zh=f"角色 {one}") for one in roles},
    }
