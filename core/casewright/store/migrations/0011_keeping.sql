-- Keeping: what somebody filled in and did not submit yet, and how they want their front ends.

CREATE TABLE draft (
    person TEXT NOT NULL,
    about TEXT NOT NULL,
    ticket TEXT NOT NULL,
    body TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (person, about)
);

CREATE INDEX draft_ticket ON draft (ticket);

CREATE INDEX draft_at ON draft (at);

CREATE TABLE preference (
    person TEXT NOT NULL,
    name TEXT NOT NULL,
    body TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (person, name)
);
