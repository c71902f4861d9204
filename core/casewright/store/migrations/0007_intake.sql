-- Intake: what came in from outside and what became of it, and which mails belong to which ticket.

CREATE TABLE arrival (
    id INTEGER NOT NULL,
    channel TEXT NOT NULL,
    "key" TEXT NOT NULL,
    kind TEXT NOT NULL,
    at BIGINT NOT NULL,
    state TEXT NOT NULL,
    ticket_id BIGINT,
    sender TEXT NOT NULL,
    verdict TEXT NOT NULL,
    reason TEXT NOT NULL,
    reference TEXT NOT NULL,
    confirmed TEXT NOT NULL,
    record TEXT NOT NULL,
    PRIMARY KEY (id),
    FOREIGN KEY(ticket_id) REFERENCES ticket (id)
);
CREATE UNIQUE INDEX arrival_key ON arrival (channel, "key");
CREATE INDEX arrival_state ON arrival (state, id);
CREATE INDEX arrival_sender ON arrival (sender, at) WHERE sender <> '';
CREATE INDEX arrival_ticket ON arrival (ticket_id) WHERE ticket_id IS NOT NULL;

CREATE TABLE thread (
    message_id TEXT NOT NULL,
    ticket_id BIGINT NOT NULL,
    direction TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (message_id, ticket_id),
    FOREIGN KEY(ticket_id) REFERENCES ticket (id)
) WITHOUT ROWID;
CREATE INDEX thread_ticket ON thread (ticket_id, at);
