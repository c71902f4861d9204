"""What the plugin answers."""

from dataclasses import dataclass
from datetime import datetime

from casewright import Bilingual
from casewright_knowledge.article import Content


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A piece of a text, and whether it is what was sought."""

    text: str
    hit: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """An article that was found. `exact`: all that was sought stands in it as written; else it fits by what it is about."""

    article: str
    version: int
    title: str
    other_title: str
    category: str
    audience: str
    published_at: datetime | None
    exact: bool
    words: tuple[str, ...]
    snippet: tuple[Piece, ...]
    helped: int
    not_helped: int
    used: int
    same_category: bool = False
    used_here: int = 0
    for_this_work: bool = False
    linked: bool = False
    """Whether it serves that ticket already."""
    reply: str = ""
    """What it says in plain words, where it is suggested for a ticket."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a search found, the best first; `instead` is what was sought in place of misspelt words; `more`: there are more."""

    hits: tuple[Hit, ...]
    instead: str = ""
    more: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """A version of an article; `newest` is the last one, `visible` whether it is published and valid now."""

    article: str
    version: int
    newest: int
    visible: bool
    state: str
    owner: str
    content: Content
    category: Bilingual
    """What its category is called; its key where no table has it."""
    published_at: datetime | None
    published_by: str
    note: str
    review_due: datetime | None
    used: int
    helped: int
    not_helped: int
    read: bool
    reply_en: str
    reply_zh: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """An article that served a ticket: the version that did, and who linked it first; `newest` is its last version now."""

    article: str
    version: int
    newest: int
    title: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A version of an article, and who published it."""

    version: int
    at: datetime | None
    by: str
    note: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A line of a text that two versions do not have alike: `field` it stands in, "-" for the older or "+" for the newer."""

    field: str
    sign: str
    line: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Somebody who should have read a version, and when they did."""

    person: str
    at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Readers:
    """Who of a group has read a version, those who have not first."""

    article: str
    version: int
    who: str
    readers: tuple[Reader, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How an article stands: how often it was used in the time asked for, and what was said of it."""

    article: str
    title: str
    category: str
    owner: str
    used: int
    helped: int
    not_helped: int
    published_at: datetime | None
    review_due: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """How many tickets of a category were closed, how many of them by an article, and how many articles it has."""

    category: str
    called: Bilingual
    closed: int
    served: int
    articles: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Nothing:
    """What was sought and not found, how often, and when last."""

    text: str
    times: int
    last_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """How the knowledge base stands, over so many days; lists have at most as many entries as were asked for.

    `never_used` are visible articles older than that nobody used; `stale` those whose review is overdue or whose time is over;
    `disliked` those that helped less often than not.
    """

    days: int
    articles: int
    uses: int
    most_used: tuple[Standing, ...]
    never_used: tuple[Standing, ...]
    stale: tuple[Standing, ...]
    disliked: tuple[Standing, ...]
    needs: tuple[Need, ...]
    nothing: tuple[Nothing, ...]
