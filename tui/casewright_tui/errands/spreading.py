"""Work that goes to others: tickets to one, tickets over a team, and all of somebody who is ill with their absence in one go."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from casewright.answers import Myself
from casewright.bilingual import Bilingual
from casewright.commands import AssignTicket, Command, HandOver, SetAbsence
from casewright.errors import message
from casewright.model import Person
from casewright_tui.errands import asking, persons
from casewright_tui.errands.errand import REASON, Errand, Values
from casewright_tui.pure.people import Share, shares_title


def give(
    keys: Sequence[str], to: str, called: Bilingual, before: int, myself: Myself
) -> Errand:
    """Return the errand that gives tickets to one person; its title tells what they will have."""
    share = Share(name=to, tickets=tuple(keys), before=before)
    title = Bilingual(
        en=f"Give to {called.en}: {share.before} open, then {share.after}",
        zh=f"指派给{called.zh}：在办 {share.before}，之后 {share.after}",
    )
    return _errand(title, [share], myself)


def spread(shares: Sequence[Share], people: Mapping[str, Person], myself: Myself) -> Errand:
    """Return the errand that spreads tickets over people."""
    names = {name: Bilingual(en=one.en, zh=one.zh) for name, one in people.items()}
    return _errand(shares_title(shares, names), shares, myself)


def _errand(title: Bilingual, shares: Sequence[Share], myself: Myself) -> Errand:
    me = myself.person.name

    def make(values: Values) -> Sequence[Command]:
        return [
            AssignTicket(actor=me, ticket=key, handler=share.name)
            for share in shares
            for key in share.tickets
        ]

    return Errand(
        name="give", title=title, form=asking.form_of("give", title), make=make,
        tickets=tuple(key for share in shares for key in share.tickets),
        done=lambda receipts: message("assigned"), group="others",
    )  # fmt: skip


def ill(person: str, has_work: bool, myself: Myself, people: Mapping[str, Person]) -> Errand:
    """Return the errand that notes that somebody is ill, who stands in, and gives the deputy all their open work."""
    me, who = myself.person.name, people[person]
    staff = {name: one for name, one in persons.staff(people, me=me).items() if name != person}

    def make(values: Values) -> Sequence[Command]:
        end, deputy = values.get("end"), values["deputy"]
        absence = SetAbsence(
            actor=me,
            name=person,
            deputy=deputy,
            end=datetime.fromisoformat(end) if end else None,
        )
        over = HandOver(actor=me, handler=person, to=deputy, reason=values.get(REASON, ""))
        return [absence, over] if has_work else [absence]

    title = Bilingual(en=f"{who.en} is ill", zh=f"{who.zh} 缺勤")
    form = asking.form_of(
        "ill", title,
        asking.asked("deputy", "Deputy, who gets all open work", "代理人（接手全部在办）", required=True,
                     choices=staff, default=who.deputy if who.deputy in staff else None),
        asking.asked("end", "Until", "至", format="date-time", help=Bilingual(
            en="Empty: until further notice.", zh="留空表示另行通知。"
        )),
        asking.reason(required=False),
    )  # fmt: skip
    return Errand(
        name="ill", title=title, form=form, make=make, group="others",
        offers={"deputy": persons.with_load({one: people[one] for one in staff}, me=me)},
        done=lambda receipts: message("the absence is noted and the open work is handed over"), ahead=("end",),
    )  # fmt: skip
