SET LOCAL lock_timeout = '3s';

-- Rules for what goes quiet mostly name a service: of the others, which may be very many, nothing is read then.
CREATE INDEX last_stored_service ON last_stored (service);
