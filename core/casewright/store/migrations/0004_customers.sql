-- Customers: their two sides, what they are known by, and every contact with them.
CREATE TABLE customer_of_before (
    id TEXT NOT NULL,
    record TEXT NOT NULL,
    PRIMARY KEY (id)
);
INSERT INTO customer_of_before (id, record) SELECT id, record FROM customer ORDER BY id;
DROP TABLE customer;

CREATE TABLE customer (
    number INTEGER NOT NULL,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    client TEXT NOT NULL,
    tier TEXT NOT NULL,
    brand TEXT NOT NULL,
    merged_into TEXT,
    record TEXT NOT NULL,
    PRIMARY KEY (number)
);

CREATE UNIQUE INDEX customer_id ON customer (id);

CREATE INDEX customer_client ON customer (client, id) WHERE client <> '';

CREATE INDEX customer_merged ON customer (merged_into, id) WHERE merged_into IS NOT NULL;

INSERT INTO customer (id, name, kind, client, tier, brand, record)
SELECT id, coalesce(json_extract(record, '$.name'), ''), 'end', '', coalesce(json_extract(record, '$.tier'), ''), '',
    json_remove(record, '$.name', '$.tier')
FROM customer_of_before ORDER BY id;
DROP TABLE customer_of_before;

-- Every value by which a customer is found; it is an index over the customers.
CREATE TABLE customer_identity (
    kind TEXT NOT NULL,
    value TEXT NOT NULL,
    customer BIGINT NOT NULL,
    PRIMARY KEY (kind, value, customer),
    FOREIGN KEY(customer) REFERENCES customer (number)
)
 WITHOUT ROWID;

CREATE INDEX customer_identity_value ON customer_identity (value);

CREATE INDEX customer_identity_customer ON customer_identity (customer);

INSERT INTO customer_identity (kind, value, customer)
SELECT 'phone', json_extract(record, '$.phone'), number FROM customer WHERE json_extract(record, '$.phone') <> '';
INSERT INTO customer_identity (kind, value, customer)
SELECT 'email', lower(json_extract(record, '$.email')), number FROM customer WHERE json_extract(record, '$.email') <> '';

CREATE TABLE customer_contact (
    id INTEGER NOT NULL,
    customer TEXT NOT NULL,
    at BIGINT NOT NULL,
    channel TEXT NOT NULL,
    direction TEXT NOT NULL,
    agent TEXT NOT NULL,
    resolved TEXT NOT NULL,
    ticket_id BIGINT,
    sequence BIGINT,
    record TEXT NOT NULL,
    PRIMARY KEY (id),
    FOREIGN KEY(ticket_id) REFERENCES ticket (id)
);

CREATE INDEX customer_contact_at ON customer_contact (customer, at, id);

CREATE INDEX customer_contact_unresolved ON customer_contact (customer, id) WHERE resolved = 'no';

-- Contacts that were recorded on tickets stand in the tickets' histories, and are found from here.
INSERT INTO customer_contact (customer, at, channel, direction, agent, resolved, ticket_id, sequence, record)
SELECT ticket.customer, json_extract(event.body, '$.at'), coalesce(json_extract(event.body, '$.facts.channel'), ''),
    CASE json_extract(event.body, '$.facts.contact') WHEN 'attempt' THEN 'out' ELSE 'in' END,
    json_extract(event.body, '$.actor'), 'unknown', ticket.id, event.sequence,
    json_object('kind', json_extract(event.body, '$.facts.contact'))
FROM event JOIN ticket ON ticket.id = event.ticket_id
WHERE ticket.customer IS NOT NULL AND json_extract(event.body, '$.kind') = 'ContactRecorded'
ORDER BY event.id;
