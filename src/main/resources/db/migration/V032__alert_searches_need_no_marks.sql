SET LOCAL lock_timeout = '3s';

-- Rules with a search look at their interval, and at nothing before.
ALTER TABLE alert_evaluation DROP COLUMN searched;
