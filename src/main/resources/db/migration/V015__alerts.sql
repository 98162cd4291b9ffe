-- Exports that run keep this from its locks, and all others wait meanwhile: it is rather tried again.
SET LOCAL lock_timeout = '3s';

-- When the numbers were stored: alerts go by that, whatever the clocks of producers say and however long logs have waited.
ALTER TABLE count_deltas ADD COLUMN stored_at timestamptz NOT NULL DEFAULT clock_timestamp();

-- Numbers of logs by when they were stored, for alerts: of the last day, in parts of time that are the longer the older they
-- are. They are folded from count_deltas; what is committed so late that it wasn't in the fold before counts as stored when it
-- is folded. stored_by is the end of the part.
CREATE TABLE recent_counts (
    stored_by timestamptz  NOT NULL,
    seconds   smallint     NOT NULL,
    app_id    integer      NOT NULL,
    level     varchar(20)  NOT NULL,
    service   varchar(100) NOT NULL,
    n         bigint       NOT NULL
);
CREATE INDEX recent_counts_stored_by ON recent_counts (stored_by);
CREATE INDEX recent_counts_seconds ON recent_counts (seconds, stored_by);

-- When each source was heard last.
CREATE TABLE last_stored (
    app_id    integer      NOT NULL,
    level     varchar(20)  NOT NULL,
    service   varchar(100) NOT NULL,
    stored_at timestamptz  NOT NULL,
    PRIMARY KEY (app_id, level, service)
);

-- Each fold of the last day, with the largest id that a log had by then. counted_since has the time from
-- which on is counted.
CREATE TABLE count_folds (
    folded_at timestamptz NOT NULL PRIMARY KEY,
    last_id   bigint      NOT NULL
);
INSERT INTO count_folds
SELECT now(), coalesce(pg_sequence_last_value(pg_get_serial_sequence('logs', 'id')::regclass), 0);
CREATE TABLE counted_since AS SELECT now() AS time;

-- What alerts are in, by rule and by the value of what the rule groups by ('' when it doesn't).
-- started_at: when the condition was first seen to hold; ended_at: when it was seen to hold no longer, null while it holds;
-- told: whether a channel was told that it holds and none that it has ended; fired_at: when a channel was last told that it holds.
CREATE TABLE alerts (
    rule       text        NOT NULL,
    grouped    text        NOT NULL,
    severity   text        NOT NULL,
    channels   text[]      NOT NULL,
    count      bigint      NOT NULL,
    started_at timestamptz NOT NULL,
    ended_at   timestamptz,
    told       boolean     NOT NULL DEFAULT false,
    fired_at   timestamptz,
    PRIMARY KEY (rule, grouped)
);

-- Each notice, with what became of it at each channel. One that no channel took is tried again: that is one row, with the
-- results of the last attempt.
CREATE TABLE alert_history (
    id         bigserial   PRIMARY KEY,
    rule       text        NOT NULL,
    grouped    text        NOT NULL,
    severity   text        NOT NULL,
    state      text        NOT NULL,
    count      bigint      NOT NULL,
    started_at timestamptz NOT NULL,
    ended_at   timestamptz,
    fired_at   timestamptz NOT NULL,
    delivered  boolean     NOT NULL,
    attempts   integer     NOT NULL,
    message    text        NOT NULL,
    link       text        NOT NULL,
    results    jsonb       NOT NULL
);
CREATE INDEX alert_history_fired_at ON alert_history (fired_at);
CREATE INDEX alert_history_alert ON alert_history (rule, grouped, started_at);

CREATE TABLE alert_silences (
    id         bigserial   PRIMARY KEY,
    rule       text,
    grouped    text,
    until      timestamptz NOT NULL,
    comment    text        NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
