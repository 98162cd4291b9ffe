SET LOCAL lock_timeout = '3s';

-- Under which account a chunk was sent whose receipt may be asked for: nobody else but admins is told of it.
ALTER TABLE receipts ADD COLUMN producer text;
