-- The foundation: people, workflows, tickets, their histories and the outbox.

CREATE TABLE bundle (
    digest TEXT NOT NULL,
    workflow TEXT NOT NULL,
    content BLOB NOT NULL,
    published_at BIGINT NOT NULL,
    published_by TEXT NOT NULL,
    PRIMARY KEY (digest)
);

CREATE TABLE command (
    id TEXT NOT NULL,
    digest TEXT NOT NULL,
    kind TEXT NOT NULL,
    actor TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (id)
);

CREATE TABLE configuration (
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    content TEXT NOT NULL,
    PRIMARY KEY (kind, name)
);

CREATE TABLE counter (
    prefix TEXT NOT NULL,
    year BIGINT NOT NULL,
    last BIGINT NOT NULL,
    PRIMARY KEY (prefix, year)
);

CREATE TABLE customer (
    id TEXT NOT NULL,
    record TEXT NOT NULL,
    PRIMARY KEY (id)
);

CREATE TABLE meta (
    name TEXT NOT NULL,
    value BIGINT NOT NULL,
    PRIMARY KEY (name)
);

CREATE TABLE person (
    name TEXT NOT NULL,
    active BIGINT NOT NULL,
    record TEXT NOT NULL,
    PRIMARY KEY (name)
);

CREATE TABLE workflow (
    name TEXT NOT NULL,
    digest TEXT NOT NULL,
    PRIMARY KEY (name)
);

CREATE TABLE ticket (
    id INTEGER NOT NULL,
    "key" TEXT NOT NULL,
    workflow TEXT NOT NULL,
    bundle TEXT NOT NULL,
    opened_at BIGINT NOT NULL,
    handler TEXT,
    owner TEXT NOT NULL,
    customer TEXT,
    parent TEXT,
    lineage TEXT NOT NULL,
    closed_at BIGINT,
    state TEXT NOT NULL,
    priority TEXT NOT NULL,
    version BIGINT NOT NULL,
    sequence BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    head BLOB NOT NULL,
    record TEXT NOT NULL,
    fields TEXT NOT NULL,
    PRIMARY KEY (id),
    FOREIGN KEY(bundle) REFERENCES bundle (digest)
);
CREATE INDEX ticket_customer ON ticket (customer, id);
CREATE INDEX ticket_handler ON ticket (handler, id) WHERE closed_at IS NULL;
CREATE UNIQUE INDEX ticket_key ON ticket ("key");
CREATE INDEX ticket_lineage ON ticket (lineage, id) WHERE lineage <> key;
CREATE INDEX ticket_owner ON ticket (owner, id) WHERE closed_at IS NULL;
CREATE INDEX ticket_parent ON ticket (parent, id) WHERE parent IS NOT NULL;

CREATE TABLE event (
    id INTEGER NOT NULL,
    ticket_id BIGINT NOT NULL,
    sequence BIGINT NOT NULL,
    command_id TEXT,
    body TEXT NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (id),
    FOREIGN KEY(ticket_id) REFERENCES ticket (id)
);
CREATE UNIQUE INDEX event_command ON event (command_id) WHERE command_id IS NOT NULL;
CREATE UNIQUE INDEX event_sequence ON event (ticket_id, sequence);

CREATE TABLE event_value (
    ticket_id BIGINT NOT NULL,
    sequence BIGINT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (ticket_id, sequence),
    FOREIGN KEY(ticket_id) REFERENCES ticket (id)
)
 WITHOUT ROWID;

CREATE TABLE outbox (
    id INTEGER NOT NULL,
    ticket_id BIGINT NOT NULL,
    sequence BIGINT NOT NULL,
    state TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (id),
    FOREIGN KEY(ticket_id) REFERENCES ticket (id)
);
CREATE INDEX outbox_state ON outbox (state, id) WHERE state = 'queued';
CREATE INDEX outbox_ticket ON outbox (ticket_id);

CREATE VIRTUAL TABLE ticket_text USING fts5(tokens, tokenize='unicode61 remove_diacritics 0');

INSERT INTO meta (name, value) VALUES ('configuration', 0);
