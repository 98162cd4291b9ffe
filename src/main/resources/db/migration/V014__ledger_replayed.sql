-- How many of the settled records had been dead letters before: of a ledger of the queue that is gone, what is settled is all
-- that is known for certain.
SET LOCAL lock_timeout = '3s';
ALTER TABLE ledger ADD COLUMN replayed bigint NOT NULL DEFAULT 0;
ALTER TABLE ledger_deltas ADD COLUMN replayed bigint NOT NULL DEFAULT 0;
