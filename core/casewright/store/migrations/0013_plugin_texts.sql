-- The full-text index that plugins find their documents in, by the tokens that tickets are found by.

CREATE TABLE plugin_document (
    id INTEGER NOT NULL,
    plugin TEXT NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (id)
);
CREATE UNIQUE INDEX plugin_document_name ON plugin_document (plugin, name);

CREATE VIRTUAL TABLE plugin_text USING fts5(labels, strong, middle, weak, tokenize='unicode61 remove_diacritics 0');
