-- How many tickets stand in a state; the table of 0012_tallies.sql with the triggers of `postgres_triggers.sql`.

CREATE TABLE tally (
	workflow TEXT COLLATE "C" NOT NULL,
	bundle TEXT COLLATE "C" NOT NULL,
	state TEXT COLLATE "C" NOT NULL,
	tickets BIGINT NOT NULL,
	unassigned BIGINT NOT NULL,
	unclosed BIGINT NOT NULL,
	PRIMARY KEY (workflow, bundle, state)
);

CREATE FUNCTION tally_add(text, text, text, bigint, bigint, bigint) RETURNS void LANGUAGE sql
AS $$ INSERT INTO tally (workflow, bundle, state, tickets, unassigned, unclosed) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (workflow, bundle, state) DO UPDATE SET tickets = tally.tickets + $4, unassigned = tally.unassigned + $5, unclosed = tally.unclosed + $6 $$;

CREATE FUNCTION tally_kept() RETURNS trigger LANGUAGE plpgsql
AS $$ BEGIN IF TG_OP <> 'INSERT' THEN PERFORM tally_add(OLD.workflow, OLD.bundle, OLD.state, -1, -(OLD.handler IS NULL)::int, -(OLD.closed_at IS NULL)::int); END IF; IF TG_OP <> 'DELETE' THEN PERFORM tally_add(NEW.workflow, NEW.bundle, NEW.state, 1, (NEW.handler IS NULL)::int, (NEW.closed_at IS NULL)::int); END IF; RETURN NULL; END $$;

CREATE TRIGGER tally_new_or_gone AFTER INSERT OR DELETE ON ticket FOR EACH ROW EXECUTE FUNCTION tally_kept();

CREATE TRIGGER tally_moved AFTER UPDATE OF workflow, bundle, state, handler, closed_at ON ticket FOR EACH ROW WHEN (NEW.state <> OLD.state OR (NEW.handler IS NULL) <> (OLD.handler IS NULL) OR (NEW.closed_at IS NULL) <> (OLD.closed_at IS NULL) OR NEW.bundle <> OLD.bundle OR NEW.workflow <> OLD.workflow) EXECUTE FUNCTION tally_kept();

INSERT INTO tally (workflow, bundle, state, tickets, unassigned, unclosed)
SELECT workflow, bundle, state, count(*), count(*) - count(handler), count(*) - count(closed_at) FROM ticket GROUP BY workflow, bundle, state;
