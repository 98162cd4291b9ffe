-- Numbers of logs that are all deleted: from now on a fold removes them.
SET LOCAL lock_timeout = '3s';
SELECT pg_advisory_xact_lock('count_deltas'::regclass::bigint);
DELETE FROM interval_counts WHERE n = 0;
DELETE FROM counts WHERE n = 0;
DELETE FROM day_counts WHERE n = 0;
