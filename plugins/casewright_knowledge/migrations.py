"""The plugin's own tables: articles and their versions, the terms they are found by, and what became of them."""

from casewright import Migration

MIGRATIONS = (
    Migration(
        number=1,
        name="articles",
        sql="""\
CREATE TABLE knowledge_article (
    article TEXT NOT NULL PRIMARY KEY,
    owner TEXT NOT NULL,
    state TEXT NOT NULL,
    version INTEGER NOT NULL,
    visible INTEGER NOT NULL,
    readers TEXT NOT NULL,
    category TEXT NOT NULL,
    valid_until TEXT NOT NULL,
    published_at INTEGER NOT NULL,
    looked_at INTEGER NOT NULL,
    review_due INTEGER NOT NULL,
    used INTEGER NOT NULL,
    last_used INTEGER NOT NULL,
    helped INTEGER NOT NULL,
    not_helped INTEGER NOT NULL
);
CREATE INDEX knowledge_article_visible ON knowledge_article (visible, used);
CREATE TABLE knowledge_version (
    article TEXT NOT NULL,
    version INTEGER NOT NULL,
    at INTEGER NOT NULL,
    by TEXT NOT NULL,
    digest TEXT NOT NULL,
    note TEXT NOT NULL,
    valid_from TEXT NOT NULL,
    valid_until TEXT NOT NULL,
    content TEXT NOT NULL,
    terms TEXT NOT NULL,
    PRIMARY KEY (article, version)
);
CREATE TABLE knowledge_term (
    term TEXT NOT NULL PRIMARY KEY,
    letters INTEGER NOT NULL,
    articles INTEGER NOT NULL
);
CREATE INDEX knowledge_term_letters ON knowledge_term (letters, term);
CREATE TABLE knowledge_use (
    number INTEGER NOT NULL PRIMARY KEY,
    article TEXT NOT NULL,
    version INTEGER NOT NULL,
    ticket TEXT NOT NULL,
    category TEXT NOT NULL,
    person TEXT NOT NULL,
    at INTEGER NOT NULL
);
CREATE INDEX knowledge_use_article ON knowledge_use (article, at);
CREATE INDEX knowledge_use_ticket ON knowledge_use (ticket);
CREATE INDEX knowledge_use_category ON knowledge_use (category, article);
CREATE TABLE knowledge_rating (
    article TEXT NOT NULL,
    version INTEGER NOT NULL,
    person TEXT NOT NULL,
    ticket TEXT NOT NULL,
    verdict TEXT NOT NULL,
    reason TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (article, version, person, ticket)
);
CREATE TABLE knowledge_correction (
    ticket TEXT NOT NULL PRIMARY KEY,
    article TEXT NOT NULL,
    version INTEGER NOT NULL,
    open INTEGER NOT NULL
);
CREATE INDEX knowledge_correction_article ON knowledge_correction (article, open);
CREATE TABLE knowledge_reporter (
    article TEXT NOT NULL,
    version INTEGER NOT NULL,
    person TEXT NOT NULL,
    PRIMARY KEY (article, version, person)
);
CREATE TABLE knowledge_search (
    text TEXT NOT NULL PRIMARY KEY,
    shown TEXT NOT NULL,
    times INTEGER NOT NULL,
    last_at INTEGER NOT NULL
);
CREATE TABLE knowledge_read (
    article TEXT NOT NULL,
    version INTEGER NOT NULL,
    person TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (article, version, person)
);
CREATE TABLE knowledge_asked (
    article TEXT NOT NULL,
    version INTEGER NOT NULL,
    who TEXT NOT NULL,
    person TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (article, version, who)
);
CREATE TABLE knowledge_need (
    category TEXT NOT NULL,
    month TEXT NOT NULL,
    closed INTEGER NOT NULL,
    served INTEGER NOT NULL,
    PRIMARY KEY (category, month)
);
""",
    ),
    Migration(
        number=2,
        name="announcements",
        sql="""\
CREATE TABLE knowledge_announced (
    article TEXT NOT NULL,
    number INTEGER NOT NULL,
    PRIMARY KEY (article, number)
);
""",
    ),
)
"""A step that was released never changes."""
