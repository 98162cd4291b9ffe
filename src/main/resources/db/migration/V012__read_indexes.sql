-- Exports that run keep this from its locks, and all others wait meanwhile: it is rather tried again.
SET LOCAL lock_timeout = '3s';
LOCK TABLE counts IN SHARE ROW EXCLUSIVE MODE;

-- The original system let a log bear the name of another application than its own. Who asks for an application asks by its
-- id, which is shorter in an index and compared faster than a name.
UPDATE logs SET app = apps.name FROM apps WHERE apps.id = logs.app_id AND logs.app <> apps.name;

-- Rows come in the order of their time, most of them: an ascending index is written at its end and stays small. Ids come in
-- that order too, and few ask for one: a summary of each range of pages will do.
DROP INDEX logs_id, logs_timestamp_brin, logs_timestamp, logs_app_timestamp, logs_app_timestamp_errors;
CREATE INDEX logs_id ON logs USING brin (id) WITH (pages_per_range = 32);
CREATE INDEX logs_timestamp ON logs (timestamp);
CREATE INDEX logs_app_timestamp ON logs (app_id, timestamp);
CREATE INDEX logs_app_timestamp_errors ON logs (app_id, timestamp) WHERE level IN ('ERROR', 'CRITICAL');

-- Numbers of logs by day (its midnight in UTC), of those that are folded into counts: the same numbers, fewer rows.
CREATE TABLE day_counts (
    day     timestamptz  NOT NULL,
    app_id  integer      NOT NULL,
    level   varchar(20)  NOT NULL,
    service varchar(100) NOT NULL,
    n       bigint       NOT NULL,
    PRIMARY KEY (day, app_id, level, service)
);
INSERT INTO day_counts
SELECT date_trunc('day', hour, 'UTC'), app_id, level, service, sum(n)
FROM counts
GROUP BY 1, 2, 3, 4;

-- As before, but it leaves the other days' partitions alone: each may be in use for long.
CREATE OR REPLACE FUNCTION ensure_partition(parent text, key text, day date, low text, high text) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    partition text := parent || '_' || to_char(day, 'YYYYMMDD');
    rest      text := parent || '_default';
BEGIN
    IF to_regclass(partition) IS NOT NULL THEN
        RETURN;
    END IF;
    EXECUTE format('LOCK TABLE ONLY %I, ONLY %I IN ACCESS EXCLUSIVE MODE', parent, rest);
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
