-- Announcements to groups of the staff, and who has read them.
CREATE TABLE announcement (
    id INTEGER NOT NULL,
    command_id TEXT NOT NULL,
    valid_from BIGINT NOT NULL,
    valid_until BIGINT,
    published_at BIGINT NOT NULL,
    published_by TEXT NOT NULL,
    withdrawn_at BIGINT,
    withdrawn_by TEXT,
    record TEXT NOT NULL,
    PRIMARY KEY (id)
);

CREATE UNIQUE INDEX announcement_command ON announcement (command_id);

CREATE TABLE announcement_read (
    announcement_id BIGINT NOT NULL,
    person TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (announcement_id, person),
    FOREIGN KEY(announcement_id) REFERENCES announcement (id)
)
 WITHOUT ROWID;
