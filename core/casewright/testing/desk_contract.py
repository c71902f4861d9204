"""What every front door of a workspace must show, as tests that go through it alone (they need pytest)."""

import hashlib
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from casewright.access import passwords
from casewright.access.tokens import digest_of, new_token
from casewright.clock import SetClock
from casewright.commands import (
    AddComment,
    AttachFile,
    Command,
    EditFields,
    FireTransition,
    MakeToken,
    OpenTicket,
    SaveCustomer,
    SavePerson,
    SetPassword,
)
from casewright.config import Config
from casewright.desk.door import Door
from casewright.errors import (
    CasewrightError,
    CommandRefused,
    CommandReused,
    Conflict,
    NotAllowed,
    NotFound,
    NotSignedIn,
    SecondFactorNeeded,
    SignInRefused,
    TransitionRefused,
)
from casewright.front_door import FrontDoor
from casewright.model import Receipt
from casewright.queries import (
    FindCustomers,
    GetFile,
    GetHistory,
    GetTicket,
    ListPeople,
    ListTickets,
    VerifyAudit,
    WhoAmI,
)
from casewright.testing.desk import MOMENT
from casewright.testing.plugged_desk import plugin_desk
from casewright.texts import Texts

PASSWORD = "correct horse battery"
_ROLES = """\
roles:
  agent: {title: {en: Agent, zh: 座席}, permissions: [ticket.*, customer.*, people.edit, audit.verify]}
  reader: {title: {en: Reader, zh: 审计员}, permissions: [ticket.read]}
"""
_FORM = """\
x-title: {en: Matter, zh: 事项}
type: object
properties:
  subject: {type: string, maxLength: 200, x-title: {en: Subject, zh: 主题}}
  caller: {type: string, x-title: {en: Caller, zh: 来电人}, x-personal: true}
  pieces: {type: integer, x-title: {en: Pieces, zh: 件数}}
  weight: {type: number, x-title: {en: Weight, zh: 重量}}
  fragile: {type: boolean, x-title: {en: Fragile, zh: 易碎}}
  places: {type: array, items: {type: string}, maxItems: 5, x-title: {en: Places, zh: 地点}}
"""
_MATTER = """\
workflow: matter
title: {en: Matter, zh: 事项}
prefix: MAT
form: matter
owner: role:agent
handler: opener
start: open
states:
  open: {title: {en: Open, zh: 办理中}, transitions: {finish: {to: closed, by: anyone}}}
  closed: {final: true, title: {en: Closed, zh: 已结}}
"""


class DeskContract:
    """What every front door must show: derive from it, and say in `open` how yours is opened on a workspace that is there."""

    def open(self, config: Config, clock: SetClock) -> AbstractContextManager[FrontDoor]:
        """Return a front door of the workspace, whose clock is `clock`, through which nobody acts yet."""
        raise NotImplementedError

    @pytest.fixture(scope="class")
    @classmethod
    def clock(cls) -> SetClock:
        """The clock of the workspace."""
        return SetClock(MOMENT)

    @pytest.fixture(scope="class")
    @classmethod
    def door(
        cls, tmp_path_factory: pytest.TempPathFactory, clock: SetClock
    ) -> Iterator[FrontDoor]:
        """A front door; ana and ben may do everything, rita reads, and the password of ana is PASSWORD."""
        config = furnished(tmp_path_factory.mktemp("desk"), clock)
        with cls().open(config, clock) as opened:
            yield opened

    @pytest.fixture
    def desk(self, door: FrontDoor) -> Iterator[FrontDoor]:
        """The front door as ana has it."""
        with door.through(Door(actor="ana")):
            yield door

    # --- commands and queries ----------------------------------------------------------------

    def test_every_kind_of_value_comes_back_as_it_went_in(self, desk: FrontDoor) -> None:
        """Texts of any script, whole and decimal numbers, lists, and moments to the microsecond."""
        fields: dict[str, Any] = {
            "subject": "宽带\u00e9\U0001f4e6 'quoted' \\ \"both\"",
            "pieces": -(2**53),
            "weight": 0.1,
            "fragile": False,
            "places": ["北区", "", "$"],
        }

        key = _opened(desk, **fields).ticket

        ticket = desk.ask(GetTicket(actor="ana", ticket=key))
        assert (dict(ticket.fields), ticket.opened_at) == (fields, MOMENT)
        (event,) = desk.ask(GetHistory(actor="ana", ticket=key))
        assert (event.kind, event.at, event.actor) == ("TicketOpened", MOMENT, "ana")

    def test_a_page_goes_on_where_the_one_before_ended(self, desk: FrontDoor) -> None:
        """`after` of one page is `after` of the next question."""
        keys = [_opened(desk, subject="paged").ticket for _ in range(3)]

        first = desk.ask(ListTickets(actor="ana", workflow="matter", limit=2))
        second = desk.ask(
            ListTickets(actor="ana", workflow="matter", limit=1, after=first.after)
        )

        shown = [one.key for one in (*first.tickets, *second.tickets)]
        assert shown == keys[::-1]

    def test_what_is_recorded_verifies(self, desk: FrontDoor) -> None:
        """Whoever says commands, the histories are whole."""
        _opened(desk)

        assert desk.ask(VerifyAudit(actor="ana")).ok

    def test_a_command_said_again_happens_once(self, desk: FrontDoor) -> None:
        """By its id: the same receipt, marked as repeated, and one ticket."""
        command = OpenTicket(actor="ana", workflow="matter", fields={}, command_id="once-1")

        first, again = desk.execute(command), desk.execute(command)

        assert (first.ticket, again.ticket) == (first.ticket, first.ticket)
        assert (first.repeated, again.repeated) == (False, True)
        assert len(desk.ask(GetHistory(actor="ana", ticket=first.ticket))) == 1

    def test_an_id_that_was_used_for_something_else_is_refused(self, desk: FrontDoor) -> None:
        """It cannot be told which of the two was meant."""
        key = _opened(desk, command_id="once-2").ticket

        with pytest.raises(CommandReused) as refusal:
            desk.execute(AddComment(actor="ana", ticket=key, text="x", command_id="once-2"))

        assert refusal.value.command_id == "once-2"

    def test_whoever_is_second_at_a_version_is_told_what_was_first(
        self, desk: FrontDoor
    ) -> None:
        """Nobody overwrites what they have not seen."""
        key = _opened(desk).ticket
        version = desk.ask(GetTicket(actor="ana", ticket=key)).version
        first, second = (
            EditFields(actor="ana", ticket=key, fields={"subject": one}, version=version)
            for one in ("first", "second")
        )
        desk.execute(first)

        with pytest.raises(Conflict) as refusal:
            desk.execute(second)

        told = refusal.value
        assert (told.ticket, told.expected, told.actual) == (key, version, version + 1)

    def test_a_refusal_says_the_same_in_every_language(self, desk: FrontDoor) -> None:
        """Its code, its fields and its sentences are those of the desk."""
        key = _opened(desk).ticket
        desk.execute(FireTransition(actor="ana", ticket=key, transition="finish"))

        refused = _refusal(desk, FireTransition(actor="ana", ticket=key, transition="finish"))
        unknown = _refusal(desk, AddComment(actor="ana", ticket="MAT-2026-999999", text="x"))

        assert isinstance(refused, TransitionRefused)
        assert isinstance(unknown, NotFound)
        for found in (refused, unknown):
            said = [Texts(lang).error(found) for lang in ("en", "zh")]
            assert all(said), said
            assert said[0] != said[1]

    def test_nobody_speaks_for_anybody_else(self, desk: FrontDoor) -> None:
        """Who acts is who came through the door, whatever a command says."""
        with pytest.raises(NotAllowed):
            desk.execute(OpenTicket(actor="ben", workflow="matter", fields={}))
        with pytest.raises(NotAllowed):
            desk.ask(ListTickets(actor="ben"))

    def test_what_a_role_does_not_permit_is_refused(self, door: FrontDoor) -> None:
        """Rita reads, and nothing else."""
        with door.through(Door(actor="rita")):
            assert door.ask(ListTickets(actor="rita")).tickets
            with pytest.raises(NotAllowed):
                door.execute(OpenTicket(actor="rita", workflow="matter", fields={}))

    def test_personal_values_are_masked_on_their_way_out(self, desk: FrontDoor) -> None:
        """Nobody is shown one without asking for it."""
        key = _opened(desk, caller="Wang Xiaoming").ticket

        assert "Xiaoming" not in repr(desk.ask(GetTicket(actor="ana", ticket=key)))

    def test_a_purpose_in_any_script_comes_with_the_door(self, door: FrontDoor) -> None:
        """Where a query names none itself."""
        with door.through(Door(actor="ana", purpose="回访 100% \u00e9")):
            door.execute(SaveCustomer(actor="ana", id="C1", name="王小明", phone="13900000001"))
            assert door.ask(FindCustomers(actor="ana", sought="13900000001")).customers

    # --- together ----------------------------------------------------------------------------

    def test_commands_said_together_are_carried_out_together(self, desk: FrontDoor) -> None:
        """Each has its receipt, in order."""
        names = ("t1", "t2")

        outcomes = desk.together([_hiring(name) for name in names])

        assert all(isinstance(one, Receipt) for one in outcomes)
        assert set(names) <= _staff(desk)

    def test_where_one_is_refused_none_is_carried_out_and_all_refusals_are_told(
        self, desk: FrontDoor
    ) -> None:
        """The good ones are undone with the bad ones."""
        bad = SavePerson(actor="ana", name="t4", phone="no number")

        outcomes = desk.together([_hiring("t3"), bad, bad])

        assert [isinstance(one, CommandRefused) for one in outcomes] == [False, True, True]
        assert not {"t3", "t4"} & _staff(desk)

    def test_a_trial_leaves_nothing(self, desk: FrontDoor) -> None:
        """It says only what would come of it."""
        (outcome,) = desk.together([_hiring("t5")], trial=True)

        assert isinstance(outcome, Receipt)
        assert "t5" not in _staff(desk)

    def test_what_may_not_be_done_is_not_done_together_either(self, door: FrontDoor) -> None:
        """It is raised, and nothing is left."""
        with door.through(Door(actor="rita")), pytest.raises(NotAllowed):
            door.together([SavePerson(actor="rita", name="t6", roles=())])

    # --- files -------------------------------------------------------------------------------

    def test_a_file_comes_back_as_it_was_attached(self, desk: FrontDoor) -> None:
        """Whatever is in it, and whatever it is called."""
        key, content = _opened(desk).ticket, bytes(range(256)) * 4000
        attaching = _attaching(key, content)

        digest = desk.keep(content, asked=attaching)
        desk.execute(attaching)

        found = desk.ask(GetFile(actor="ana", ticket=key, number=1))
        assert (digest, found.filename) == (attaching.digest, "合同 1.pdf")
        assert found.content == content

    def test_no_file_is_kept_for_who_may_not_attach_it(self, door: FrontDoor) -> None:
        """Nor can one that is not there be had."""
        with door.through(Door(actor="ana")):
            key = _opened(door).ticket
            with pytest.raises(NotFound):
                door.ask(GetFile(actor="ana", ticket=key, number=1))
        asked = AttachFile(actor="rita", ticket=key, digest="", filename="x", size=1)
        with door.through(Door(actor="rita")), pytest.raises(NotAllowed):
            door.keep(b"x", asked=asked)

    # --- the way in --------------------------------------------------------------------------

    def test_a_session_begins_with_a_password_and_a_code_and_ends(
        self, door: FrontDoor, clock: SetClock
    ) -> None:
        """The workspace asks for a second factor, and ana has none yet."""
        secret, entrance = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", door.entrance
        with pytest.raises(SignInRefused):
            entrance.sign_in("ana", "wrong")
        with pytest.raises(SecondFactorNeeded) as needed:
            entrance.sign_in("ana", PASSWORD)

        found = entrance.sign_in("ana", PASSWORD, code=_code(secret, clock), new_factor=secret)

        assert (needed.value.enrolled, found.person.name) == (False, "ana")
        came = entrance.session(found.token)
        assert (came.actor, came.until) == ("ana", found.until)
        with door.through(came):
            assert door.ask(WhoAmI(actor="ana")).person.name == "ana"
        assert [entrance.sign_out(found.token), entrance.sign_out(found.token)] == [True, False]
        with pytest.raises(NotSignedIn):
            entrance.session(found.token)

    def test_a_token_may_do_what_it_names_and_nothing_else(
        self, door: FrontDoor, clock: SetClock
    ) -> None:
        """Its owner may do more."""
        made = new_token()
        with door.through(Door(actor="ana")):
            _made_token(door, made, clock)

        came = door.entrance.token(made)

        assert (came.actor, came.only) == ("ana", ("ticket.read",))
        with door.through(came):
            door.ask(ListTickets(actor="ana"))
            with pytest.raises(NotAllowed):
                _opened(door)
        with pytest.raises(NotSignedIn):
            door.entrance.token(new_token())

    def test_a_new_password_is_worked_out_and_a_weak_one_refused(self, desk: FrontDoor) -> None:
        """What comes of it is what `SetPassword` takes."""
        verifier = desk.entrance.verifier("ben", "another long password")

        assert passwords.fits(verifier, "another long password")
        desk.execute(SetPassword(actor="ana", name="ben", verifier=verifier))
        with pytest.raises(CommandRefused):
            desk.entrance.verifier("ben", "short")
        assert desk.entrance.awaits_first_password() is False


def furnished(folder: Path, clock: SetClock) -> Config:
    """Return the settings of a workspace for the contract, made in a folder, whose desk is closed again."""
    desk = plugin_desk(
        folder,
        plugins=[],
        files={
            "roles.yaml": _ROLES,
            "forms/matter.yaml": _FORM,
            "workflows/matter.yaml": _MATTER,
        },
        settings='[access]\nsign_in = "trusted"\nsecond_factor = true\n',
        clock=clock,
    )
    with desk:
        desk.execute_as_system(SavePerson(actor="system", name="rita", roles=("reader",)))
        verifier = passwords.hashed(PASSWORD)
        desk.execute_as_system(SetPassword(actor="system", name="ana", verifier=verifier))
        return desk._config


def _opened(desk: FrontDoor, command_id: str | None = None, **fields: Any) -> Receipt:
    named: dict[str, Any] = {"command_id": command_id} if command_id else {}
    return desk.execute(OpenTicket(actor="ana", workflow="matter", fields=fields, **named))


def _refusal(desk: FrontDoor, command: Command) -> CasewrightError:
    with pytest.raises(CasewrightError) as refusal:
        desk.execute(command)
    return refusal.value


def _hiring(name: str) -> SavePerson:
    return SavePerson(actor="ana", name=name, roles=("agent",))


def _staff(desk: FrontDoor) -> set[str]:
    return {one.name for one in desk.ask(ListPeople(actor="ana"))}


def _attaching(ticket: str, content: bytes) -> AttachFile:
    return AttachFile(
        actor="ana",
        ticket=ticket,
        digest=hashlib.sha256(content).hexdigest(),
        filename="合同 1.pdf",
        size=len(content),
    )


def _made_token(desk: FrontDoor, token: str, clock: SetClock) -> None:
    making = MakeToken(
        actor="ana",
        name="ana",
        label="x",
        digest=digest_of(token),
        only=("ticket.read",),
        expires_at=clock.now().replace(year=clock.now().year + 1),
    )
    desk.execute(making)


def _code(secret: str, clock: SetClock) -> str:
    import pyotp

    return str(pyotp.TOTP(secret).at(clock.now()))
