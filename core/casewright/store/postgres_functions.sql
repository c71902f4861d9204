-- What the store's SQL uses of SQLite and PostgreSQL has not; made with the schema, and found in it alone.

CREATE FUNCTION as_bytes(text) RETURNS bytea LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$ SELECT convert_to($1, 'UTF8') $$;

CREATE FUNCTION as_bytes(bytea) RETURNS bytea LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$ SELECT $1 $$;

CREATE FUNCTION as_bytes(bigint) RETURNS bigint LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$ SELECT $1 $$;

CREATE FUNCTION as_text(bytea) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$ SELECT convert_from($1, 'UTF8') $$;

CREATE FUNCTION as_text(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$ SELECT $1 $$;

CREATE FUNCTION instr(text, text) RETURNS integer LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$ SELECT strpos($1, $2) $$;

CREATE FUNCTION max(bigint, bigint) RETURNS bigint LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$ SELECT greatest($1, $2) $$;

CREATE FUNCTION min(bigint, bigint) RETURNS bigint LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$ SELECT least($1, $2) $$;

CREATE FUNCTION one_more(bigint, boolean) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT CASE WHEN $2 IS NULL THEN $1 ELSE coalesce($1, 0) + $2::integer END $$;

CREATE AGGREGATE sum(boolean) (SFUNC = one_more, STYPE = bigint);

CREATE FUNCTION json_extract(text, text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$ SELECT ($1::json) #>> string_to_array(replace(trim(LEADING '.' FROM trim(LEADING '$' FROM replace($2, '[', '.'))), ']', ''), '.') $$;

CREATE FUNCTION json_each(text) RETURNS TABLE (value text) LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE ROWS 20
AS $$ SELECT one #>> '{}' FROM json_array_elements($1::json) AS one $$;

CREATE FUNCTION json_each(text, text) RETURNS TABLE (value text) LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE ROWS 20
AS $$ SELECT one #>> '{}' FROM json_array_elements(($1::json) -> substr($2, 3)) AS one $$;

CREATE FUNCTION json_remove(text, text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$ SELECT '{' || coalesce(string_agg(to_json(one.key)::text || ':' || one.value::text, ',' ORDER BY one.number), '') || '}'
FROM json_each($1::json) WITH ORDINALITY AS one (key, value, number) WHERE one.key <> substr($2, 3) $$;

CREATE FUNCTION json(text) RETURNS json LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$ SELECT $1::json $$;

CREATE FUNCTION json_set(text, text, json) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$ SELECT '{' || string_agg(to_json(one.key)::text || ':' || one.value::text, ',' ORDER BY one.number) || '}'
FROM (
    SELECT key, value, number FROM json_each($1::json) WITH ORDINALITY AS old (key, value, number) WHERE key <> substr($2, 3)
    UNION ALL SELECT substr($2, 3), $3, 9223372036854775807
) AS one $$;

CREATE FUNCTION json_object(VARIADIC text[]) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$ SELECT '{' || string_agg(to_json($1[place])::text || ':' || to_json($1[place + 1])::text, ',' ORDER BY place) || '}'
FROM generate_series(1, cardinality($1), 2) AS place $$;

CREATE FUNCTION lexemes(text) RETURNS tsvector LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$ SELECT array_to_tsvector(ARRAY(SELECT DISTINCT left(one, 500) FROM unnest(string_to_array($1, ' ')) AS one WHERE one <> '')) $$;

CREATE TABLE ticket_text (
    rowid BIGINT NOT NULL,
    tokens TEXT COLLATE "C" NOT NULL,
    lexemes TSVECTOR GENERATED ALWAYS AS (lexemes(tokens)) STORED,
    PRIMARY KEY (rowid)
);

CREATE INDEX ticket_text_lexemes ON ticket_text USING gin (lexemes) WITH (fastupdate = off);

CREATE FUNCTION substr(text, bigint) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$ SELECT pg_catalog.substr($1, $2::int) $$;

CREATE FUNCTION substr(text, bigint, bigint) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$ SELECT pg_catalog.substr($1, $2::int, $3::int) $$;

CREATE FUNCTION weighted(text, text) RETURNS tsvector LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$ SELECT coalesce(string_agg('''' || replace(replace(left(one, 500), '\', '\\'), '''', '''''') || ''':' || least(place, 16383) || $2, ' '), '')::tsvector
FROM unnest(string_to_array($1, ' ')) WITH ORDINALITY AS found (one, place) WHERE one <> '' $$;

CREATE TABLE plugin_text (
    rowid BIGINT NOT NULL,
    labels TEXT COLLATE "C" NOT NULL,
    strong TEXT COLLATE "C" NOT NULL,
    middle TEXT COLLATE "C" NOT NULL,
    weak TEXT COLLATE "C" NOT NULL,
    lexemes TSVECTOR GENERATED ALWAYS AS (lexemes(labels) || weighted(strong, 'A') || weighted(middle, 'B') || weighted(weak, 'C')) STORED,
    PRIMARY KEY (rowid)
);

CREATE INDEX plugin_text_lexemes ON plugin_text USING gin (lexemes) WITH (fastupdate = off);

INSERT INTO meta (name, value) VALUES ('configuration', 0), ('commands before the chain', 0), ('reach', 0);

INSERT INTO chain (name, number, head) VALUES ('command', 0, '\x0000000000000000000000000000000000000000000000000000000000000000'), ('access', 0, '\x0000000000000000000000000000000000000000000000000000000000000000');
