"""The words of the query line: what can be asked for by name, in English and in Chinese, and what the site's own names mean."""

from collections.abc import Iterable, Mapping
from dataclasses import field

from casewright.bilingual import Bilingual
from casewright.model import EMPTY, Person
from casewright.swift_dataclass import dataclass
from casewright.workflows.words import PRIORITIES


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """Something that is asked for as `name:value`; `also` are further names for it."""

    name: str
    zh: str
    also: tuple[str, ...] = ()

    def of(self, lang: str) -> str:
        """Return its name in a language."""
        return self.zh if lang == "zh" else self.name


TERMS: tuple[Term, ...] = (
    Term(name="handler", zh="办理人", also=("经办人",)),
    Term(name="state", zh="状态"),
    Term(name="due", zh="到期", also=("时限",)),
    Term(name="is", zh="是"),
    Term(name="workflow", zh="流程"),
    Term(name="priority", zh="优先级", also=("级别",)),
    Term(name="customer", zh="客户"),
    Term(name="age", zh="已开", also=("时长",)),
    Term(name="owner", zh="责任人"),
    Term(name="team", zh="班组", also=("团队",)),
    Term(name="watcher", zh="关注人", also=("关注",)),
    Term(name="order", zh="排序", also=("sort",)),
)
STANDINGS: Mapping[str, Bilingual] = {
    "open": Bilingual(en="open", zh="未结"),
    "closed": Bilingual(en="closed", zh="已结"),
    "all": Bilingual(en="all", zh="全部"),
    "overdue": Bilingual(en="overdue", zh="超时"),
    "paused": Bilingual(en="paused", zh="暂停"),
}
"""What a ticket may be, by name."""
ORDERINGS: Mapping[str, Bilingual] = {
    "due": Bilingual(en="due", zh="到期"),
    "opened": Bilingual(en="opened", zh="开单"),
    "updated": Bilingual(en="updated", zh="更新"),
    "priority": Bilingual(en="priority", zh="优先级"),
}
URGENCIES: Mapping[str, Bilingual] = {
    name: Bilingual(en=name, zh=zh)
    for name, zh in zip(PRIORITIES, ("低", "普通", "高", "紧急"), strict=True)
}
ME = Bilingual(en="me", zh="我")
NOBODY = Bilingual(en="nobody", zh="无人")
MINE = Bilingual(en="mine", zh="本班组")


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """The names of a site: who asks and their team, people by login, workflows and states by id, teams."""

    me: str = ""
    my_team: str = ""
    people: Mapping[str, Person] = field(default_factory=lambda: EMPTY)
    workflows: Mapping[str, Bilingual] = field(default_factory=lambda: EMPTY)
    states: Mapping[str, tuple[Bilingual, ...]] = field(default_factory=lambda: EMPTY)
    teams: tuple[str, ...] = ()


def term_of(word: str) -> Term | None:
    """Return the term that is called so in either language."""
    folded = word.casefold()
    return next((one for one in TERMS if folded in (one.name, one.zh, *one.also)), None)


def choices(term: Term, vocabulary: Vocabulary) -> Mapping[str, tuple[str, ...]]:
    """Return what a term's value may be: by what the desk calls it, the names people have for it."""
    match term.name:
        case "handler" | "owner" | "watcher":
            return _people(vocabulary, nobody=term.name == "handler")
        case "state":
            return {
                name: (name, *dict.fromkeys(in_both(titles)))
                for name, titles in vocabulary.states.items()
            }
        case "workflow":
            return {name: (name, *in_both([one])) for name, one in vocabulary.workflows.items()}
        case "team":
            mine = {vocabulary.my_team: in_both([MINE])} if vocabulary.my_team else {}
            return {one: (*mine.get(one, ()), one) for one in vocabulary.teams} or mine
        case "priority":
            return {name: in_both([one]) for name, one in URGENCIES.items()}
        case "is":
            return {name: in_both([one]) for name, one in STANDINGS.items()}
        case "order":
            return {name: in_both([one]) for name, one in ORDERINGS.items()}
        case _:
            return {}


def in_both(titles: Iterable[Bilingual]) -> tuple[str, ...]:
    """Return titles in both languages, the English first."""
    return tuple(name for one in titles for name in (one.en, one.zh))


def _people(vocabulary: Vocabulary, *, nobody: bool) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    if nobody:
        found[""] = in_both([NOBODY])
    if vocabulary.me:
        found[vocabulary.me] = (*in_both([ME]), vocabulary.me)
    for name, one in vocabulary.people.items():
        if one.active:
            mine = in_both([ME]) if name == vocabulary.me else ()
            found[name] = (*mine, name, *in_both([Bilingual(en=one.en, zh=one.zh)]))
    return found
