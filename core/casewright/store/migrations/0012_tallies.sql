-- How many tickets stand in a state, kept by the database itself with every ticket: a million are not counted to be shown.

CREATE TABLE tally (
    workflow TEXT NOT NULL,
    bundle TEXT NOT NULL,
    state TEXT NOT NULL,
    tickets BIGINT NOT NULL,
    unassigned BIGINT NOT NULL,
    unclosed BIGINT NOT NULL,
    PRIMARY KEY (workflow, bundle, state)
) WITHOUT ROWID;

CREATE TRIGGER tally_new AFTER INSERT ON ticket BEGIN INSERT INTO tally (workflow, bundle, state, tickets, unassigned, unclosed) VALUES (new.workflow, new.bundle, new.state, 1, new.handler IS NULL, new.closed_at IS NULL) ON CONFLICT (workflow, bundle, state) DO UPDATE SET tickets = tickets + 1, unassigned = unassigned + excluded.unassigned, unclosed = unclosed + excluded.unclosed; END;

CREATE TRIGGER tally_gone AFTER DELETE ON ticket BEGIN UPDATE tally SET tickets = tickets - 1, unassigned = unassigned - (old.handler IS NULL), unclosed = unclosed - (old.closed_at IS NULL) WHERE workflow = old.workflow AND bundle = old.bundle AND state = old.state; END;

CREATE TRIGGER tally_moved AFTER UPDATE OF workflow, bundle, state, handler, closed_at ON ticket WHEN new.state <> old.state OR (new.handler IS NULL) <> (old.handler IS NULL) OR (new.closed_at IS NULL) <> (old.closed_at IS NULL) OR new.bundle <> old.bundle OR new.workflow <> old.workflow BEGIN UPDATE tally SET tickets = tickets - 1, unassigned = unassigned - (old.handler IS NULL), unclosed = unclosed - (old.closed_at IS NULL) WHERE workflow = old.workflow AND bundle = old.bundle AND state = old.state; INSERT INTO tally (workflow, bundle, state, tickets, unassigned, unclosed) VALUES (new.workflow, new.bundle, new.state, 1, new.handler IS NULL, new.closed_at IS NULL) ON CONFLICT (workflow, bundle, state) DO UPDATE SET tickets = tickets + 1, unassigned = unassigned + excluded.unassigned, unclosed = unclosed + excluded.unclosed; END;

INSERT INTO tally (workflow, bundle, state, tickets, unassigned, unclosed)
SELECT workflow, bundle, state, count(*), count(*) - count(handler), count(*) - count(closed_at) FROM ticket GROUP BY workflow, bundle, state;
