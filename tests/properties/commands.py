"""Random commands of every kind, by random people, about whatever tickets there are."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from casewright import commands as asked
from casewright.commands import CONTACT_KINDS, Command
from casewright.effects import Notify
from casewright.engine.offers import APPROVE, REFUSE
from casewright.engine.supervising import NAME as SUPERVISION
from casewright.errors import CasewrightError
from casewright.model import INTAKE, SYSTEM, Ticket
from casewright.queries import GetActions
from casewright.timekeeping import timers_of
from casewright.workflows.bundle import bundle

from .expressions import Choices
from .rehearsal import Rehearsal
from .surroundings import ACTORS, PEOPLE, VALUES, WRONG_VALUES, bilingual

REASONS = ("because", "客户要求", "because", "", " ")
BUSY = tuple(name for name in ACTORS if name != "dora") * 2
VOTES = (APPROVE, REFUSE)
PHONE = "+8613900000001"
FEWEST_OPEN, MOST_TICKETS = 2, 20


class Commander:
    """Makes commands that have a fair chance, and some that have none; `choose` is set anew for every turn."""

    choose: Choices

    def __init__(self, rehearsal: Rehearsal) -> None:
        self._rehearsal = rehearsal
        self._count = 0

    def next(self) -> Command:
        """Return a command with an id of its own."""
        known = self._rehearsal.tickets.values()
        if self._rehearsal.last_fired is not None and self.choose.flip(0.4):
            return self._undo()
        if sum(one.open for one in known) < FEWEST_OPEN and self.choose.flip(0.7):
            return self._open()
        opening = [self._open] * 2 if len(known) < MOST_TICKETS else []
        voting = [self._vote] * (8 if any(one.ballot.step for one in known) else 1)
        reopening = [self._reopen] * (
            4 if any(one.parent and not one.open for one in known) else 2
        )
        return self.choose.one(
            [
                *opening,
                *[self._fire] * 10,
                *voting,
                *reopening,
                *[self._tick] * 8,
                *self._timely,
                *self._sides,
            ]
        )()

    @property
    def _timely(self) -> list[Callable[[], Command]]:
        """What can only be done while something waits for it: then it is done often."""
        clocks = [
            clock for one in self._rehearsal.tickets.values() for clock in one.clocks.values()
        ]
        found: list[Callable[[], Command]] = [self._decide, self._answer]
        found += [self._decide] * (30 if any(one.request for one in clocks) else 0)
        ordered = any(one.open and one.promise == SUPERVISION for one in clocks)
        found += [self._answer] * (8 if ordered else 0)
        extendable = any(self._extendable(one) for one in self._rehearsal.tickets.values())
        return found + [self._extend] * (14 if extendable else 2)

    @property
    def _sides(self) -> list[Callable[[], Command]]:
        return [
            self._assign, self._assign, self._edit, self._edit, self._comment, self._attach, self._watch, self._contact,
            self._contact, self._link, self._merge, self._withdraw, self._escalate, self._escalate,
            self._supervise, self._remind, self._hand_over, self._save_person, self._save_customer, self._publish,
            self._merge_customers, self._log_contact,
            self._undo, self._take, self._refuse, self._fail, *[self._note] * 4, *[self._reply] * 12, self._hear,
        ]  # fmt: skip

    # --- opening and moving -----------------------------------------------------------------------

    def _open(self) -> Command:
        choose, workspace = self.choose, self._rehearsal.workspace
        name = choose.one([*workspace.workflows, "matter"])
        late = self._rehearsal.clock.now() - timedelta(hours=choose.number(-1, 30))
        return asked.OpenTicket(
            **self._signed(),
            workflow=name,
            fields=self._filled(workspace.workflows[name].get("form")),
            customer=choose.one([None, "c1", "c2"]),
            channel=choose.one(["", "call"]),
            received_at=choose.one([None, None, late]),
            owner=choose.one([*[None] * 8, *PEOPLE]),
            reason=choose.one(REASONS),
        )

    def _fire(self) -> Command:
        choose, rehearsal = self.choose, self._rehearsal
        key, signed, names = self._some_key(), self._signed(), []
        for actor in (SYSTEM,) if choose.flip(0.15) else (signed["actor"], *BUSY[:4]):
            signed["actor"] = actor
            names = self._offered(actor, key)
            if names:
                break
        way = choose.one(names or rehearsal.transitions)
        ticket = rehearsal.tickets.get(key)
        form = rehearsal.form_of(ticket, way) if ticket else None
        return asked.FireTransition(
            **signed,
            ticket=key,
            transition=way,
            form=self._filled(form),
            reason=choose.one(REASONS),
            version=self._version(key),
        )

    def _offered(self, actor: str, key: str) -> list[str]:
        """Return the transitions that nothing stands against for this person; now and then those it does."""
        try:
            offers = self._rehearsal.desk.ask(GetActions(actor=actor, ticket=key))
        except CasewrightError:
            return []
        blocked = [one.name for one in offers if one.blocked]
        self._rehearsal.note_blocked(actor, key, blocked)
        free = [one.name for one in offers if not one.blocked and one.title not in VOTES]
        return blocked if self.choose.flip(0.1) else free

    def _vote(self) -> Command:
        waiting = [
            ticket.key for ticket in self._rehearsal.tickets.values() if ticket.ballot.step
        ]
        key = self.choose.one(waiting) if waiting else self._some_key()
        return asked.CastVote(
            **self._signed(),
            ticket=key,
            grant=self.choose.flip(0.7),
            reason=self.choose.one(REASONS),
            version=self._version(key),
        )

    # --- side commands ----------------------------------------------------------------------------

    def _assign(self) -> Command:
        key = self._some_key()
        handler = self.choose.one([None, *PEOPLE, "nobody_known"])
        return asked.AssignTicket(
            **self._about(key),
            handler=handler,
            reason=self.choose.one(REASONS),
            version=self._version(key),
        )

    def _edit(self) -> Command:
        key = self._some_key()
        ticket = self._rehearsal.tickets.get(key)
        form = (
            self._rehearsal.workspace.workflows[ticket.workflow].get("form") if ticket else None
        )
        fields = self._filled(form)
        if fields and self.choose.flip(0.3):
            fields[self.choose.one(list(fields))] = None
        return asked.EditFields(**self._about(key), fields=fields, version=self._version(key))

    def _comment(self) -> Command:
        text = self.choose.one(["hello", "", "客户来电", "half \ud83d", "null \0"])
        return asked.AddComment(**self._about(), text=text, internal=self.choose.flip())

    def _attach(self) -> Command:
        content = self.choose.one([b"a", b"b"])
        digest = self._rehearsal.desk.keep(content) if self.choose.flip(0.8) else "0" * 64
        return asked.AttachFile(
            **self._about(), digest=digest, filename="文件.txt", size=len(content)
        )

    def _watch(self) -> Command:
        return asked.WatchTicket(**self._about(), watching=self.choose.flip(0.7))

    def _contact(self) -> Command:
        choose = self.choose
        kind = choose.one([*CONTACT_KINDS, "attempt", "attempt", "visit"])
        return asked.RecordContact(
            **self._about(), kind=kind, text=choose.one(["", "问进度"]), channel=choose.one(["call", "sms"]),
            reached=choose.flip(), identity_checked=choose.flip(0.7),
        )  # fmt: skip

    def _reply(self) -> Command:
        """Write to whoever the ticket is for, mostly where there is somebody with a number."""
        known = [one.key for one in self._rehearsal.tickets.values() if one.customer]
        key = self.choose.one(known) if known and self.choose.flip(0.9) else None
        text = self.choose.one(["Done.", "已办结", "已办结", " "])
        via = self.choose.one(["", "sms", "nowhere"])
        return asked.ReplyToCustomer(**self._about(key), text=text, via=via)

    def _hear(self) -> Command:
        """Let something come in about a ticket, such as an automatic reply."""
        return asked.NoteArrival(
            **self._signed(INTAKE),
            ticket=self._some_key(),
            arrival=self.choose.number(1, 99),
            channel=self.choose.one(["mail", "mail", "No word"]),
            text=self.choose.one(["", "不在办公室"]),
            tell=self.choose.flip(),
        )

    def _link(self) -> Command:
        return asked.LinkTickets(
            **self._about(), other=self._some_key(), role=self.choose.one(["related", "cause"])
        )

    def _merge(self) -> Command:
        parents = [one.key for one in self._rehearsal.tickets.values() if one.children_open]
        key = self.choose.one(parents) if parents and self.choose.flip() else self._some_key()
        alike = [one for one in self._rehearsal.tickets if one[:3] == key[:3] and one != key]
        into = self.choose.one(alike) if alike and self.choose.flip(0.8) else self._some_key()
        return asked.MergeTickets(
            **self._about(key), into=into, reason=self.choose.one(REASONS)
        )

    def _withdraw(self) -> Command:
        checked = self.choose.flip(0.7)
        return asked.WithdrawTicket(
            **self._about(), reason=self.choose.one(REASONS), identity_checked=checked
        )

    def _reopen(self) -> Command:
        closed = [ticket for ticket in self._rehearsal.tickets.values() if not ticket.open]
        if self.choose.flip():
            closed = [ticket for ticket in closed if ticket.parent] or closed
        ticket = self.choose.one(closed) if closed else None
        form = (
            self._rehearsal.workspace.workflows[ticket.workflow].get("form") if ticket else None
        )
        fields = self._filled(form) if self.choose.flip(0.3) else {}
        key = ticket.key if ticket else self._some_key()
        return asked.ReopenTicket(
            **self._about(key), reason=self.choose.one(REASONS), fields=fields
        )

    def _undo(self) -> Command:
        last = self._rehearsal.last_fired
        if last is None or self.choose.flip(0.1):
            return asked.UndoTransition(**self._about(), undone="nothing")
        actor = self.choose.one([last.actor] * 9 + list(PEOPLE))
        signed = {**self._signed(), "actor": actor}
        return asked.UndoTransition(**signed, ticket=last.ticket, undone=last.command_id)

    def _escalate(self) -> Command:
        return asked.EscalateLevel(**self._about(), reason=self.choose.one(REASONS))

    def _supervise(self) -> Command:
        due = self.choose.one([None, self._soon()])
        return asked.SuperviseTicket(
            **self._about(), reason=self.choose.one(REASONS), answer_due=due
        )

    def _remind(self) -> Command:
        return asked.RemindMe(**self._about(), at=self._soon(), text="call back")

    def _soon(self) -> Any:
        return self._rehearsal.clock.now() + timedelta(hours=self.choose.number(-1, 48))

    def _hand_over(self) -> Command:
        handlers = [
            ticket.handler
            for ticket in self._rehearsal.tickets.values()
            if ticket.handler and ticket.open
        ]
        handler = self.choose.one(handlers or list(ACTORS))
        return asked.HandOver(
            **self._signed(),
            handler=handler,
            to=self.choose.one([*PEOPLE, handler, "somebody_gone", "nobody_yet"]),
        )

    # --- time and notices --------------------------------------------------------------------------

    def _tick(self) -> Command:
        """What a worker says of the timer that is next, and now and then of one that it only remembers."""
        rehearsal, choose = self._rehearsal, self.choose
        waiting = sorted(
            (due, key, name)
            for key, one in rehearsal.tickets.items()
            for name, due in timers_of(one.clocks, one.alarms, one.follow_ups).items()
        )
        now = rehearsal.clock.now()
        due, key, name = waiting[0] if waiting else (now, self._some_key(), "promise:none")
        rehearsal.clock.set(max(now, due))
        if choose.flip(0.1):
            due -= timedelta(minutes=choose.number(1, 60))
        return asked.TimerFired(**self._signed(SYSTEM), ticket=key, name=name, due_at=due)

    def _answer(self) -> Command:
        ordered = [
            one.key
            for one in self._rehearsal.tickets.values()
            if (clock := one.clocks.get(SUPERVISION)) is not None and clock.open
        ]
        key = self.choose.one(ordered) if ordered else None
        text = self.choose.one(["done", "已处理", ""])
        return asked.AnswerSupervision(**self._spoken_for(key), text=text)

    def _extend(self) -> Command:
        choose = self.choose
        found = [
            (one.key, name)
            for one in self._rehearsal.tickets.values()
            for name in self._extendable(one)
        ]
        key, promise = choose.one(found) if found else (None, "answer_due")
        until = self._rehearsal.clock.now() + timedelta(days=30)
        more = choose.one([{"by": "2 days"}, {"by": "soon"}, {"until": until}])
        reason = choose.one(REASONS)
        about = self._spoken_for(key)
        return asked.AskExtension(**about, promise=promise, reason=reason, **more)

    def _extendable(self, ticket: Ticket) -> list[str]:
        """Return the promises of a ticket that more time may be asked for now."""
        written = self._rehearsal.workspace.workflows[ticket.workflow].get("promises", {})
        return [
            name
            for name, clock in ticket.clocks.items()
            if clock.state == "running" and not clock.request
            if "extend" in written.get(name, {})
        ]

    def _decide(self) -> Command:
        choose = self.choose
        found = [
            (one.key, name)
            for one in self._rehearsal.tickets.values()
            for name, clock in one.clocks.items()
            if clock.request
        ]
        key, promise = choose.one(found) if found else (None, "answer_due")
        reason, grant = choose.one(REASONS), choose.flip(0.7)
        return asked.DecideExtension(
            **self._about(key), promise=promise, grant=grant, reason=reason
        )

    def _take(self) -> Command:
        number, key, signed = self._noticed()
        until = self.choose.one([None, None, self._soon()])
        return asked.TakeNotice(**signed, ticket=key, notice=number, until=until)

    def _refuse(self) -> Command:
        number, key, signed = self._noticed()
        reason = self.choose.one(REASONS)
        return asked.RefuseNotice(**signed, ticket=key, notice=number, reason=reason)

    def _fail(self) -> Command:
        number, key, _ = self._noticed()
        return asked.NoticeFailed(**self._signed(SYSTEM), ticket=key, notice=number)

    def _note(self) -> Command:
        """Let a plugin note something, and tell somebody of it."""
        key = "MAT-2026-999999" if self.choose.flip(0.4) else self._some_key()
        count = self.choose.number(0, 9)
        told = Notify(ticket=key, to=self.choose.one(ACTORS), via="notice", reason="seen")
        return asked.NoteTicket(
            **self._signed(SYSTEM),
            ticket=key,
            plugin="probe",
            note="seen",
            facts={"count": count} if count else {},
            answer=self.choose.one([{}, {"seen": "yes"}]),
            notices=(told,) if self.choose.flip(0.5) else (),
        )

    def _noticed(self) -> tuple[int, str, dict[str, Any]]:
        """Return a notice, its ticket, and mostly the person it went to."""
        found = self._rehearsal.notices()
        if not found or self.choose.flip(0.1):
            return 999_999, self._some_key(), self._signed()
        number, key, recipient = self.choose.one(found)
        known = recipient in PEOPLE and self.choose.flip(0.9)
        return number, key, self._signed(recipient if known else "")

    # --- the surroundings -------------------------------------------------------------------------

    def _save_person(self) -> Command:
        name = self.choose.one([one for one in ACTORS if one != "chief"])
        person = {**PEOPLE[name], "active": self.choose.flip(0.7)}
        return asked.SavePerson(**self._signed("chief"), name=name, **person)

    def _save_customer(self) -> Command:
        tier, id = self.choose.one(["", "vip"]), self.choose.one(["c1", "c1", "c2", "c3"])
        return asked.SaveCustomer(
            **self._signed("chief"), id=id, name="王女士", tier=tier, language="zh", phone=PHONE
        )

    def _merge_customers(self) -> Command:
        customer, into = (self.choose.one(["c1", "c2", "c3"]) for _ in range(2))
        reason = self.choose.one(REASONS)
        return asked.MergeCustomers(
            **self._signed("chief"), customer=customer, into=into, reason=reason
        )

    def _log_contact(self) -> Command:
        return asked.LogContact(
            **self._signed("chief"),
            customer=self.choose.one(["c1", "c2", "c3"]),
            channel=self.choose.one(["call", "chat", "No word"]),
            tickets=(self._some_key(),) if self.choose.flip(0.5) else (),
            resolved=self.choose.one(["yes", "no", "unknown"]),
            summary=self.choose.one(REASONS),
        )

    def _publish(self) -> Command:
        workspace = self._rehearsal.workspace
        name = self.choose.one(list(workspace.workflows))
        renamed = {
            **workspace.workflows[name],
            "description": bilingual(f"version {self.choose.number(1, 9)}"),
        }
        made = bundle(json.loads(json.dumps(renamed)), workspace.forms)
        return asked.ProposePublication(**self._signed("chief"), workflows=(made.content,))

    # --- parts of commands ------------------------------------------------------------------------

    def _signed(self, actor: str = "") -> dict[str, Any]:
        self._count += 1
        return {
            "actor": actor or self.choose.one((*BUSY, *ACTORS)),
            "command_id": f"c{self._count}",
        }

    def _spoken_for(self, key: str | None) -> dict[str, Any]:
        """Return what a command about a ticket says, mostly by somebody who may speak for it."""
        about = self._about(key)
        ticket = self._rehearsal.tickets.get(about["ticket"])
        if ticket is not None and self.choose.flip(0.8):
            about["actor"] = ticket.handler or ticket.owner
        return about

    def _about(self, key: str | None = None) -> dict[str, Any]:
        return {**self._signed(), "ticket": key or self._some_key()}

    def _some_key(self) -> str:
        known = list(self._rehearsal.tickets.values())
        if not known or self.choose.flip(0.03):
            return "MAT-2026-999999"
        if self.choose.flip(0.85):
            known = [one for one in known if one.open] or known
        if self.choose.flip():
            known = [one for one in known if one.parent or one.children_count] or known
        return self.choose.one(known).key

    def _version(self, key: str) -> int | None:
        ticket = self._rehearsal.tickets.get(key)
        return (
            self.choose.one([*[None] * 6, ticket.version - 1, *[ticket.version] * 4])
            if ticket
            else None
        )

    def _filled(self, form: str | None) -> dict[str, Any]:
        """Return what a person enters: what is asked for mostly, and nonsense now and then."""
        data = self._rehearsal.workspace.forms.get(form or "", {})
        names = list(data.get("properties", ()))
        wanted = [*data.get("required", ()), *self.choose.some(names, most=4)]
        fields = {name: self.choose.one(VALUES[name]) for name in wanted}
        if self.choose.flip(0.08):
            fields[self.choose.one([*names, "unheard_of"])] = self.choose.one(WRONG_VALUES)
        return fields
