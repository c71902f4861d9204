"""What can be asked of the knowledge base; nobody is told of an article that they may not read."""

from dataclasses import dataclass
from typing import Any, ClassVar

from casewright import AttachedFile, Query
from casewright_knowledge.answers import (
    Article,
    Change,
    Found,
    Hit,
    Readers,
    Report,
    Use,
    Version,
)
from casewright_knowledge.commands import EDIT, READ, REPORT


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchArticles(Query):
    """Find published articles: by words, by a question, and narrowed. Answer: `Found`."""

    permission: ClassVar[str] = READ
    answer: ClassVar[Any] = Found
    text: str = ""
    language: str = "zh"
    category: str = ""
    tag: str = ""
    product: str = ""
    limit: int = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestArticles(Query):
    """The articles that fit a ticket, the best first. Answer: tuple of `Hit`."""

    permission: ClassVar[str] = READ
    answer: ClassVar[Any] = tuple[Hit, ...]
    ticket: str
    language: str = "zh"
    limit: int = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class ListUses(Query):
    """The articles that served a ticket and that the actor may read, the first first. Answer: tuple of `Use`."""

    permission: ClassVar[str] = READ
    answer: ClassVar[Any] = tuple[Use, ...]
    ticket: str
    language: str = "zh"


@dataclass(frozen=True, slots=True, kw_only=True)
class GetArticle(Query):
    """An article by its key, as it stands or as `version` was. Answer: `Article`."""

    permission: ClassVar[str] = READ
    answer: ClassVar[Any] = Article
    article: str
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class GetArticleFile(Query):
    """A file of an article as it stands, by its number. Answer: `AttachedFile`."""

    permission: ClassVar[str] = READ
    answer: ClassVar[Any] = AttachedFile
    article: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ListVersions(Query):
    """The versions of an article, the newest first. Answer: tuple of `Version`."""

    permission: ClassVar[str] = READ
    answer: ClassVar[Any] = tuple[Version, ...]
    article: str
    language: str = "zh"


@dataclass(frozen=True, slots=True, kw_only=True)
class CompareVersions(Query):
    """What a version says otherwise than an older one, which is the one before where it is 0. Answer: tuple of `Change`."""

    permission: ClassVar[str] = READ
    answer: ClassVar[Any] = tuple[Change, ...]
    article: str
    newer: int = 0
    older: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportArticles(Query):
    """Published articles that one may read, in the order of their keys, after one. Answer: tuple of `Article`."""

    permission: ClassVar[str] = READ
    answer: ClassVar[Any] = tuple[Article, ...]
    after: str = ""
    limit: int = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class GetReaders(Query):
    """Who of a group has read an article as it stands, or as `version` was. Answer: `Readers`.

    A group is `everybody`, `role:x`, `team:x`, `department:x`, `queue:x` or `user:x`; "" is all that were asked to.
    """

    permission: ClassVar[str] = EDIT
    answer: ClassVar[Any] = Readers
    article: str
    who: str = ""
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class GetReport(Query):
    """How the knowledge base stands and is used. Answer: `Report`."""

    permission: ClassVar[str] = REPORT
    answer: ClassVar[Any] = Report
    days: int = 90
    language: str = "zh"
    limit: int = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class MayEdit(Query):
    """Whether the actor may see all articles. Answer: True, or the query is refused."""

    permission: ClassVar[str] = EDIT
    answer: ClassVar[Any] = bool
