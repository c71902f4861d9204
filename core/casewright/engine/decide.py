"""From a command to an outcome: what changed and what should follow."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from casewright import commands
from casewright.engine import (
    avoidance,
    closing,
    extending,
    hearing,
    moving,
    noticing,
    opening,
    plugged,
    recording,
    replying,
    taking_back,
    telling,
    ticking,
    timing,
)
from casewright.engine.draft import Outcome, Work
from casewright.engine.situation import Situation
from casewright.errors import (
    CasewrightError,
    DatabaseBusy,
    DatabaseDamaged,
    DatabaseUnusable,
    NothingChanges,
    PluginFailed,
    PluginMissing,
)

Part = Callable[[Work, Any], None]

_PARTS: Mapping[type[commands.Command], Part] = {
    commands.OpenTicket: opening.open_ticket,
    commands.FireTransition: moving.fire,
    commands.UndoTransition: taking_back.undo,
    commands.CastVote: moving.vote,
    commands.AssignTicket: recording.assign,
    commands.EditFields: recording.edit,
    commands.AddComment: recording.comment,
    commands.AttachFile: recording.attach,
    commands.WatchTicket: recording.watch,
    commands.RecordContact: recording.contact,
    commands.ReplyToCustomer: replying.reply,
    commands.LinkTickets: recording.link,
    commands.MergeTickets: closing.merge,
    commands.WithdrawTicket: closing.withdraw,
    commands.ReopenTicket: closing.reopen,
    commands.EscalateLevel: recording.escalate,
    commands.SuperviseTicket: recording.supervise,
    commands.RemindMe: recording.remind,
    commands.HandOver: recording.hand_over,
    commands.AnswerSupervision: recording.answer_supervision,
    commands.AskExtension: extending.ask,
    commands.DecideExtension: extending.decide,
    commands.TakeNotice: noticing.take,
    commands.RefuseNotice: noticing.refuse,
    commands.NoticeFailed: noticing.fail,
    commands.TimerFired: ticking.fire,
    commands.NoteTicket: plugged.note,
    commands.NoteArrival: hearing.hear,
}

_PAST_MENDING = (
    NothingChanges,
    DatabaseBusy,
    DatabaseUnusable,
    DatabaseDamaged,
    PluginFailed,
    PluginMissing,
)
"""What a timer meets that leaving its actions out does not mend."""


def decide(command: commands.Command, situation: Situation, *, digest: str = "") -> Outcome:
    """Return what `command` comes to in `situation`; a CasewrightError when it is refused.

    Nothing is changed: the outcome says what to store. `digest` identifies the command's content.
    """
    try:
        work = _worked(_PARTS[type(command)], command, situation)
    except CasewrightError as refusal:
        if not isinstance(command, commands.TimerFired) or isinstance(refusal, _PAST_MENDING):
            raise
        part = partial(ticking.fire_refused, refusal=refusal)
        work = _worked(part, command, situation)
    return plugged.followed(work.outcome(command.command_id, digest), situation)


def _worked(part: Part, command: commands.Command, situation: Situation) -> Work:
    work = Work(situation)
    part(work, command)
    if (
        work.taken_back is not None
    ):  # All is as it was: nothing follows, and nothing is worked out again.
        return work
    opening.open_wanted(work)
    avoidance.keep_out(work)
    timing.keep(work)
    telling.tell_watchers(work)
    taking_back.note(work)
    return work


def handles(kind: type[commands.Command]) -> bool:
    """Return whether the engine decides commands of this kind."""
    return kind in _PARTS
