-- Queues: the next deadline of each ticket beside it, and the orders in which people work.

ALTER TABLE ticket ADD COLUMN due_at BIGINT DEFAULT 9007199254740991 NOT NULL;

ALTER TABLE ticket ADD COLUMN promise TEXT DEFAULT '' NOT NULL;

ALTER TABLE ticket ADD COLUMN paused BIGINT DEFAULT 0 NOT NULL;

ALTER TABLE ticket ADD COLUMN urgency BIGINT DEFAULT 0 NOT NULL;

UPDATE ticket SET (due_at, promise) = (
    SELECT min(json_extract(one.value, '$.due_at'), 9007199254740990), one.key
    FROM json_each(ticket.record, '$.clocks') AS one
    WHERE json_extract(one.value, '$.end') IS NULL AND json_extract(one.value, '$.due_at') IS NOT NULL
    AND (json_extract(one.value, '$.breached_at') IS NOT NULL OR NOT coalesce(json_extract(one.value, '$.spans[#-1][1]'), 0))
    ORDER BY 1, one.key LIMIT 1
) WHERE EXISTS (
    SELECT 1 FROM json_each(ticket.record, '$.clocks') AS one
    WHERE json_extract(one.value, '$.end') IS NULL AND json_extract(one.value, '$.due_at') IS NOT NULL
    AND (json_extract(one.value, '$.breached_at') IS NOT NULL OR NOT coalesce(json_extract(one.value, '$.spans[#-1][1]'), 0))
);

UPDATE ticket SET paused = EXISTS (
    SELECT 1 FROM json_each(ticket.record, '$.clocks') AS one
    WHERE json_extract(one.value, '$.end') IS NULL AND json_extract(one.value, '$.breached_at') IS NULL
    AND json_extract(one.value, '$.spans[#-1][1]')
) AND NOT EXISTS (
    SELECT 1 FROM json_each(ticket.record, '$.clocks') AS one
    WHERE json_extract(one.value, '$.end') IS NULL
    AND (json_extract(one.value, '$.breached_at') IS NOT NULL OR NOT coalesce(json_extract(one.value, '$.spans[#-1][1]'), 0))
);

UPDATE ticket SET urgency =
    CASE priority WHEN 'urgent' THEN 0 WHEN 'high' THEN 1 WHEN 'normal' THEN 2 ELSE 3 END * 1099511627776 + due_at / 1000000;

CREATE INDEX ticket_due ON ticket (due_at, id, handler) WHERE closed_at IS NULL;

CREATE INDEX ticket_handler_due ON ticket (handler, due_at) WHERE closed_at IS NULL;

CREATE INDEX ticket_open ON ticket (closed_at) WHERE closed_at IS NULL;

CREATE INDEX ticket_age ON ticket (opened_at, workflow) WHERE closed_at IS NULL;

CREATE INDEX ticket_updated ON ticket (updated_at);

CREATE INDEX ticket_open_updated ON ticket (updated_at) WHERE closed_at IS NULL;

CREATE INDEX ticket_urgency ON ticket (urgency) WHERE closed_at IS NULL;

CREATE INDEX ticket_board ON ticket (workflow, state, handler, due_at, opened_at, paused) WHERE closed_at IS NULL;

CREATE INDEX notice_unseen ON notice (recipient) WHERE state IN ('accepted', 'unknown', 'delivered', 'expired');
