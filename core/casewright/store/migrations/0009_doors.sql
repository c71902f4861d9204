-- The doors: the SSH keys by which people come in.

CREATE TABLE ssh_key (
    person TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    label TEXT NOT NULL,
    line TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    used_at BIGINT,
    PRIMARY KEY (person, fingerprint)
);
