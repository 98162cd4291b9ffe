-- The table of the original system, if this is its database, makes room; V002 takes its logs over.
DO $$
BEGIN
    IF to_regclass('logs') IS NULL THEN
        RETURN;
    END IF;
    IF (SELECT count(*) FROM pg_attribute WHERE attrelid = 'logs'::regclass AND NOT attisdropped AND attname IN
            ('id', 'app_id', 'app', 'level', 'service', 'message', 'metadata_', 'timestamp')) < 8 THEN
        RAISE EXCEPTION 'the database has a table named logs that is not the original system''s';
    END IF;
    ALTER TABLE logs RENAME TO logs_original;
END
$$;

-- Applications. The columns are those of the original system, whose table stays as it is.
CREATE TABLE IF NOT EXISTS apps (
    id          serial PRIMARY KEY,
    name        varchar(100) NOT NULL UNIQUE,
    description varchar(255)
);

-- Logs, one partition a day. No foreign key to apps: it would cost as much as the whole row; the writer checks the few
-- applications of a batch once and locks them.
CREATE TABLE logs (
    id          bigserial    NOT NULL,
    app_id      integer      NOT NULL,
    app         varchar(100) NOT NULL,
    level       varchar(20)  NOT NULL,
    service     varchar(100) NOT NULL,
    message     text         NOT NULL,
    metadata_   jsonb,
    timestamp   timestamptz  NOT NULL,
    received_at timestamptz  NOT NULL
) PARTITION BY RANGE (timestamp);
CREATE TABLE logs_default PARTITION OF logs DEFAULT;

CREATE INDEX logs_id ON logs (id);
CREATE INDEX logs_timestamp_brin ON logs USING brin (timestamp);
CREATE INDEX logs_timestamp ON logs (timestamp DESC);
CREATE INDEX logs_app_timestamp ON logs (app, timestamp DESC);
CREATE INDEX logs_app_timestamp_errors ON logs (app, timestamp DESC) WHERE level IN ('ERROR', 'CRITICAL');

-- What was stored. A chunk's receipt is inserted in the transaction of its rows; a second one can't be, so that a chunk
-- that comes again is recognised. The ids begin with their time: one partition a day, dropped as a whole.
CREATE TABLE receipts (
    id        uuid        NOT NULL PRIMARY KEY,
    stored_at timestamptz NOT NULL DEFAULT now()
) PARTITION BY RANGE (id);
CREATE TABLE receipts_default PARTITION OF receipts DEFAULT;

-- Numbers of logs by hour of their timestamp. Each transaction appends to count_deltas, from time to time these are
-- folded into counts; the truth is the sum of both.
CREATE TABLE counts (
    hour    timestamptz  NOT NULL,
    app_id  integer      NOT NULL,
    level   varchar(20)  NOT NULL,
    service varchar(100) NOT NULL,
    n       bigint       NOT NULL,
    PRIMARY KEY (hour, app_id, level, service)
);
CREATE TABLE count_deltas (
    hour    timestamptz  NOT NULL,
    app_id  integer      NOT NULL,
    level   varchar(20)  NOT NULL,
    service varchar(100) NOT NULL,
    n       bigint       NOT NULL
);

-- Makes the partition of one day unless it is there; rows of that day move over from the default partition.
CREATE FUNCTION ensure_partition(parent text, key text, day date, low text, high text) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    partition text := parent || '_' || to_char(day, 'YYYYMMDD');
    rest      text := parent || '_default';
BEGIN
    IF to_regclass(partition) IS NOT NULL THEN
        RETURN;
    END IF;
    EXECUTE format('LOCK TABLE %I IN ACCESS EXCLUSIVE MODE', parent);
    IF to_regclass(partition) IS NOT NULL THEN
        RETURN;
    END IF;
    EXECUTE format('CREATE TEMP TABLE moving ON COMMIT DROP AS SELECT * FROM %I WHERE %I >= %L AND %I < %L',
                   rest, key, low, key, high);
    EXECUTE format('DELETE FROM %I WHERE %I >= %L AND %I < %L', rest, key, low, key, high);
    EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)', partition, parent, low, high);
    EXECUTE format('INSERT INTO %I SELECT * FROM moving', parent);
    DROP TABLE moving;
END
$$;

CREATE FUNCTION ensure_logs_partition(day date) RETURNS void
LANGUAGE sql AS $$
    SELECT ensure_partition('logs', 'timestamp', day, day || ' 00:00:00+00', day + 1 || ' 00:00:00+00')
$$;

-- The smallest UUID whose first 48 bits, milliseconds since 1970 (RFC 9562, version 7), fall on a day.
CREATE FUNCTION first_uuid(day date) RETURNS uuid
LANGUAGE sql IMMUTABLE AS $$
    SELECT (lpad(to_hex((day - DATE '1970-01-01')::bigint * 86400000), 12, '0') || repeat('0', 20))::uuid
$$;

CREATE FUNCTION ensure_receipts_partition(day date) RETURNS void
LANGUAGE sql AS $$
    SELECT ensure_partition('receipts', 'id', day, first_uuid(day)::text, first_uuid(day + 1)::text)
$$;
