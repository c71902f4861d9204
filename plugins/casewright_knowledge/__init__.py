"""Knowledge: the right answer at the moment of the call, kept true."""

from collections.abc import Mapping, Sequence

from casewright import (
    CommandHandler,
    Event,
    Forgetting,
    Migration,
    Noun,
    PluginDesk,
    QueryHandler,
    Setting,
    Starter,
    Ticket,
    Words,
    WorkflowWord,
    WorkspaceFile,
    hookimpl,
)
from casewright_knowledge import (
    asking_to_read,
    publishing,
    reporting,
    searching,
    suggesting,
    synonyms_file,
    using,
)
from casewright_knowledge.chinese import CHINESE
from casewright_knowledge.commands import (
    AskToRead,
    ForgetSearch,
    MarkRead,
    NoteNothingFound,
    RateArticle,
    RebuildIndex,
    UseArticle,
)
from casewright_knowledge.migrations import MIGRATIONS
from casewright_knowledge.queries import (
    CompareVersions,
    ExportArticles,
    GetArticle,
    GetArticleFile,
    GetReaders,
    GetReport,
    ListUses,
    ListVersions,
    MayEdit,
    SearchArticles,
    SuggestArticles,
)
from casewright_knowledge.settings import SETTINGS
from casewright_knowledge.starter import starters


@hookimpl
def register_settings() -> Sequence[Setting]:
    """Which workflows articles and their corrections are."""
    return SETTINGS


@hookimpl
def register_files() -> Sequence[WorkspaceFile]:
    """`synonyms.yaml`: what means the same."""
    starter = synonyms_file.starter()
    return (WorkspaceFile(name=synonyms_file.NAME, check=synonyms_file.check, starter=starter),)


@hookimpl
def register_starters() -> Sequence[Starter]:
    """The life of an article, and how one is corrected."""
    return starters()


@hookimpl
def register_words() -> Sequence[WorkflowWord]:
    """`article`: what a transition does to the article that the ticket is."""
    return (publishing.ARTICLE,)


@hookimpl
def register_migrations() -> Sequence[Migration]:
    """The tables of articles, of what they are found by, and of what became of them."""
    return MIGRATIONS


@hookimpl
def register_commands() -> Sequence[CommandHandler]:
    """Using, judging and reading articles."""
    return (
        CommandHandler(command=UseArticle, run=using.use),
        CommandHandler(command=RateArticle, run=using.rate),
        CommandHandler(command=MarkRead, run=using.mark_read),
        CommandHandler(command=AskToRead, run=asking_to_read.ask),
        CommandHandler(command=NoteNothingFound, run=using.note_nothing),
        CommandHandler(command=ForgetSearch, run=using.forget_search),
        CommandHandler(command=RebuildIndex, run=using.rebuild),
    )


@hookimpl
def register_queries() -> Sequence[QueryHandler]:
    """Finding, suggesting and showing articles, their versions and readers, and how they stand."""
    return (
        QueryHandler(query=SearchArticles, run=searching.search),
        QueryHandler(query=SuggestArticles, run=suggesting.suggest),
        QueryHandler(query=ListUses, run=using.uses),
        QueryHandler(query=GetArticle, run=using.show),
        QueryHandler(query=GetArticleFile, run=using.file),
        QueryHandler(query=ListVersions, run=using.versions),
        QueryHandler(query=CompareVersions, run=using.compare),
        QueryHandler(query=ExportArticles, run=using.export),
        QueryHandler(query=GetReaders, run=asking_to_read.readers),
        QueryHandler(query=GetReport, run=reporting.report),
        QueryHandler(query=MayEdit, run=lambda desk, query: True),
    )


@hookimpl
def register_forgetting() -> Sequence[Forgetting]:
    """What was said with tickets, and searches that name somebody."""
    return (Forgetting(what="what was said of articles, and sought in vain", run=using.forget),)


@hookimpl
def keep_event(ticket: Ticket, event: Event, words: Words, desk: PluginDesk) -> None:
    """Articles as their tickets say, and what closed tickets tell of what is missing."""
    publishing.keep(ticket, event, words, desk)


@hookimpl
def register_nouns() -> Sequence[Noun]:
    """`casewright knowledge`."""
    from casewright_knowledge.noun import KNOWLEDGE

    return (KNOWLEDGE,)


@hookimpl
def register_texts() -> Mapping[str, str]:
    """The Chinese of all sentences."""
    return CHINESE
