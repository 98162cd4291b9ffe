SET LOCAL lock_timeout = '3s';

-- How long nothing had been folded before: time in which nothing could be counted is no silence.
ALTER TABLE count_folds ADD COLUMN pause interval NOT NULL DEFAULT '0';
CREATE INDEX count_folds_pause ON count_folds (folded_at) WHERE pause > '2 seconds';

-- When alert rules were evaluated last, by any process: what was stored since is looked at, however long ago that is.
CREATE TABLE alert_evaluation AS SELECT now() AS evaluated_at;
