-- For how many days the logs of an application are kept; 0 for ever, null for as long as those of all others.
ALTER TABLE apps ADD COLUMN IF NOT EXISTS retention_days integer CHECK (retention_days >= 0);

-- Applications whose row is gone and whose logs are being removed; until that is done nobody sees these.
CREATE TABLE app_deletions (
    app_id       integer      PRIMARY KEY,
    name         varchar(100) NOT NULL,
    requested_at timestamptz  NOT NULL DEFAULT now()
);

-- The old table of the original system stays as it was, whatever becomes of the applications.
DO $$
DECLARE
    foreign_key name;
BEGIN
    FOR foreign_key IN
        SELECT conname FROM pg_constraint
        WHERE conrelid = to_regclass('logs_original') AND confrelid = 'apps'::regclass AND contype = 'f'
    LOOP
        EXECUTE format('ALTER TABLE logs_original DROP CONSTRAINT %I', foreign_key);
    END LOOP;
END
$$;
