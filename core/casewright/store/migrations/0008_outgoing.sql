-- Other systems that are told of events: how far each has been looked after, and what still waits for it.

CREATE TABLE webhook (
    name TEXT NOT NULL,
    looked_at BIGINT NOT NULL,
    began_at BIGINT NOT NULL,
    delivered_at BIGINT,
    error TEXT NOT NULL,
    PRIMARY KEY (name)
);

CREATE TABLE webhook_event (
    webhook TEXT NOT NULL,
    event_id BIGINT NOT NULL,
    ticket_id BIGINT NOT NULL,
    state TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    begun_at BIGINT NOT NULL,
    next_at BIGINT NOT NULL,
    detail TEXT NOT NULL,
    PRIMARY KEY (webhook, event_id)
) WITHOUT ROWID;
CREATE INDEX webhook_event_next ON webhook_event (webhook, next_at, event_id) WHERE state <> 'dead';
CREATE INDEX webhook_event_ticket ON webhook_event (webhook, ticket_id, event_id) WHERE state <> 'dead';
