SET LOCAL lock_timeout = '3s';

-- Until when it is still said that an alert held, though it was over before anybody could be told.
ALTER TABLE alerts ADD COLUMN owed_until timestamptz;
