SET LOCAL lock_timeout = '3s';

-- Rows stay when a key is revoked: once there was a key, nobody gets in without one.
CREATE TABLE api_keys (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL,
    prefix text NOT NULL,
    hash bytea NOT NULL UNIQUE CHECK (length(hash) = 32),
    scopes text[] NOT NULL,
    apps text[],
    logs_per_minute integer CHECK (logs_per_minute >= 0),
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz,
    revoked_at timestamptz,
    last_used_at timestamptz
);

CREATE TABLE sessions (
    hash bytea PRIMARY KEY CHECK (length(hash) = 32),
    account text NOT NULL,
    until timestamptz NOT NULL
);
