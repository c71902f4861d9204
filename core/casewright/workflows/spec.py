"""A workflow as the engine sees it: frozen values, names resolved, nesting flattened."""

from collections.abc import Mapping
from dataclasses import field
from types import MappingProxyType
from typing import Any, Literal

from casewright.bilingual import Bilingual
from casewright.durations import Duration
from casewright.swift_dataclass import dataclass
from casewright.workflows.borrowed import Borrowed
from casewright.workflows.retention import Retention


@dataclass(frozen=True, slots=True)
class Expression:
    """A CEL expression as the author wrote it, without the leading `=`."""

    source: str


@dataclass(frozen=True, slots=True)
class Constant:
    """A literal value."""

    value: object


Value = Expression | Constant
PartyKind = Literal["relation", "role", "user", "lineage", "expression"]


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody, named by what they are: a relation, a role, a person, or an expression that gives a person."""

    kind: PartyKind
    name: str

    def __str__(self) -> str:
        prefix = {"role": "role:", "user": "user:", "lineage": "lineage.", "expression": "="}
        return prefix.get(self.kind, "") + self.name


Who = tuple[Party, ...]
NO_WORDS: Mapping[str, Any] = MappingProxyType({})
CLOCK = Party("relation", "timer")
HANDLER = Party("relation", "handler")


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One thing done on entering or leaving a state, with a transition or by a ladder.

    `verb` is a word of `words.ACTION_VERBS` or a plugin's; `argument` is what stands behind it:
    set: name -> Value; open, fire: str; link, comment: Value or Bilingual; tell: Who;
    assign: Who (or empty for nobody); renew_owner: True; raise_priority: str; raise_level: int;
    a plugin's verb: the plain data that the file has, frozen.
    """

    verb: str
    argument: object
    when: Expression | None = None
    role: str = ""
    fields: Mapping[str, Value] = field(default_factory=dict)
    each: Value | None = None
    via: tuple[str, ...] = ("notice",)
    message: Bilingual | None = None
    template: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A target and the condition under which it is taken; the last case has none."""

    to: str
    when: Expression | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempts:
    """Contact attempts to be recorded since the state was entered."""

    calls: int = 0
    days: int = 0
    messages: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """A way out of a state, or (`cases` empty) something done inside it; with `undo` whoever took it may take it back at once.

    `words` is what the file says in words of plugins: plain data, frozen.
    """

    name: str
    title: Bilingual
    cases: tuple[Case, ...]
    by: Who
    excepting: Who = ()
    when: Expression | None = None
    refusal: Bilingual | None = None
    needs: tuple[str, ...] = ()
    form: str | None = None
    attempts: Attempts | None = None
    limit: int | None = None
    do: tuple[Action, ...] = ()
    key: str | None = None
    undo: bool = False
    words: Mapping[str, Any] = field(default_factory=lambda: NO_WORDS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of an approval; `number` counts from 1."""

    number: int
    voters: Who
    votes: Value = Constant(1)
    when: Expression | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """Who votes while the ticket is in a state, and where it goes then."""

    steps: tuple[Step, ...]
    excepting: Who
    granted: tuple[Case, ...]
    denied: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Timed:
    """A transition that the clock takes so long after the state was entered."""

    after: Duration
    transition: str


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Where a ticket stands. `name` is flat: `in_work.diagnosing`; `parent` is the outer state or empty.

    `words` is what the file says of it, or of its outer state, in words of plugins: plain data, frozen.
    """

    name: str
    title: Bilingual
    customer_title: Bilingual | None = None
    parent: str = ""
    final: bool = False
    rests: bool = False
    waiting: str | None = None
    needs: tuple[str, ...] = ()
    when: Expression | None = None
    on_enter: tuple[Action, ...] = ()
    on_exit: tuple[Action, ...] = ()
    transitions: Mapping[str, Transition] = field(default_factory=dict)
    after: tuple[Timed, ...] = ()
    approve: Approval | None = None
    words: Mapping[str, Any] = field(default_factory=lambda: NO_WORDS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outer:
    """An outer state: what is done when a ticket enters or leaves it as a whole."""

    name: str
    title: Bilingual
    start: str
    on_enter: tuple[Action, ...] = ()
    on_exit: tuple[Action, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopen:
    """What becomes of a closed ticket whose matter comes back."""

    policy: str
    within: Duration | None = None
    by: Who = (Party("relation", "anyone"),)
    needs: tuple[str, ...] = ()
    to: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Levels:
    """The roles that answer at level 1, 2, 3 ... and the level a new ticket starts at."""

    roles: Who
    start: Expression | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PriorityRule:
    """A priority and the condition under which it is set."""

    set: str
    when: Expression | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A promise's target and the condition or priority under which it counts."""

    within: Duration | Expression
    when: Expression | None = None
    priority: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """A time target: from one thing until another.

    `recalculate` says what a new target means for a running clock: `from_now` or `from_start`.
    """

    name: str
    title: Bilingual
    begins: str
    until: tuple[str, ...]
    targets: tuple[Target, ...]
    again: str = "continue"
    recalculate: str = "from_now"
    pauses: tuple[str, ...] = ()
    calendar: str = "always"
    count_next_day: bool = False
    due: Value | None = None
    extensions: Who = ()
    tell_extension: Who = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """A point on a promise's clock: a percentage of it, or so long before (negative sign) or after due."""

    percent: int | None = None
    offset: Duration | None = None
    before: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LadderStep:
    """Who is told, and what is done, at a threshold or repeatedly from it on.

    `template` names the text of the notice, casewright's own if empty; when nobody takes the notice
    within `taken_within`, the next level is told.
    """

    at: Threshold
    tell: Who = ()
    via: tuple[str, ...] = ("notice",)
    template: str = ""
    taken_within: Duration | None = None
    do: tuple[Action, ...] = ()
    every: Duration | None = None
    times: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Workflow:
    """One published or checked version of a workflow. `digest` names its bundle (empty until bundled).

    `start` is where a ticket begins when none of the cases in `starts` holds; `starts` is empty
    where the author named one state only. `words` is what it says in words of plugins (plain data,
    frozen), `borrowed` whose they are (known when it was bundled).
    """

    name: str
    title: Bilingual
    prefix: str
    form: str | None
    start: str
    states: Mapping[str, State]
    outers: Mapping[str, Outer]
    owner: tuple[Party, ...]
    reopen: Reopen
    description: Bilingual | None = None
    calendar: str = "always"
    process_owner: Who = ()
    handler: Who = ()
    levels: Levels | None = None
    exclude: Who = ()
    only_for: Who = ()
    department: Expression | None = None
    queue: Expression | None = None
    priority: tuple[PriorityRule, ...] = ()
    promises: Mapping[str, Promise] = field(default_factory=lambda: MappingProxyType({}))
    ladder: Mapping[str, tuple[LadderStep, ...]] = field(
        default_factory=lambda: MappingProxyType({})
    )
    review: str | None = None
    retention: Retention | None = None
    forms: tuple[str, ...] = ()
    starts: tuple[Case, ...] = ()
    words: Mapping[str, Any] = field(default_factory=lambda: NO_WORDS)
    borrowed: Borrowed = field(default_factory=Borrowed)
    digest: str = ""
