"""A call: it is answered or abandoned, and what it is about begins a life of its own."""

from datetime import timedelta

from casewright.commands import SaveCustomer
from casewright.simulating.catalogue import FAMILY, GIVEN, SUBJECTS
from casewright.simulating.centre import Centre, Life, Work
from casewright.simulating.intents import Call
from casewright.simulating.life_complaints import complaint
from casewright.simulating.life_inquiries import inquiry
from casewright.simulating.life_services import service
from casewright.simulating.matters import Matter

_LONG_FOR_A_VIP = timedelta(seconds=60)


def call(centre: Centre, planned: Call) -> Life:
    """Somebody calls; whoever answers registers what it is about."""
    centre.tally.calls += 1
    who = yield Work(_answering(centre, planned), planned.talk, planned.patience)
    if not who:
        centre.tally.abandoned += 1
        return
    matter = Matter(
        number=planned.number,
        customer=_known(centre, who, planned),
        subject=SUBJECTS[planned.kind][planned.subject],
        agent=who,
        talk=planned.talk,
        chance=centre.chance("matter", planned.number),
    )
    yield from _LIVES[planned.kind](centre, matter)


def _answering(centre: Centre, planned: Call) -> tuple[str, ...]:
    """Return who may take a call: seniors first for a VIP, as long as one of them is free soon."""
    if planned.vip:
        seniors = tuple(
            one
            for one in centre.staff.agents
            if "senior_agent" in centre.staff.people[one].roles
        )
        wait = centre.floor.wait(seniors, centre.now)
        if wait is not None and wait <= _LONG_FOR_A_VIP:
            return seniors
    return centre.staff.agents


def _known(centre: Centre, who: str, planned: Call) -> str:
    """Return the number of a customer, who is registered at the first call."""
    customer = f"S{centre.span.seed}-{planned.customer:06}"
    if planned.customer in centre.known:
        return customer
    centre.known.add(planned.customer)
    chance = centre.chance("customer", planned.customer)
    centre.does(
        SaveCustomer,
        who,
        id=customer,
        name=chance.one_of(FAMILY) + chance.one_of(GIVEN),
        tier="vip" if planned.vip else "",
        phone=f"+86190{centre.span.seed % 10}{planned.customer:07}"[:14],
    )
    return customer


_LIVES = {"inquiry": inquiry, "service_request": service, "complaint": complaint}
