-- A histogram in minutes reads numbers too: those of five minutes each, by application and level only, since few who ask
-- for one ask for a service.
SET LOCAL lock_timeout = '3s';
LOCK TABLE count_deltas IN ACCESS EXCLUSIVE MODE;

CREATE TABLE interval_counts (
    start   timestamptz  NOT NULL,
    app_id  integer      NOT NULL,
    level   varchar(20)  NOT NULL,
    n       bigint       NOT NULL,
    PRIMARY KEY (start, app_id, level)
);
INSERT INTO interval_counts
SELECT date_bin('5 minutes', timestamp, 'epoch'), app_id, level, count(*)
FROM logs
GROUP BY 1, 2, 3;

-- What is to be folded bears the start of its five minutes from now on: what bears an hour is folded here.
WITH folded AS (DELETE FROM count_deltas RETURNING *), hours AS (
    INSERT INTO counts AS c SELECT hour, app_id, level, service, sum(n) FROM folded GROUP BY 1, 2, 3, 4
    ON CONFLICT (hour, app_id, level, service) DO UPDATE SET n = c.n + excluded.n)
INSERT INTO day_counts AS c
SELECT date_trunc('day', hour, 'UTC'), app_id, level, service, sum(n) FROM folded GROUP BY 1, 2, 3, 4
ON CONFLICT (day, app_id, level, service) DO UPDATE SET n = c.n + excluded.n;
ALTER TABLE count_deltas RENAME COLUMN hour TO start;
