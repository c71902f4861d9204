"""What notices are about, in words: the occasions that are no transition of a workflow."""

from casewright.texts import text

REASONS = {
    "TicketOpened": text("opened"),
    "TicketReopened": text("reopened"),
    "TicketEdited": text("fields changed"),
    "TicketWithdrawn": text("withdrawn"),
    "TicketMerged": text("merged"),
    "VoteCast": text("a vote"),
    "TimerFired": text("by the clock"),
    "assigned": text("assigned"),
    "watched": text("watched ticket"),
    "query": text("the customer asked"),
    "supplement": text("the customer added something"),
    "chase": text("the customer chases"),
    "escalated": text("escalated"),
    "warning": text("warning"),
    "breach": text("due"),
    "after_breach": text("overdue"),
    "next_level": text("escalated to the next level"),
    "not_taken": text("nobody took it"),
    "notice_refused": text("refused by its recipient"),
    "nobody_to_tell": text("nobody else could be told"),
    "undeliverable": text("a notice that reached nobody"),
    "timed_transition_refused": text("the clock could not take a transition"),
    "ladder_refused": text("a ladder could not act"),
    "follow_up": text("follow-up"),
    "customer_answered": text("answer to the customer"),
    "supervised": text("supervision order"),
    "supervision_due": text("supervision order due"),
    "supervision_answered": text("supervision order answered"),
    "extension_asked": text("extension asked for"),
    "extension_decided": text("extension decided"),
}
"""What notices are about, unless they follow from a transition of the workflow."""
