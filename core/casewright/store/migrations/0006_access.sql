-- People and access: how they prove who they are, by what tickets are reached, who looked at what, what awaits approval,
-- checkpoints of the histories, and what was erased.

CREATE TABLE credential (
    person TEXT NOT NULL,
    verifier TEXT NOT NULL,
    factor TEXT NOT NULL,
    factor_step BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (person)
);

CREATE TABLE sign_in_failure (
    name TEXT NOT NULL,
    failures BIGINT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (name)
);

CREATE TABLE session (
    digest TEXT NOT NULL,
    person TEXT NOT NULL,
    door TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    used_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (digest)
);
CREATE INDEX session_person ON session (person);

CREATE TABLE token (
    id INTEGER NOT NULL,
    person TEXT NOT NULL,
    label TEXT NOT NULL,
    digest TEXT NOT NULL,
    only TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    revoked_at BIGINT,
    used_at BIGINT,
    PRIMARY KEY (id)
);
CREATE UNIQUE INDEX token_digest ON token (digest);
CREATE INDEX token_person ON token (person, id);

-- An index over the tickets, filled when the desk first opens the database: 'reach' says of which making it is.
CREATE TABLE ticket_reach (
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    ticket_id BIGINT NOT NULL,
    PRIMARY KEY (kind, name, ticket_id),
    FOREIGN KEY(ticket_id) REFERENCES ticket (id)
) WITHOUT ROWID;
CREATE INDEX ticket_reach_ticket ON ticket_reach (ticket_id);
INSERT INTO meta (name, value) VALUES ('reach', 0);

CREATE TABLE access (
    number BIGINT NOT NULL,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    kind TEXT NOT NULL,
    ticket TEXT NOT NULL,
    body TEXT NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (number)
);
CREATE INDEX access_actor ON access (actor, number);
CREATE INDEX access_ticket ON access (ticket, number) WHERE ticket <> '';

CREATE TABLE access_customer (
    customer TEXT NOT NULL,
    number BIGINT NOT NULL,
    PRIMARY KEY (customer, number),
    FOREIGN KEY(number) REFERENCES access (number)
) WITHOUT ROWID;
INSERT INTO chain (name, number, head) VALUES ('access', 0, zeroblob(32));

CREATE TABLE publication (
    id INTEGER NOT NULL,
    state TEXT NOT NULL,
    proposed_at BIGINT NOT NULL,
    proposed_by TEXT NOT NULL,
    content BLOB NOT NULL,
    record TEXT NOT NULL,
    PRIMARY KEY (id)
);

CREATE TABLE checkpoint (
    number BIGINT NOT NULL,
    at BIGINT NOT NULL,
    body TEXT NOT NULL,
    signature BLOB NOT NULL,
    PRIMARY KEY (number)
);

CREATE TABLE erasure (
    number INTEGER NOT NULL,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    customer TEXT NOT NULL,
    ticket TEXT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (number)
);

CREATE INDEX erasure_ticket ON erasure (ticket, at) WHERE ticket <> '';

CREATE TABLE trace (
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (kind, name)
) WITHOUT ROWID;

ALTER TABLE bundle ADD COLUMN approved_by TEXT NOT NULL DEFAULT '';
ALTER TABLE bundle ADD COLUMN rights TEXT NOT NULL DEFAULT '';
ALTER TABLE command ADD COLUMN salt TEXT;
CREATE INDEX command_salted ON command (at) WHERE salt <> '';
