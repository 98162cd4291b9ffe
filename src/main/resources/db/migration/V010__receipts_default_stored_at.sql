-- The receipts of producers' keys are deleted by age.
CREATE INDEX receipts_default_stored_at ON receipts_default (stored_at);
