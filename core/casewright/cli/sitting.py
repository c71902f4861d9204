"""What a terminal is given of whoever sits down at it: the desk, opened anew for each of its threads."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from casewright.answers import ChangePage
from casewright.cli.session import Session
from casewright.front_door import CameIn, FrontDoor, Sitting
from casewright.queries import ListChanges
from casewright.texts import Texts

if TYPE_CHECKING:
    from casewright.remote.desk import RemoteDesk

PATIENCE = 3.0
"""Seconds for which a server may be away before the screen says so; it goes on trying by itself."""
WAIT = 20
"""Seconds for which a server is asked to wait until something happens."""
LOOK_EVERY = 1.0
"""Seconds between two looks at a database that nobody serves."""


def sitting(
    begin: Callable[[], Session],
    *,
    sign_in: Callable[[str, str, str], None] | None,
    door: str,
    plain: bool = False,
) -> Sitting:
    """Return what a terminal is given; `begin` makes a session, which is used in a `with` statement of its own."""
    with begin() as one:
        language, zone, asked = one.texts.lang, one.texts.zone, one.asked_language
        name = one.named or ""

    def chinese() -> Mapping[str, str]:
        with begin() as one:
            return one.chinese_of_plugins()

    def texts(named: str) -> Texts:
        return Texts(named, zone, more=chinese)

    served = _Served()

    @contextmanager
    def come_in() -> Iterator[CameIn]:
        with begin() as session:
            session.stay_with(served.address)
            desk, actor = session.desk, session.actor
            served.note(desk)
            yield CameIn(
                desk=desk, actor=actor, changes=_changes(desk, actor), patient=_patient(desk)
            )

    return Sitting(
        come_in=come_in,
        sign_in=sign_in,
        texts=texts,
        language=language,
        name=name,
        door=door,
        asked_language=asked,
        plain=plain,
    )


class _Served:
    """Through which server the terminal works, once it does: when that is away, nobody works past it."""

    def __init__(self) -> None:
        self.address = ""

    def note(self, desk: FrontDoor) -> None:
        """Take note of a desk that was opened."""
        remote = _remote(desk)
        if remote is not None:
            self.address = remote.address


def _patient(desk: FrontDoor) -> Callable[[bool], None]:
    remote = _remote(desk)
    if remote is None:
        return lambda waits: None
    transport = remote.transport
    transport.lose_patience_after(PATIENCE)
    return lambda waits: transport.lose_patience_after(PATIENCE if waits else 0.0)


def _changes(desk: FrontDoor, actor: str) -> Callable[[int | None], ChangePage]:
    remote = _remote(desk)

    def here(since: int | None) -> ChangePage:
        page: ChangePage = desk.ask(ListChanges(actor=actor, since=since))
        if since is not None and not page.changes and page.newest <= since:
            time.sleep(LOOK_EVERY)
        return page

    def there(since: int | None) -> ChangePage:
        return (
            here(None) if since is None or remote is None else remote.changes(since, wait=WAIT)
        )

    return here if remote is None else there


def _remote(desk: FrontDoor) -> "RemoteDesk | None":
    from casewright.remote.desk import RemoteDesk

    return desk if isinstance(desk, RemoteDesk) else None
