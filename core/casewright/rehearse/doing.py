"""From a step of a scenario to the command it stands for, carried out; what is refused is remembered with its place."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from casewright import commands
from casewright.commands import Command
from casewright.delivery.channel import ReplySeen
from casewright.desk.working.back_door import Working
from casewright.errors import CasewrightError, CommandRefused, Message, NotFound, message
from casewright.model import Person
from casewright.nearest import hint
from casewright.queries import ListNotices
from casewright.rehearse.play import Play, refusal_at, save_customer
from casewright.rehearse.report import Refusal
from casewright.rehearse.scenario import Scenario, Step, When

_OVER = ("taken", "refused", "cancelled")


def perform(play: Play, working: Working, scenario: Scenario) -> None:
    """Do what the scenario says, each step at its moment."""
    if scenario.customer is not None:
        save_customer(play, scenario.customer)
    for step in scenario.steps:
        now = play.simulation.now
        moment = play.moment(step.when, now)
        if moment < now:
            reason = message(
                "this lies before the step before it, which was at {now}", now=play.shown(now)
            )
            raise refusal_at(step.place, CommandRefused(reason=reason))
        play.simulation.pass_until(moment)
        _must_be_staff(play, step)
        try:
            _do(play, working, scenario, step)
        except CasewrightError as error:
            _remember(play, step, error)
            if not play.first:
                return  # without a ticket there is nothing to go on with
            continue
        if step.refused:
            _remember(play, step, None)


def _do(play: Play, working: Working, scenario: Scenario, step: Step) -> None:
    if step.do == "reply":
        _reply(play, working, step)
        return
    receipt = play.execute(_COMMANDS[step.do](play, step, _Words(play, step, scenario)))
    if step.do == "open":
        play.first = play.first or receipt.ticket
        play.named[step.words.get("name", receipt.ticket)] = receipt.ticket


def _remember(play: Play, step: Step, error: CasewrightError | None) -> None:
    """Note a refusal; None is that one was to come and did not."""
    said = error or CommandRefused(reason=_NOT_REFUSED)
    refusal = Refusal(
        at=play.simulation.now,
        actor=step.actor,
        ticket="" if step.do == "open" else play.first,
        do=step.do,
        error=said,
        place=step.place,
        expected=step.refused and error is not None,
    )
    play.refused.append(refusal)


_NOT_REFUSED = message("it was to be refused, and was not")


def _must_be_staff(play: Play, step: Step) -> Person:
    person = play.stage.people.get(step.actor)
    if person is None:
        known = hint(step.actor, play.stage.people)
        error = NotFound(kind=message("person"), name=step.actor[:80], hint=known)
        raise refusal_at(step.place, error)
    return person


class _Words:
    """The words of a step, with what they stand for at its moment."""

    def __init__(self, play: Play, step: Step, scenario: Scenario) -> None:
        self._play, self._step, self.scenario = play, step, scenario

    def __call__(self, *names: str) -> dict[str, Any]:
        """Return the words of these names that were said."""
        words = self._step.words
        return {name: words[name] for name in names if name in words}

    def moment(self, name: str) -> datetime | None:
        """Return the moment that a word means, or None when it was not said."""
        when: When | None = self._step.words.get(name)
        return None if when is None else self._play.moment(when, self._play.simulation.now)

    @property
    def about(self) -> dict[str, Any]:
        """Who acts, and on which ticket."""
        return {"actor": self._step.actor, "ticket": self._play.key(self._step.ticket)}

    def notice(self) -> dict[str, Any]:
        """Who acts, and on which of their notices: the newest that nobody has taken or refused."""
        number, ticket = _newest_notice(self._play, self._step)
        return {"actor": self._step.actor, "ticket": ticket, "notice": number}


def _newest_notice(play: Play, step: Step) -> tuple[int, str]:
    query = ListNotices(actor=step.actor, mine=True, limit=200)
    via = step.words.get("via", "sms" if step.do == "reply" else None)
    wanted = play.key(step.ticket) if step.ticket else None
    for one in play.stage.desk.ask(query).notices:
        if one.state not in _OVER and via in (None, one.via) and wanted in (None, one.ticket):
            return one.number, one.ticket
    raise CommandRefused(reason=_no_notice(step.actor))


def _no_notice(person: str) -> Message:
    return message("{person} has no notice that is still open", person=person)


def _open(play: Play, step: Step, words: _Words) -> Command:
    customer = words.scenario.customer
    said = words("fields", "channel", "reason")
    said["customer"] = step.words.get("customer", customer.id if customer else None)
    workflow = step.words.get("workflow", play.stage.workflow.name)
    return commands.OpenTicket(actor=step.actor, workflow=workflow, **said)


def _fire(play: Play, step: Step, words: _Words) -> Command:
    form = step.words.get("fields", {})
    return commands.FireTransition(**words.about, form=form, **words("transition", "reason"))


def _assign(play: Play, step: Step, words: _Words) -> Command:
    handler = step.words.get("to")
    return commands.AssignTicket(**words.about, handler=handler, **words("reason"))


def _extend(play: Play, step: Step, words: _Words) -> Command:
    by = step.words.get("by")
    return commands.AskExtension(
        **words.about,
        by=str(by) if by is not None else "",
        until=words.moment("until"),
        **words("promise", "reason"),
    )


def _remind(play: Play, step: Step, words: _Words) -> Command:
    at = words.moment("on") or play.simulation.now
    return commands.RemindMe(**words.about, at=at, **words("text"))


def _absent(play: Play, step: Step, words: _Words) -> Command:
    end = words.moment("until")
    return commands.SetAbsence(actor=step.actor, name=step.actor, end=end, **words("deputy"))


def _reply(play: Play, working: Working, step: Step) -> None:
    """Send a message back as a phone would; `{notice}` in it is the number of the newest one."""
    number, _ = _newest_notice(play, step)
    text = step.words["text"].replace("{notice}", str(number))
    via = step.words.get("via", "sms")
    sender = play.stage.people[step.actor].phone
    done = working.reply(ReplySeen(channel=via, sender=sender, text=text))
    play.simulation.settle()
    if done.outcome != "done":
        reason = message("the reply did nothing ({outcome})", outcome=done.outcome)
        raise CommandRefused(reason=reason)


_COMMANDS: Mapping[str, Callable[[Play, Step, _Words], Command]] = {
    "open": _open,
    "fire": _fire,
    "vote": lambda play, step, words: commands.CastVote(
        **words.about, **words("grant", "reason")
    ),
    "assign": _assign,
    "edit": lambda play, step, words: commands.EditFields(**words.about, **words("fields")),
    "comment": lambda play, step, words: commands.AddComment(**words.about, **words("text")),
    "contact": lambda play, step, words: commands.RecordContact(
        **words.about, **words("kind", "text", "channel", "reached")
    ),
    "escalate": lambda play, step, words: commands.EscalateLevel(
        **words.about, **words("reason")
    ),
    "supervise": lambda play, step, words: commands.SuperviseTicket(
        **words.about, answer_due=words.moment("due"), **words("reason")
    ),
    "answer": lambda play, step, words: commands.AnswerSupervision(
        **words.about, **words("text")
    ),
    "remind": _remind,
    "extend": _extend,
    "decide": lambda play, step, words: commands.DecideExtension(
        **words.about, **words("promise", "grant", "reason")
    ),
    "take": lambda play, step, words: commands.TakeNotice(
        **words.notice(), until=words.moment("until")
    ),
    "refuse": lambda play, step, words: commands.RefuseNotice(
        **words.notice(), **words("reason")
    ),
    "absent": _absent,
    "back": lambda play, step, words: commands.EndAbsence(actor=step.actor, name=step.actor),
    "withdraw": lambda play, step, words: commands.WithdrawTicket(
        **words.about, **words("reason", "identity_checked")
    ),
    "reopen": lambda play, step, words: commands.ReopenTicket(
        **words.about, **words("reason", "fields")
    ),
}
