-- Copies the logs of the original system, with their ids. Its timestamps have no zone and may be missing; its metadata may
-- hold an escaped NUL, which jsonb refuses. The old table stays, as logs_original.
DO $$
BEGIN
    IF to_regclass('logs_original') IS NULL THEN
        RETURN;
    END IF;
    INSERT INTO logs (id, app_id, app, level, service, message, metadata_, timestamp, received_at)
    SELECT id, app_id, app, level, service, message,
           replace(metadata_::text, '\u0000', '\ufffd')::jsonb,
           coalesce(timestamp AT TIME ZONE 'UTC', now()),
           coalesce(timestamp AT TIME ZONE 'UTC', now())
    FROM logs_original;
    PERFORM setval(pg_get_serial_sequence('logs', 'id'), max(id)) FROM logs HAVING max(id) IS NOT NULL;
    INSERT INTO counts (hour, app_id, level, service, n)
    SELECT date_trunc('hour', timestamp, 'UTC'), app_id, level, service, count(*)
    FROM logs
    GROUP BY 1, 2, 3, 4;
END
$$;
