"""What every database under the desk must show, as tests that go through the desk alone (they need pytest)."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from casewright.clock import Clock, SetClock
from casewright.commands import (
    AddComment,
    AssignTicket,
    Command,
    EditFields,
    FireTransition,
    OpenTicket,
    SavePerson,
)
from casewright.desk import Desk
from casewright.errors import CasewrightError, CommandReused, Conflict, NotAllowed, NotFound
from casewright.model import SYSTEM, Event, Receipt, Ticket, born, evolve
from casewright.queries import GetHistory, GetTicket, ListTickets, VerifyAudit
from casewright.testing.desk import MOMENT


class StoreContract:
    """What every database under the desk must show: derive from it, and say in `open` how a desk is opened on yours."""

    def open(self, folder: Path, clock: Clock) -> Desk:
        """Return another desk on the database that belongs to `folder`, made and furnished at the first call."""
        raise NotImplementedError

    def test_what_was_acknowledged_is_there_for_the_next_desk(self, tmp_path: Path) -> None:
        """A command that was answered survives the desk that answered it."""
        with self.open(tmp_path, SetClock(MOMENT)) as desk:
            key = _opened(desk).ticket
            before = _ticket(desk, key)

        with self.open(tmp_path, SetClock(MOMENT)) as desk:
            assert _ticket(desk, key) == before

    def test_every_kind_of_value_comes_back_as_it_went_in(self, tmp_path: Path) -> None:
        """Texts of any script, whole and decimal numbers, lists, and moments to the microsecond."""
        fields: dict[str, Any] = {
            "subject": "宽带\u00e9\U0001f4e6 'quoted' \\ \"both\"",
            "pieces": -(2**53),
            "weight": 0.1,
            "fragile": False,
            "places": ["北区", ""],
        }

        with self.open(tmp_path, SetClock(MOMENT)) as desk:
            ticket = _ticket(desk, _opened(desk, **fields).ticket)

            assert dict(ticket.fields) == fields
            assert ticket.opened_at == MOMENT

    def test_a_refused_command_leaves_nothing_and_takes_no_number(self, tmp_path: Path) -> None:
        """Not even the number that the refused ticket would have had."""
        with self.open(tmp_path, SetClock(MOMENT)) as desk:
            first = _opened(desk)
            before = _everything(desk)

            with pytest.raises(CasewrightError):
                desk.execute(OpenTicket(actor="ana", workflow="parcel", owner="ben"))

            assert _everything(desk) == before
            assert _opened(desk).ticket == first.ticket[:-1] + "2"

    def test_a_repeated_command_gives_its_first_receipt_and_adds_nothing(
        self, tmp_path: Path
    ) -> None:
        """Also when the ticket has moved on meanwhile, and for commands that are about no ticket."""
        with self.open(tmp_path, SetClock(MOMENT)) as desk:
            opening = OpenTicket(actor="ana", workflow="parcel")
            searching = FireTransition(
                actor="ana", ticket=desk.execute(opening).ticket, transition="search"
            )
            saving = SavePerson(actor="ana", name="cleo", roles=("agent",))
            desk.execute(saving)
            first = desk.execute(searching)
            before = _everything(desk)

            again = desk.execute(searching)

            assert again == _as_repeated(first)
            assert desk.execute(opening).state == "registered"
            assert desk.execute(saving).repeated
            assert _everything(desk) == before

    @pytest.mark.parametrize("kind", ["same", "other", "about no ticket"])
    def test_an_id_is_not_used_for_something_else(self, tmp_path: Path, kind: str) -> None:
        """Neither by a command of the same kind, nor by one of another."""
        with self.open(tmp_path, SetClock(MOMENT)) as desk:
            key = _opened(desk).ticket
            commands: dict[str, Command] = {
                "same": AddComment(actor="ana", ticket=key, text="one"),
                "other": AssignTicket(actor="ana", ticket=key, handler="ben"),
                "about no ticket": SavePerson(actor="ana", name="dora", roles=("agent",)),
            }
            desk.execute(commands[kind])
            before = _everything(desk)

            with pytest.raises(CommandReused):
                desk.execute(
                    AddComment(
                        actor="ana",
                        ticket=key,
                        text="two",
                        command_id=commands[kind].command_id,
                    )
                )
            with pytest.raises(CommandReused):
                desk.execute(
                    SavePerson(actor="ana", name="emma", command_id=commands[kind].command_id)
                )

            assert _everything(desk) == before

    def test_the_faster_wins_and_the_slower_is_told(self, tmp_path: Path) -> None:
        """Two desks that looked at the same version: one transition, one Conflict."""
        with (
            self.open(tmp_path, SetClock(MOMENT)) as fast,
            self.open(tmp_path, SetClock(MOMENT)) as slow,
        ):
            seen = _opened(fast)
            fire = FireTransition(
                actor="ana", ticket=seen.ticket, transition="search", version=seen.version
            )
            fast.execute(fire)

            with pytest.raises(Conflict):
                slow.execute(
                    FireTransition(
                        actor="ben", ticket=seen.ticket, transition="find", version=seen.version
                    )
                )

            assert _ticket(slow, seen.ticket).state == "searching"

    def test_desks_learn_of_each_others_commands(self, tmp_path: Path) -> None:
        """Of tickets and of the staff, without being opened again."""
        with (
            self.open(tmp_path, SetClock(MOMENT)) as one,
            self.open(tmp_path, SetClock(MOMENT)) as other,
        ):
            key = _opened(one).ticket
            assert _ticket(other, key) == _ticket(one, key)

            one.execute(SavePerson(actor="ana", name="ben", roles=("agent",), active=False))

            with pytest.raises(NotAllowed):
                other.execute(AddComment(actor="ben", ticket=key, text="am I still here?"))

    def test_history_replays_to_the_ticket_and_the_audit_holds(self, tmp_path: Path) -> None:
        """Every ticket is the fold over its events, the children's and the parent's too."""
        clock = SetClock(MOMENT)
        with self.open(tmp_path, clock) as desk:
            parent = _opened(desk).ticket
            children = desk.execute(
                FireTransition(actor="ana", ticket=parent, transition="search")
            ).opened
            clock.advance(timedelta(microseconds=1))
            for child in children:
                desk.execute(FireTransition(actor="ben", ticket=child, transition="answer"))
            desk.execute(
                EditFields(actor="ana", ticket=parent, fields={"subject": "x", "pieces": 3})
            )
            desk.execute(EditFields(actor="ana", ticket=parent, fields={"pieces": None}))
            desk.execute(FireTransition(actor="ana", ticket=parent, transition="find"))

            verified = desk.ask(VerifyAudit(actor="ana"))

            assert verified.ok
            assert (verified.tickets, verified.events) == (3, 11)
            for key in (parent, *children):
                assert _replayed(desk, key) == _ticket(desk, key)

    def test_a_batch_is_kept_as_a_whole_and_a_refusal_in_it_undoes_itself_only(
        self, tmp_path: Path
    ) -> None:
        """What came before and after the refused command stays."""
        with self.open(tmp_path, SetClock(MOMENT)) as desk:
            with desk.batch():
                first = _opened(desk).ticket
                with pytest.raises(NotFound):
                    desk.execute(
                        FireTransition(actor="ana", ticket=first, transition="unheard_of")
                    )
                second = _opened(desk).ticket

            assert [one.key for one in _listed(desk)] == [second, first]

    def test_what_a_batch_has_written_is_found_at_once_and_what_it_has_undone_never(
        self, tmp_path: Path
    ) -> None:
        """A text is found before the batch ends; the text of an undone command is not, then nor later."""
        with self.open(tmp_path, SetClock(MOMENT)) as desk:
            with desk.batch():
                first = _opened(desk, subject="red parcel").ticket
                blue = {"subject": "blue parcel"}
                desk.execute(EditFields(actor="ana", ticket=first, fields=blue))
                with pytest.raises(RuntimeError):
                    _break_off(desk, lambda: _found(desk, "parcel"), subject="green parcel")
                within = _found(desk, "parcel")
                second = _opened(desk, subject="grey parcel").ticket

            assert within == [first]
            assert _found(desk, "parcel") == [second, first]
            assert _found(desk, "blue") == [first]
            assert _found(desk, "red") == _found(desk, "green") == []

    def test_a_batch_that_breaks_off_leaves_nothing(self, tmp_path: Path) -> None:
        """Neither a ticket, nor a person, nor anything the desk would still believe."""
        with self.open(tmp_path, SetClock(MOMENT)) as desk:
            with pytest.raises(RuntimeError):
                _break_off(desk)
            desk.execute(SavePerson(actor="ana", name="dora", roles=("agent",)))

            assert _listed(desk) == []
            with pytest.raises(NotAllowed):
                _opened(desk, actor="cleo")

    def test_tickets_are_found_by_their_texts_and_listed_page_by_page(
        self, tmp_path: Path
    ) -> None:
        """In Chinese as in English; newest first, each once."""
        with self.open(tmp_path, SetClock(MOMENT)) as desk:
            subjects = ("宽带断网三天", "Parcel arrived wet", "断网", "nothing")
            keys = [_opened(desk, subject=subject).ticket for subject in subjects]

            assert [one.key for one in _listed(desk, text="断网")] == [keys[2], keys[0]]
            assert [one.key for one in _listed(desk, text="parcel")] == [keys[1]]
            first = desk.ask(ListTickets(actor="ana", limit=3))
            rest = desk.ask(ListTickets(actor="ana", limit=3, after=first.after))
            assert [one.key for one in (*first.tickets, *rest.tickets)] == keys[::-1]
            assert rest.after is None


def _opened(desk: Desk, actor: str = "ana", **fields: Any) -> Receipt:
    return desk.execute(OpenTicket(actor=actor, workflow="parcel", fields=fields))


def _break_off(desk: Desk, look: Callable[[], object] = lambda: None, **fields: Any) -> None:
    with desk.batch():
        desk.execute(SavePerson(actor="ana", name="cleo", roles=("agent",)))
        desk.execute(OpenTicket(actor="cleo", workflow="parcel", fields=fields))
        look()
        raise RuntimeError("broken off")


def _ticket(desk: Desk, key: str) -> Ticket:
    found: Ticket = desk.ask(GetTicket(actor="ana", ticket=key))
    return found


def _found(desk: Desk, text: str) -> list[str]:
    """Return the keys that a text finds, for casewright itself, which may look within a batch."""
    query = ListTickets(actor=SYSTEM, text=text)
    return [one.key for one in desk.ask_as_system(query).tickets]


def _listed(desk: Desk, text: str | None = None) -> list[Ticket]:
    return list(desk.ask(ListTickets(actor="ana", text=text)).tickets)


def _history(desk: Desk, key: str) -> tuple[Event, ...]:
    found: tuple[Event, ...] = desk.ask(GetHistory(actor="ana", ticket=key))
    return found


def _everything(desk: Desk) -> list[tuple[Ticket, tuple[Event, ...]]]:
    return [(one, _history(desk, one.key)) for one in _listed(desk)]


def _replayed(desk: Desk, key: str) -> Ticket:
    first, *others = _history(desk, key)
    ticket = born(first)
    for event in others:
        ticket = evolve(ticket, event)
    return ticket


def _as_repeated(receipt: Receipt) -> Receipt:
    return Receipt(
        **{name: getattr(receipt, name) for name in Receipt.__slots__ if name != "repeated"},
        repeated=True,
    )
