"""The colleagues of whoever looks at the demonstration: a process that fills the centre, and then goes on working as they do.

It says when the centre is full, and ends when whoever started it does, which it sees by its standard input.
"""

import select
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path
from random import Random

from casewright.cli.demo_lives import LEADER, Centre, Life
from casewright.cli.demo_matters import CUSTOMERS, lives
from casewright.cli.demo_passing import Passing
from casewright.clock import SetClock, SystemClock
from casewright.commands import AddComment, PublishAnnouncement, SaveCustomer
from casewright.config import Config, read_config
from casewright.desk import open_desk
from casewright.errors import CasewrightError
from casewright.settings.access import AuditSettings

SITTER = "zhao_lei"
"""Who looks: what only they can do waits for them."""
READY = "ready"
HOW_MANY, MOST_STEPS = 44, 9
BEFORE, BETWEEN = timedelta(days=5), 4.0
"""For how long the centre has been at work when it is first seen, and seconds between two things that happen in it."""
_NEW_EVERY, _NOTE_EVERY = 5, 3


class Going:
    """A life that has begun, and who is to act next in it."""

    def __init__(self, life: Life) -> None:
        self._life = life
        self.awaits = next(life)

    def goes_on(self) -> bool:
        """Go on by a step; return whether there is another. What others have made impossible meanwhile ends it."""
        try:
            self.awaits = next(self._life)
        except (StopIteration, CasewrightError):
            return False
        return True


def fill(centre: Centre, passing: Passing, clock: SetClock, random: Random) -> list[Going]:
    """Have many lives begin and go on for a while until now; return those that go on."""
    _welcome(centre)
    end = SystemClock().now()
    begun, going = lives(centre), []
    for number in range(HOW_MANY):
        moment = end - BEFORE * (1 - (number + 1) / HOW_MANY)
        passing.until(max(moment, clock.now()))
        one = Going(next(begun))
        if all(one.goes_on() for _ in range(1 + random.randrange(MOST_STEPS))):
            going.append(one)
    return going


def live(centre: Centre, going: list[Going], random: Random) -> Iterator[None]:
    """Go on working, a step at a time: it is for the caller to say when."""
    begun = lives(centre)
    for beat in count(1):
        others = [one for one in going if one.awaits != SITTER]
        if beat % _NEW_EVERY == 0 or not others:
            going.append(Going(next(begun)))
        elif beat % _NOTE_EVERY == 0:
            _note(centre, random.choice(centre.tickets))
        else:
            one = random.choice(others)
            if not one.goes_on():
                going.remove(one)
        yield


def _note(centre: Centre, ticket: str) -> None:
    text = centre.words("The customer was reached on the phone.", "已电话联系客户。")
    with suppress(CasewrightError):  # Somebody may have closed it meanwhile.
        centre.does(AddComment(actor=LEADER, ticket=ticket, text=text))


def _welcome(centre: Centre) -> None:
    """Have the customers known, and something announced."""
    for key, name, tier in CUSTOMERS:
        phone = f"+86139{key[-5:]:>08}"
        centre.does(SaveCustomer(actor="chen_jing", id=key, name=name, tier=tier, phone=phone))
    centre.does(
        PublishAnnouncement(
            actor="han_lei",
            title={"en": "Works at the eastern exchange tonight", "zh": "今晚东区机房割接"},
            text={
                "en": "From midnight to 5 am the east may be without broadband. Please tell customers who call.",
                "zh": "今晚 0 点至 5 点，东区宽带可能中断，请告知来电客户。",
            },
            to=("everybody",),
        )
    )


def _simulated(config: Config) -> Config:
    """Return the settings without what goes by itself: the past is lived through in seconds."""
    plugins = replace(config.plugins, recurring=False)
    return replace(config, plugins=plugins, audit=AuditSettings(every_minutes=0))


def _left(seconds: float) -> bool:
    """Wait; return whether whoever started this has gone."""
    ready, _, _ = select.select([sys.stdin], [], [], seconds)
    return bool(ready) and not sys.stdin.read(1)


def main(words: Sequence[str]) -> int:
    """Fill the workspace that the first word names, in the language of the second, and go on until nobody looks any more."""
    config, random = read_config(Path(words[0])), Random(7)
    clock = SetClock(SystemClock().now() - BEFORE)
    with open_desk(_simulated(config), clock=clock) as desk:
        centre = Centre(desk=desk, lang=words[1])
        going = fill(centre, Passing(desk, clock, config), clock, random)
    with open_desk(config) as desk:
        centre.desk = desk
        print(READY, flush=True)
        for _ in live(centre, going, random):
            if _left(BETWEEN):
                break
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
