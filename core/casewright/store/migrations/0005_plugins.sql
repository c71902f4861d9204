-- Plugins: what became of each, their own migrations and jobs; and the chain of the commands that are about no ticket.

CREATE TABLE plugin (
    name TEXT NOT NULL,
    record TEXT NOT NULL,
    PRIMARY KEY (name)
);

CREATE TABLE plugin_migration (
    plugin TEXT NOT NULL,
    number BIGINT NOT NULL,
    name TEXT NOT NULL,
    digest TEXT NOT NULL,
    applied_at BIGINT NOT NULL,
    PRIMARY KEY (plugin, number)
) WITHOUT ROWID;

CREATE TABLE plugin_job (
    plugin TEXT NOT NULL,
    name TEXT NOT NULL,
    due_at BIGINT,
    ran_at BIGINT,
    attempts BIGINT NOT NULL,
    error TEXT NOT NULL,
    PRIMARY KEY (plugin, name)
) WITHOUT ROWID;

-- The head of a chain that belongs to no ticket: the number and the hash of its newest link.
CREATE TABLE chain (
    name TEXT NOT NULL,
    number BIGINT NOT NULL,
    head BLOB NOT NULL,
    PRIMARY KEY (name)
);

ALTER TABLE command ADD COLUMN number BIGINT;
ALTER TABLE command ADD COLUMN answer TEXT;
ALTER TABLE command ADD COLUMN body TEXT;
ALTER TABLE command ADD COLUMN hash BLOB;

CREATE UNIQUE INDEX command_number ON command (number);

-- What came before stays as it is, without a number: the chain begins after it, and only how many there are is held.
INSERT INTO meta (name, value) SELECT 'commands before the chain', count(*) FROM command;
INSERT INTO chain (name, number, head) VALUES ('command', 0, zeroblob(32));
