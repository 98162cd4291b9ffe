SET LOCAL lock_timeout = '3s';

-- Until when logs were searched for each rule with a search, {"rule": "time"}: what had no time is looked at later, from there on.
ALTER TABLE alert_evaluation ADD COLUMN searched jsonb NOT NULL DEFAULT '{}';

-- Since when its rule is not among the rules of who evaluates: processes don't read a new file at the same moment.
ALTER TABLE alerts ADD COLUMN missing_since timestamptz;
