-- Time: timers, the sweep's inbox, calendars, and notices with their deliveries.

CREATE TABLE timer (
    due_at BIGINT NOT NULL,
    ticket_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (due_at, ticket_id, name)
) WITHOUT ROWID;

CREATE TABLE inbox (
    due_at BIGINT NOT NULL,
    ticket_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    next_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    error TEXT NOT NULL,
    PRIMARY KEY (due_at, ticket_id, name)
) WITHOUT ROWID;

CREATE TABLE lease (
    name TEXT NOT NULL,
    holder TEXT NOT NULL,
    until BIGINT NOT NULL,
    PRIMARY KEY (name)
);

CREATE TABLE calendar (
    digest TEXT NOT NULL,
    name TEXT NOT NULL,
    content BLOB NOT NULL,
    published_at BIGINT NOT NULL,
    published_by TEXT NOT NULL,
    PRIMARY KEY (digest)
);

CREATE TABLE notice (
    id INTEGER NOT NULL,
    "key" TEXT NOT NULL,
    ticket_id BIGINT NOT NULL,
    sequence BIGINT NOT NULL,
    recipient TEXT NOT NULL,
    via TEXT NOT NULL,
    reason TEXT NOT NULL,
    state TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    send_at BIGINT NOT NULL,
    due_at BIGINT,
    delivery_id BIGINT,
    body TEXT NOT NULL,
    PRIMARY KEY (id),
    FOREIGN KEY(ticket_id) REFERENCES ticket (id)
);

CREATE INDEX notice_delivery ON notice (delivery_id) WHERE delivery_id IS NOT NULL;

CREATE UNIQUE INDEX notice_key ON notice ("key");

CREATE INDEX notice_recipient ON notice (recipient, id);

CREATE INDEX notice_ticket ON notice (ticket_id, id);

CREATE INDEX notice_waiting ON notice (send_at, id) WHERE state = 'queued' AND delivery_id IS NULL;

CREATE TABLE notice_hop (
    notice_id BIGINT NOT NULL,
    number BIGINT NOT NULL,
    state TEXT NOT NULL,
    at BIGINT NOT NULL,
    detail TEXT NOT NULL,
    PRIMARY KEY (notice_id, number),
    FOREIGN KEY(notice_id) REFERENCES notice (id)
) WITHOUT ROWID;

CREATE TABLE delivery (
    id INTEGER NOT NULL,
    "key" TEXT NOT NULL,
    via TEXT NOT NULL,
    recipient TEXT NOT NULL,
    state TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    next_at BIGINT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (id)
);

CREATE UNIQUE INDEX delivery_key ON delivery ("key");

CREATE INDEX delivery_next ON delivery (next_at, id) WHERE state IN ('queued', 'submitted', 'accepted');

CREATE INDEX delivery_recipient ON delivery (recipient, via, created_at);

CREATE TABLE delivery_attempt (
    delivery_id BIGINT NOT NULL,
    number BIGINT NOT NULL,
    at BIGINT NOT NULL,
    ended_at BIGINT,
    outcome TEXT NOT NULL,
    detail TEXT NOT NULL,
    PRIMARY KEY (delivery_id, number),
    FOREIGN KEY(delivery_id) REFERENCES delivery (id)
) WITHOUT ROWID;

CREATE TABLE delivery_part (
    via TEXT NOT NULL,
    provider_id TEXT NOT NULL,
    delivery_id BIGINT,
    state TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (via, provider_id),
    FOREIGN KEY(delivery_id) REFERENCES delivery (id)
) WITHOUT ROWID;

CREATE INDEX delivery_part_delivery ON delivery_part (delivery_id) WHERE delivery_id IS NOT NULL;

-- What waited in the outbox of the version before goes on waiting as a notice.
INSERT INTO notice (id, "key", ticket_id, sequence, recipient, via, reason, state, created_at, send_at, body)
SELECT id, 'outbox/' || id, ticket_id, sequence, json_extract(body, '$.to'), json_extract(body, '$.via'),
    json_extract(body, '$.reason'),
    CASE WHEN state = 'queued' AND json_extract(body, '$.via') = 'notice' THEN 'delivered' ELSE state END,
    created_at, created_at, json_object('message', json_extract(body, '$.message'))
FROM outbox;
DROP TABLE outbox;
