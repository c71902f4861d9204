"""Who handles a ticket and when: assigning, handing over, reminders, watching, absences."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from casewright.answers import Myself
from casewright.bilingual import Bilingual
from casewright.commands import (
    AssignTicket,
    Command,
    HandOver,
    RemindMe,
    SetAbsence,
    WatchTicket,
)
from casewright.errors import message
from casewright.model import EMPTY, Person
from casewright_tui.errands import asking, persons
from casewright_tui.errands.errand import Errand, Values
from casewright_tui.errands.ticket_errand import errand

NOBODY = "-"
ABSENCE = Bilingual(en="Absence", zh="登记缺勤")
HAND_OVER = Bilingual(en="Hand over all open work", zh="交接全部在办工单")


def assign(
    tickets: Sequence[str],
    myself: Myself,
    people: Mapping[str, Person],
    *,
    seen: Mapping[str, int] = EMPTY,
) -> Errand:
    """Return the errand that gives tickets to somebody; those whose version was `seen` only as they were then."""
    me = myself.person.name

    def say(key: str, values: Values) -> Sequence[Command]:
        handler = None if values["handler"] == NOBODY else values["handler"]
        reason = values.get("reason", "")
        version = seen.get(key)
        return [
            AssignTicket(actor=me, ticket=key, handler=handler, reason=reason, version=version)
        ]

    nobody = {NOBODY: Bilingual(en="nobody", zh="无人办理")}
    return errand(
        "assign", "Assign", "指派", say,
        asking.asked(
            "handler", "Handler", "办理人", required=True,
            choices={**persons.staff(people, me=me), **nobody},
        ),
        asking.reason(required=False),
        tickets=tickets, group="ticket", done=message("assigned"),
        offers={"handler": persons.with_load(people, me=me)},
    )  # fmt: skip


def remind(tickets: Sequence[str], myself: Myself) -> Errand:
    """Return the errand that notes a follow-up."""
    me = myself.person.name

    def say(key: str, values: Values) -> Sequence[Command]:
        at = datetime.fromisoformat(values["at"])
        return [RemindMe(actor=me, ticket=key, at=at, text=values.get("text", ""))]

    return errand(
        "remind", "Remind me", "预约提醒", say,
        asking.asked("at", "When", "时间", required=True, format="date-time"),
        asking.asked("text", "Of what", "提醒内容"),
        tickets=tickets, group="ticket", done=message("the follow-up is noted"), ahead=("at",),
    )  # fmt: skip


def watch(tickets: Sequence[str], myself: Myself, *, watching: bool) -> Errand:
    """Return the errand that begins or stops watching."""
    me = myself.person.name

    def say(key: str, values: Values) -> Sequence[Command]:
        return [WatchTicket(actor=me, ticket=key, watching=watching)]

    name, en, zh = (
        ("watch", "Watch", "关注") if watching else ("unwatch", "Stop watching", "取消关注")
    )
    done = (
        message("you are told of what happens") if watching else message("you are told no more")
    )
    return errand(name, en, zh, say, tickets=tickets, group="ticket", at_once=True, done=done)


def hand_over(
    myself: Myself, people: Mapping[str, Person], *, handler: str = "", to: str = ""
) -> Errand:
    """Return the errand that gives all open tickets of somebody to somebody else."""
    me = myself.person.name

    def make(values: Values) -> Sequence[Command]:
        return [
            HandOver(actor=me, handler=values["handler"], to=values["to"], reason=values.get("reason", ""))
        ]  # fmt: skip

    staff = persons.staff(people, me=me)
    form = asking.form_of(
        "hand_over", HAND_OVER,
        asking.asked("handler", "From", "交班人", choices=staff, required=True, default=handler or me),
        asking.asked("to", "To", "接班人", choices=staff, required=True, default=to or None),
        asking.reason(required=False),
    )  # fmt: skip
    return Errand(
        name="hand_over", title=HAND_OVER, form=form, make=make, group="others",
        offers={"to": persons.with_load(people, me=me)},
        done=lambda receipts: message("the open work is handed over"),
    )  # fmt: skip


def absence(myself: Myself, people: Mapping[str, Person], *, person: str = "") -> Errand:
    """Return the errand that notes that somebody is away, and who stands in."""
    me = myself.person.name
    others = asking.may(myself, "people.absence") or asking.may(myself, "people.edit")

    def make(values: Values) -> Sequence[Command]:
        end = values.get("end")
        return [
            SetAbsence(
                actor=me, name=values.get("name", me), deputy=values.get("deputy"),
                start=_moment(values.get("start")), end=_moment(end),
            )
        ]  # fmt: skip

    staff = persons.staff(people, me=me)
    known = asking.asked(
        "name", "Who", "人员", choices=staff, required=True, default=person or me
    )
    form = asking.form_of(
        "absence", ABSENCE,
        *([known] if others else []),
        asking.asked("deputy", "Deputy", "代理人", choices=staff),
        asking.asked("start", "From", "开始", format="date-time", help=Bilingual(en="Empty: now.", zh="留空表示现在。")),
        asking.asked("end", "Until", "结束", format="date-time", help=Bilingual(
            en="Empty: until further notice.", zh="留空表示另行通知。"
        )),
    )  # fmt: skip
    return Errand(
        name="absence", title=ABSENCE, form=form, make=make, group="others",
        offers={"deputy": persons.with_load(people, me=me)},
        done=lambda receipts: message("the absence is noted"), ahead=("end",),
    )  # fmt: skip


def _moment(written: str | None) -> datetime | None:
    return datetime.fromisoformat(written) if written else None
