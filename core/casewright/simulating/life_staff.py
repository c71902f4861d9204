"""What happens to the staff and around it: illness, a monitor's look at what is late, the end of a day."""

from datetime import timedelta

from casewright.answers import QueueRow
from casewright.commands import AnswerSupervision, HandOver, SetAbsence, SuperviseTicket
from casewright.model import SYSTEM
from casewright.queries import GetWallboard, ListQueue
from casewright.simulating.centre import Centre, Life, Pause, Work
from casewright.simulating.intents import FallsIll
from casewright.simulating.matters import HOUR, MINUTE, by_handler
from casewright.texts import text

_TO_ANSWER = timedelta(hours=4)
_NOT_HANDED_OVER = text("work handed over to a deputy who may not have one of the tickets")


def falls_ill(centre: Centre, planned: FallsIll) -> Life:
    """Somebody reports ill; the open work goes to the standing deputy."""
    deputy = centre.staff.deputy(planned.name)
    if deputy and centre.is_ill(deputy):
        deputy = ""  # two who stand in for each other may not both be away
    said = {"name": planned.name, "start": centre.now, "end": planned.until, "deputy": deputy}
    centre.does(SetAbsence, planned.name, **said)
    centre.ill[planned.name] = planned.until
    if deputy and _has_work(centre, planned.name):
        reason = centre.words("Reported ill.", "请病假。")
        handed = {"handler": planned.name, "to": deputy, "reason": reason}
        centre.tries(_NOT_HANDED_OVER, HandOver, planned.name, **handed)
    yield from ()


def looks_round(centre: Centre) -> Life:
    """A monitor supervises the tickets that have been overdue for longest and are nobody's business yet."""
    who = yield Work(centre.staff.of("monitor"), 10 * MINUTE)
    for row in _late(centre, who):
        due = centre.now + _TO_ANSWER
        reason = centre.words("Overdue: how far is it?", "已超时，请说明进展。")
        centre.does(SuperviseTicket, who, ticket=row.key, reason=reason, answer_due=due)
        centre.supervised.add(row.key)
        centre.begin(_answers(centre, row.key))


def day_ends(centre: Centre) -> Life:
    """Note what the day came to."""
    centre.tally.day(centre.desk.ask_as_system(GetWallboard(actor=SYSTEM, hours=1)))
    yield from ()


def _has_work(centre: Centre, name: str) -> bool:
    query = ListQueue(actor=SYSTEM, handler=name, limit=1)
    return bool(centre.desk.ask_as_system(query).rows)


def _late(centre: Centre, who: str) -> list[QueueRow]:
    most = centre.habits.supervised_at_once
    page = centre.desk.ask(ListQueue(actor=who, due_within=0, limit=50))
    return [one for one in page.rows if one.handler and one.key not in centre.supervised][:most]


def _answers(centre: Centre, key: str) -> Life:
    yield Pause(centre.now + HOUR / 2)
    who = yield from by_handler(centre, key, 5 * MINUTE)
    if centre.ticket(key).open:
        text = centre.words("It will be done today.", "今日内办结。")
        centre.does(AnswerSupervision, who, ticket=key, text=text)
