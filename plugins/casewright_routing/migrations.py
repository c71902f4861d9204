"""The plugin's own tables: what waits, how agents stand, what was decided, what callers chose."""

from casewright import Migration

MIGRATIONS = (
    Migration(
        number=1,
        name="routing",
        sql="""\
CREATE TABLE routing_waiting (
    ticket TEXT NOT NULL PRIMARY KEY,
    stamp TEXT NOT NULL,
    rules TEXT NOT NULL,
    queue TEXT NOT NULL,
    "rank" INTEGER NOT NULL,
    since INTEGER NOT NULL,
    vip INTEGER NOT NULL,
    asked TEXT NOT NULL,
    overtaken INTEGER NOT NULL,
    previous TEXT NOT NULL,
    earlier TEXT NOT NULL,
    excluded TEXT NOT NULL,
    owner TEXT NOT NULL,
    told INTEGER NOT NULL
);
CREATE TABLE routing_agent (
    agent TEXT NOT NULL PRIMARY KEY,
    load INTEGER NOT NULL,
    idle_since INTEGER NOT NULL,
    busy TEXT NOT NULL
);
CREATE TABLE routing_decision (
    number INTEGER NOT NULL PRIMARY KEY,
    ticket TEXT NOT NULL,
    at INTEGER NOT NULL,
    way TEXT NOT NULL,
    agent TEXT NOT NULL,
    queue TEXT NOT NULL,
    step TEXT NOT NULL,
    since INTEGER NOT NULL,
    passed_over TEXT NOT NULL
);
CREATE INDEX routing_decision_ticket ON routing_decision (ticket, number);
CREATE TABLE routing_choice (
    number TEXT NOT NULL PRIMARY KEY,
    brand TEXT NOT NULL,
    language TEXT NOT NULL
);
""",
    ),
)
"""A step that was released never changes."""
