"""Whatever becomes of articles, for whomever they are: nobody is told a word of one that is not for them, and everybody finds what is."""

import random
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from casewright.clock import SetClock
from casewright.commands import EditFields, SavePerson
from casewright.errors import CommandRefused, NotFound
from casewright.model import SYSTEM
from casewright.queries import GetHistory, GetTicket, ListAnnouncements, ListQueue, ListTickets
from casewright_knowledge import queries
from casewright_knowledge.commands import AskToRead, MarkRead, RateArticle, UseArticle

from .library import EDITOR, Library

ROLES = ("vip_agent", "night_agent", "trainee")
PEOPLE = ("chen_jing", "li_na", "wu_min", "zheng_kai")
MOVES = 18
LETTERS = "bcdfghjklmnpqrstvwxz"
HAN = "鹏鲲鹭鸢鹃鹂鹤鹰鸥鸳鸯鸬鹧鹬鹫鹮鹊鸮鸫鸲鹟鹨鹡鹀"


@dataclass
class Known:
    """What is known of an article: the words that only it has, and for whom its published versions were."""

    key: str
    marks: list[str] = field(default_factory=list)
    readers: list[frozenset[str] | None] = field(default_factory=list)
    """Of each published version the roles that read it; None where everybody does."""
    draft: frozenset[str] | None = None
    shown: bool = False

    def is_for(self, roles: frozenset[str]) -> bool:
        """Whether somebody with these roles reads it: its newest version says."""
        newest = self.readers[-1] if self.shown else frozenset()
        return newest is None or bool(newest & roles)


class Life:
    """A library in which articles come, change and go by chance, read by people whose roles are chance too."""

    def __init__(self, library: Library, seed: int) -> None:
        self._library, self._chance = library, random.Random(seed)
        self._articles: list[Known] = []
        roles = library.root / "roles.yaml"
        more = "".join(
            f"  {one}: {{title: {{en: {one}, zh: {one}}}, permissions: [knowledge.read]}}\n"
            for one in ROLES[1:]
        )
        roles.write_text(roles.read_text(encoding="utf-8") + more, encoding="utf-8")
        library.publish()
        self._roles: dict[str, frozenset[str]] = {}
        for name in (*PEOPLE, "lu_fang"):
            every = (
                name not in PEOPLE
            )  # somebody has each role, else nothing is published for it
            self._roles[name] = frozenset(ROLES if every else self._some(ROLES, least=0))
            library.desk.execute_as_system(
                SavePerson(
                    actor=SYSTEM, name=name, en=name, zh=name, roles=("agent", *sorted(self._roles[name])),
                    team="front_1", department="contact_centre", queues=("inquiries", "services"),
                )
            )  # fmt: skip
        self._served = ""

    def live(self) -> None:
        """Let something happen, again and again."""
        for _ in range(MOVES):
            ways = [self._write] * 4
            if any(one.shown for one in self._articles):
                ways += [*[self._revise] * 3, self._archive]
            self._chance.choice(ways)()

    def _some(self, of: tuple[str, ...], *, least: int = 1) -> list[str]:
        return self._chance.sample(of, self._chance.randint(least, len(of)))

    def _content(self, known: Known) -> dict[str, Any]:
        """Return fields in which each text has a word of its own, in letters and in characters."""
        han = "".join(self._chance.sample(HAN, 4))
        latin = "".join(self._chance.choices(LETTERS, k=9))
        known.marks += [han, latin]
        roles = self._some(ROLES)
        restricted = self._chance.random() < 0.6
        known.draft = frozenset(roles) if restricted else None
        return {
            "title_zh": f"宽带{han}说明",
            "title_en": f"Broadband {latin}",
            "body_zh": f"宽带请按{han}办理。",
            "body_en": f"Broadband as {latin} says.",
            "tags": [latin],
            "questions": [f"宽带{han}吗"],
            "audience": "restricted" if restricted else self._chance.choice(["public", "staff"]),
            "roles": roles if restricted else [],
        }  # fmt: skip

    def _write(self) -> None:
        known = Known("")
        fields = self._content(known)
        known.key = self._library.draft(**fields, subject=fields["title_zh"])
        if self._chance.random() < 0.5:
            self._library.attach(known.key, f"{known.marks[1]}.txt", known.marks[0].encode())
        self._articles.append(known)
        if self._chance.random() < 0.8:
            self._publish(known)

    def _publish(self, known: Known) -> None:
        self._library.bring(known.key)
        known.readers.append(known.draft)
        known.shown = True

    def _revise(self) -> None:
        known = self._chance.choice([one for one in self._articles if one.shown])
        asked = AskToRead(actor="tao_jing", article=known.key, who=("role:agent",))
        if self._chance.random() < 0.3:
            with suppress(CommandRefused):  # where none of them may read it
                self._library.desk.execute(asked)
        self._library.fire(known.key, "revise")
        fields = self._content(known)
        self._library.desk.execute(EditFields(actor=EDITOR, ticket=known.key, fields=fields))
        self._publish(known)

    def _archive(self) -> None:
        known = self._chance.choice([one for one in self._articles if one.shown])
        self._library.fire(known.key, "archive", "tao_jing", reason="old")
        known.shown = False

    def must_hold(self) -> None:
        """Ask everything as everybody, and all of a ticket that each article has served."""
        self._served = self._library.inquiry("其他事项", who="lu_fang")
        for known in self._articles:
            if known.is_for(self._roles["lu_fang"]):
                self._library.use(self._served, known.key, "lu_fang")
        for who, roles in self._roles.items():
            ticket = self._library.inquiry("宽带办理 broadband", who=who)
            for known in self._articles:
                if known.is_for(roles):
                    self._finds(who, known)
                else:
                    self._is_told_nothing(who, known, ticket)

    def _finds(self, who: str, known: Known) -> None:
        latest = known.marks[-2:]
        for mark in latest:
            assert self._library.exact(mark, who) == [known.key], (who, known)
        ask = self._library.desk.ask
        assert self._library.article(known.key, who).visible
        served = self._library.desk.ask(queries.ListUses(actor=who, ticket=self._served))
        assert known.key in {one.article for one in served}
        exported = ask(queries.ExportArticles(actor=who))
        assert known.key in {one.article for one in exported}

    def _is_told_nothing(self, who: str, known: Known, ticket: str) -> None:
        ask, execute = self._library.desk.ask, self._library.desk.execute
        sought = [
            *known.marks,
            *(mark[:-1] + "y" for mark in known.marks),
            "宽带",
            "broadband",
            "",
        ]
        told = [self._library.search(text, who) for text in sought]
        told += [ask(queries.ExportArticles(actor=who)), self._library.suggest(ticket, who)]
        told += [ask(ListAnnouncements(actor=who))]
        told += [ask(queries.ListUses(actor=who, ticket=self._served))]
        told += [ask(GetHistory(actor=who, ticket=self._served))]
        told += [
            (ask(ListTickets(actor=who, text=mark)), ask(ListQueue(actor=who, text=mark)))
            for mark in known.marks
        ]
        said = repr(told)
        for one in told:
            assert known.key not in repr(one), (who, known, one)
        assert not [mark for mark in known.marks if mark in said.replace(f"sought='{mark}", "")]
        key = known.key
        for asked in (
            queries.GetArticle(actor=who, article=key),
            queries.GetArticle(actor=who, article=key, version=1),
            queries.ListVersions(actor=who, article=key),
            queries.CompareVersions(actor=who, article=key),
            queries.GetArticleFile(actor=who, article=key, number=1),
            GetTicket(actor=who, ticket=key),
            GetHistory(actor=who, ticket=key),
        ):
            with pytest.raises(NotFound):
                ask(asked)
        for command in (
            UseArticle(actor=who, ticket=ticket, article=key),
            RateArticle(actor=who, article=key, verdict="helped"),
            RateArticle(actor=who, article=key, verdict="wrong", reason="why"),
            MarkRead(actor=who, article=key),
        ):
            with pytest.raises(NotFound):
                execute(command)


@pytest.fixture(scope="module")
def nowhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("rights")


def _must_hold(template: Path, nowhere: Path, clock: SetClock, seed: int) -> None:
    library = Library(template, nowhere / f"{seed}-{len(list(nowhere.iterdir()))}", clock)
    try:
        life = Life(library, seed)
        life.live()
        life.must_hold()
    finally:
        library.close()


EXAMPLES = 6


@settings(
    max_examples=EXAMPLES, derandomize=True, database=None, deadline=None,
    phases=[Phase.generate], suppress_health_check=list(HealthCheck),
)  # fmt: skip
@given(seed=st.integers(0, 2**32))
def test_nobody_is_told_of_an_article_that_is_not_for_them_and_everybody_finds_what_is(
    template: Path, nowhere: Path, clock: SetClock, seed: int
) -> None:
    _must_hold(template, nowhere, clock, seed)


def test_an_article_that_everybody_may_read_by_mistake_is_noticed(
    template, nowhere, clock, monkeypatch
):
    monkeypatch.setattr("casewright_knowledge.searching.readable", lambda desk: ("any",))
    monkeypatch.setattr("casewright_knowledge.suggesting.readable", lambda desk: ("any",))

    with pytest.raises(AssertionError):
        _must_hold(template, nowhere, clock, 7)
