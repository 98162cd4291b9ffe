-- Copies the logs of the original system, with their ids. Its timestamps have no zone and may be missing; its metadata may
-- hold what jsonb refuses (an escaped NUL, half a surrogate pair): then its text is kept. The old table stays, as
-- logs_original.
CREATE FUNCTION pg_temp.to_metadata(original json) RETURNS jsonb
LANGUAGE plpgsql AS $$
BEGIN
    RETURN original::jsonb;
EXCEPTION WHEN data_exception THEN
    RETURN jsonb_build_object('original', original::text);
END
$$;

DO $$
BEGIN
    IF to_regclass('logs_original') IS NULL THEN
        RETURN;
    END IF;
    INSERT INTO logs (id, app_id, app, level, service, message, metadata_, timestamp, received_at)
    SELECT id, app_id, app, level, service, message,
           pg_temp.to_metadata(metadata_::json),
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
