"""What becomes of a notice: taken with a time, or refused with a reason."""

from collections.abc import Sequence
from datetime import datetime

from casewright.answers import Myself, Notice
from casewright.bilingual import Bilingual
from casewright.commands import Command, RefuseNotice, TakeNotice
from casewright.errors import message
from casewright_tui.errands import asking
from casewright_tui.errands.errand import REASON, Errand, Values


def take(notices: Sequence[Notice], myself: Myself) -> Errand:
    """Return the errand that takes notices: done until the time that is promised, else by the time they are due."""
    me = myself.person.name

    def make(values: Values) -> Sequence[Command]:
        until = datetime.fromisoformat(values["until"]) if values.get("until") else None
        return [
            TakeNotice(actor=me, ticket=one.ticket, notice=one.number, until=until)
            for one in notices
        ]

    title = Bilingual(en="Take the notice", zh="认领通知")
    until = asking.asked("until", "Done by", "承诺完成时间", format="date-time", help=Bilingual(
        en="Empty: by the time it is due.", zh="留空则按到期时间。"
    ))  # fmt: skip
    return Errand(
        name="take", title=title, form=asking.form_of("take", title, until), make=make,
        tickets=_tickets(notices), done=lambda receipts: message("taken"), group="others", ahead=("until",),
    )  # fmt: skip


def refuse(notices: Sequence[Notice], myself: Myself) -> Errand:
    """Return the errand that refuses notices; the next level is told."""
    me = myself.person.name

    def make(values: Values) -> Sequence[Command]:
        return [
            RefuseNotice(actor=me, ticket=one.ticket, notice=one.number, reason=values[REASON])
            for one in notices
        ]

    title = Bilingual(en="Refuse the notice", zh="拒绝通知")
    return Errand(
        name="refuse", title=title, form=asking.form_of("refuse", title, asking.reason()), make=make,
        tickets=_tickets(notices), group="others",
        done=lambda receipts: message("refused; the next level is told"),
    )  # fmt: skip


def _tickets(notices: Sequence[Notice]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.ticket for one in notices))
