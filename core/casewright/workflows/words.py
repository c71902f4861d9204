"""Every word of the workflow language, as data: the loader, the JSON Schema and the language page all read it here."""

from collections.abc import Mapping
from types import MappingProxyType

from casewright.swift_dataclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """One word: the shapes its value may have (see `SHAPES`), one line for people, and whether it must be there."""

    shapes: tuple[str, ...]
    doc: str
    required: bool = False


SHAPES: Mapping[str, str] = MappingProxyType(
    {
        "text": "text",
        "identifier": "a name in lower case (letters, digits, _)",
        "prefix": "two to five capital letters",
        "bilingual": "{en: ..., zh: ...}",
        "flag": "true or false",
        "count": "a whole number from 1",
        "condition": "an expression that is true or false",
        "number": "an expression that is a whole number",
        "value": "a literal, or `=` and an expression",
        "values": "fields by name, each a literal or `=` and an expression",
        "duration": "a duration such as `30 minutes` or `2 working days`",
        "retention": "days, months or years, such as `90 days` or `3 years`",
        "who": "handler, owner, team_lead, role:x, user:x ... or a list of them",
        "names": "a name or a list of names",
        "table": "a mapping whose names are yours",
        "list": "a list",
        "one of": "one of a few words",
    }
)

PRIORITIES = ("low", "normal", "high", "urgent")
REOPEN_POLICIES = ("continue", "restart", "new ticket")
AGAIN_POLICIES = ("continue", "restart", "stay met")
RECALCULATIONS = ("from_now", "from_start")
WAITING_FOR = ("customer", "department", "partner")
REVIEWS = ("monthly", "quarterly", "half-yearly", "yearly")
CHANNELS = ("notice", "sms", "email", "chat")
"""Channels that every workflow may name; a workspace's `casewright.toml` may make others."""

BUILT_IN_TEMPLATES = (
    "generic",
    "warning",
    "breach",
    "after_breach",
    "next_level",
    "nobody_to_tell",
    "undeliverable",
    "assigned",
    "escalated",
    "watched",
    "children_closed",
    "follow_up",
    "supervised",
    "supervision_answered",
    "extension_asked",
    "extension_decided",
    "notice_refused",
    "ladder_refused",
    "timed_transition_refused",
    "customer",
)
"""Texts of notices that casewright ships; a workspace's `workflows/templates/` may hold others."""

RESERVED_PROMISES = ("supervision", "after", "follow_up")
"""What the product's own clocks are called: no promise may have such a name."""

MOST_TIMES = 100
"""How often a step of a ladder may repeat: one that went on forever would be no escalation."""

RELATIONS = (
    "handler",
    "owner",
    "team_lead",
    "opener",
    "actor",
    "submitter",
    "customer",
    "anyone",
    "timer",
    "level",
)
LINEAGE_RELATIONS = ("lineage.handlers", "lineage.approvers")
PROMISE_EVENTS = ("opened", "closed", "contacted", "answered", "assigned")
BUILT_IN_FINALS = ("withdrawn", "merged")

CHOICES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "priority": PRIORITIES,
        "reopen": REOPEN_POLICIES,
        "again": AGAIN_POLICIES,
        "recalculate": RECALCULATIONS,
        "waiting": WAITING_FOR,
        "review": REVIEWS,
        "count": ("next_day",),
    }
)


def _word(*shapes: str, doc: str, required: bool = False) -> Word:
    return Word(shapes=shapes, doc=doc, required=required)


WORKFLOW = {
    "workflow": _word(
        "identifier", required=True, doc="The workflow's name; the file is called the same."
    ),
    "language": _word("count", doc="The version of this language; 1."),
    "title": _word("bilingual", required=True, doc="What people read."),
    "description": _word("bilingual", doc="One sentence that says what the workflow is for."),
    "prefix": _word(
        "prefix", required=True, doc="Begins the keys of its tickets: CMP-2026-000042."
    ),
    "form": _word(
        "identifier",
        doc="The form filled in when a ticket is opened; its fields can be edited later. No fields if absent.",
    ),
    "calendar": _word(
        "identifier",
        doc="The working calendar on which its promises count; `always` if absent.",
    ),
    "owner": _word(
        "who",
        "value",
        required=True,
        doc="Who answers for the result: the first entry that names an active person who is not excluded. `=lookup(...)` asks a table; a role takes its people in turn.",
    ),
    "process_owner": _word(
        "who", doc="Who maintains the workflow and is told when nobody else can be."
    ),
    "handler": _word(
        "who", "value", doc="Who works a new ticket; nobody until somebody takes it, if absent."
    ),
    "start": _word(
        "identifier",
        "list:Case",
        required=True,
        doc="The state of a new ticket, or cases decided by what it was opened with.",
    ),
    "reopen": _word(
        "one of:reopen",
        "Reopen",
        doc="What becomes of a closed ticket whose matter comes back: `continue` (the same ticket goes on), `restart` (it begins again) or `new ticket` (a new one in the same lineage, round + 1).",
    ),
    "review": _word(
        "one of:review", doc="How often the process owner is reminded to review the workflow."
    ),
    "retention": _word(
        "retention",
        doc="How long after it was closed a ticket keeps personal values and texts; then they are erased, and what was chosen, counted and dated stays. For ever, if absent.",
    ),
    "levels": _word("Levels", doc="The levels a ticket can be escalated through."),
    "exclude": _word(
        "who",
        "value",
        doc="Avoidance: who may neither handle nor approve a ticket. Persons named by `=fields.x` may not even see it.",
    ),
    "only_for": _word(
        "who",
        doc="Roles. Nobody else sees a ticket of this workflow but the parties to it, however far their own roles reach.",
    ),
    "department": _word(
        "text",
        "value",
        doc="Which department a ticket is with: a key of the table `departments`, such as `=fields.department`. Roles that reach as far as their department see it; with none, only by their people who are parties to it.",
    ),
    "queue": _word(
        "text",
        "value",
        doc="The queue that a ticket waits in; whoever serves the queue and has a role that reaches as far as their queues sees it. In none, if absent.",
    ),
    "priority": _word(
        "list:Priority",
        doc="The first rule that holds sets the priority, at opening and at edits; a raise is a floor.",
    ),
    "states": _word(
        "table:State", required=True, doc="The states, in the order a reader should meet them."
    ),
    "shared": _word(
        "table:Transition",
        doc="Transitions that several states offer; each names them in its own `shared`.",
    ),
    "promises": _word(
        "table:Promise",
        doc="Time targets: from one thing until another, within a duration on the calendar.",
    ),
    "ladder": _word(
        "table:Ladder",
        doc="By promise: who is told, and what is done, as its due time nears and passes.",
    ),
}

REOPEN = {
    "policy": _word(
        "one of:reopen", required=True, doc="`continue`, `restart` or `new ticket`."
    ),
    "within": _word("duration", doc="How long after closing it is still the same matter."),
    "by": _word("who", doc="Who confirms it; anyone if absent."),
    "needs": _word("names", doc="What must be given: `reason`."),
    "to": _word(
        "identifier",
        doc="The state a `continue` goes to; the one before the final state if absent.",
    ),
}

LEVELS = {
    "roles": _word("who", required=True, doc="The role that answers at level 1, 2, 3 ..."),
    "start": _word(
        "number", doc="The level of a new ticket; its round in the lineage if absent."
    ),
}

PRIORITY = {
    "set": _word("one of:priority", required=True, doc="low, normal, high or urgent."),
    "when": _word("condition", doc="The rule holds when this does; always if absent."),
}

STATE = {
    "title": _word("bilingual", doc="What staff read."),
    "customer_title": _word(
        "bilingual", doc="What the customer is told when asking how the matter stands."
    ),
    "final": _word("flag", doc="The ticket is closed here."),
    "rests": _word("flag", doc="The ticket may stay here for good although it is not closed."),
    "waiting": _word(
        "one of:waiting",
        doc="Whom the ticket waits for; promises that pause here book the time to them.",
    ),
    "needs": _word(
        "names", doc="Fields that must be filled before the ticket may enter, on every path."
    ),
    "when": _word(
        "condition", doc="What must hold before the ticket may enter, on every path."
    ),
    "start": _word("identifier", doc="With `states`: the inner state entered first."),
    "states": _word(
        "table:InnerState",
        doc="Inner states (one level); they share the transitions of this one.",
    ),
    "on_enter": _word("list:Action", doc="Done when the ticket enters, in order."),
    "on_exit": _word("list:Action", doc="Done when the ticket leaves, in order."),
    "transitions": _word("table:Transition", doc="The ways out, by name."),
    "shared": _word(
        "names", doc="The workflow's shared transitions that are possible here too."
    ),
    "after": _word(
        "table:After",
        doc="Timed transitions: {5 days: no_reply} fires `no_reply` five days after entering.",
    ),
    "approve": _word("Approve", doc="The ticket waits here for votes."),
}

INNER_STATE = {name: word for name, word in STATE.items() if name not in ("states", "start")}

TRANSITION = {
    "title": _word("bilingual", doc="What the button says."),
    "to": _word(
        "identifier",
        "list:Case",
        doc="The state it leads to, or cases decided after its form was filled; absent: the ticket stays where it is.",
    ),
    "by": _word(
        "who",
        doc="Who may take it; the handler if absent. `anyone` is any member of staff, `timer` only the clock.",
    ),
    "except": _word("who", doc="Who may not take it, whatever `by` says."),
    "when": _word("condition", doc="What must hold, with the form's fields merged in."),
    "refusal": _word(
        "bilingual",
        doc="With `when`: why not, in words people read, where it does not hold; the condition itself is told if absent.",
    ),
    "needs": _word(
        "names",
        doc="What must be given or already filled: field names, `reason`, `attachment`.",
    ),
    "form": _word(
        "identifier",
        doc="The form filled in with it; its fields join the ticket's. Filled in again, it replaces what it said before.",
    ),
    "attempts": _word(
        "Attempts", doc="Contact attempts to be recorded since the state was entered."
    ),
    "limit": _word("count", doc="How often one ticket may take it."),
    "do": _word(
        "list:Action", doc="Done when it is taken, before the next state's `on_enter`."
    ),
    "key": _word(
        "text", doc="A key that a front end may bind to it; the command line takes its name."
    ),
    "undo": _word(
        "flag",
        doc="Whoever took it may take it back within ten seconds; so long nothing that it promises is sent.",
    ),
}

CASE = {
    "to": _word("identifier", required=True, doc="The state."),
    "when": _word("condition", doc="Taken when this holds; the last case has none."),
}

ATTEMPTS = {
    "calls": _word("count", doc="Calls made."),
    "days": _word("count", doc="Different days on which attempts were made."),
    "messages": _word("count", doc="Messages (SMS or mail) sent."),
}

APPROVE = {
    "voters": _word("who", doc="Who may vote."),
    "votes": _word("number", doc="How many must agree; 1 if absent."),
    "when": _word("condition", doc="In a step: the step is skipped unless this holds."),
    "steps": _word("list:Step", doc="One approval after the other, each with its own voters."),
    "except": _word("who", doc="Who may not vote, whatever their role."),
    "granted": _word(
        "identifier", "list:Case", required=True, doc="Where the ticket goes when all agreed."
    ),
    "denied": _word("identifier", required=True, doc="Where it goes when one voter refuses."),
}

STEP = {
    "voters": _word("who", required=True, doc="Who may vote in this step."),
    "votes": _word("number", doc="How many must agree; 1 if absent."),
    "when": _word("condition", doc="The step is skipped unless this holds."),
}

ACTION = {
    "set": _word("values", doc="Fill fields of the ticket; `=null` empties one."),
    "open": _word("identifier", doc="Open a child ticket of this workflow."),
    "link": _word("value", doc="Link the ticket with this key."),
    "comment": _word("value", "bilingual", doc="Write a comment."),
    "tell": _word(
        "who", "value", doc="Put a notice into the outbox for them; `=` gives a person's name."
    ),
    "assign": _word(
        "who", "value", doc="Make them the handler; `nobody` takes the handler away."
    ),
    "renew_owner": _word(
        "flag",
        doc="`true`: find the owner again by the workflow's `owner:` rules, for instance when the department has changed.",
    ),
    "raise_priority": _word(
        "one of:priority", doc="Raise the priority to at least this; it stays a floor."
    ),
    "raise_level": _word("count", doc="Raise the level by so many steps."),
    "fire": _word("identifier", doc="In a ladder: take this transition."),
    "as": _word(
        "identifier", doc="With `open` and `link`: what the other ticket is to this one."
    ),
    "fields": _word(
        "values",
        doc="With `open`: the child's fields; one whose expression gives nothing (`null`) is left out.",
    ),
    "each": _word(
        "value",
        doc="With `open`: once for every entry of this list; the entry is called `each`.",
    ),
    "via": _word(
        "names",
        doc="With `tell`: the channels, `notice`, `sms`, `email`, `chat` or one that `casewright.toml` makes; `notice` if absent.",
    ),
    "message": _word("bilingual", doc="With `tell`: the text."),
    "template": _word(
        "identifier",
        doc="With `tell`: the template that words the notice: a file of `workflows/templates/`, or one that casewright ships.",
    ),
    "when": _word("condition", doc="Only when this holds."),
}

ACTION_VERBS = (
    "set",
    "open",
    "link",
    "comment",
    "tell",
    "assign",
    "renew_owner",
    "raise_priority",
    "raise_level",
    "fire",
)
ACTION_MODIFIERS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "set": ("when",),
        "open": ("as", "fields", "each", "when"),
        "link": ("as", "when"),
        "comment": ("when",),
        "tell": ("via", "message", "template", "when"),
        "assign": ("when",),
        "renew_owner": ("when",),
        "raise_priority": ("when",),
        "raise_level": ("when",),
        "fire": ("when",),
    }
)

PROMISE = {
    "title": _word("bilingual", doc="What people read."),
    "from": _word(
        "identifier",
        required=True,
        doc="The event, transition or state (or another promise) that starts the clock.",
    ),
    "until": _word(
        "names", required=True, doc="The events, transitions or states that meet it."
    ),
    "within": _word(
        "duration",
        "table:duration",
        "list:Target",
        "value",
        required=True,
        doc="The target: one duration, one by priority, the first of cases, or `=` and an expression that gives one.",
    ),
    "again": _word(
        "one of:again",
        doc="When its end is undone: `continue`, `restart` (a new run) or `stay met`.",
    ),
    "recalculate": _word(
        "one of:recalculate",
        doc="What a new target means for a running clock: `from_now` keeps the time consumed (due = now + what is left), `from_start` counts the new target from the start; `from_now` if absent.",
    ),
    "pauses": _word("names", doc="States in which the clock stands still."),
    "calendar": _word("identifier", doc="Another calendar than the workflow's."),
    "count": _word(
        "one of:count",
        doc="`next_day`: the first day does not count; due at the close of business of the last.",
    ),
    "due": _word(
        "value",
        doc="A deadline that came with the case, a date (the last working moment of that day) or a moment; the earlier one wins.",
    ),
    "extend": _word("Extend", doc="How the due time may be moved, asked before it has passed."),
}

TARGET = {
    "within": _word("duration", required=True, doc="The target."),
    "when": _word("condition", doc="Taken when this holds; the last one has none."),
}

EXTEND = {
    "granted_by": _word(
        "who",
        required=True,
        doc="Who grants the first extension, the second ...; as many as are named.",
    ),
    "tell": _word("who", doc="Who is told."),
}

LADDER_STEP = {
    "at": _word("text", doc="A threshold: `80%`, `4 hours before` or `1 day after`."),
    "every": _word("duration", doc="Repeat: how often."),
    "from": _word("text", doc="With `every`: the threshold it starts at."),
    "times": _word("count", doc="With `every`: how often at the most; up to 100."),
    "tell": _word(
        "who", "value", doc="Who is told; a step that tells nobody must `do` something."
    ),
    "via": _word(
        "names",
        doc="With `tell`: the channels, `notice`, `sms`, `email`, `chat` or one that `casewright.toml` makes; `notice` if absent.",
    ),
    "template": _word(
        "identifier",
        doc="With `tell`: the template that words the notice: a file of `workflows/templates/`, or one that casewright ships.",
    ),
    "taken_within": _word(
        "duration",
        doc="With `tell`: when nobody takes the notice within it, the next level is told.",
    ),
    "do": _word("list:Action", doc="What is done besides."),
}

CONSTRUCTS: Mapping[str, Mapping[str, Word]] = MappingProxyType(
    {
        "Workflow": WORKFLOW,
        "Reopen": REOPEN,
        "Levels": LEVELS,
        "Priority": PRIORITY,
        "State": STATE,
        "InnerState": INNER_STATE,
        "Transition": TRANSITION,
        "Case": CASE,
        "Attempts": ATTEMPTS,
        "Approve": APPROVE,
        "Step": STEP,
        "Action": ACTION,
        "Promise": PROMISE,
        "Target": TARGET,
        "Extend": EXTEND,
        "LadderStep": LADDER_STEP,
    }
)
"""`table:X` maps names of the author's choosing to X; a Transition may be shortened to its `to`; a ladder is a list of LadderStep."""

EXPRESSION_VARIABLES: Mapping[str, str] = MappingProxyType(
    {
        "fields": "the ticket's fields, with the submitted form's merged in; `has(fields.x)` asks whether one is filled",
        "ticket": "key, number, state, priority, level, handler, owner, opener, channel",
        "customer": "id, kind (end or client), tier, brand, language",
        "children": "open, count, since_entry (opened since the state was entered)",
        "lineage": "round (1 for a first complaint)",
        "times": "by transition: how often this ticket took it",
        "actor": "name, team, department of whoever acts",
        "now": "the moment",
        "each": "in an action with `each`: the entry",
    }
)
