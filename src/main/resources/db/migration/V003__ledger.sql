-- What became of each chunk: which queue entry carried it (null: it came straight from the door), how many of its records
-- are stored (null: before this was noted) and why the others are not. A queue entry whose chunk another one had brought
-- before has a receipt of its own, whose id is made from the entry's, so that it is counted once.
ALTER TABLE receipts ADD COLUMN entry text, ADD COLUMN stored integer, ADD COLUMN rejected jsonb;

-- What was settled, by application and by the queue's ledger in which it was counted when it was accepted; '' for what no
-- queue has counted: it is accepted and settled in one transaction. Each transaction appends to ledger_deltas, from time
-- to time these are folded into ledger; the truth is the sum of both.
CREATE TABLE ledger (
    queue         text   NOT NULL,
    app           text   NOT NULL,
    settled       bigint NOT NULL,
    stored        bigint NOT NULL,
    duplicate     bigint NOT NULL,
    dead_lettered bigint NOT NULL,
    PRIMARY KEY (queue, app)
);
CREATE TABLE ledger_deltas (
    queue         text   NOT NULL,
    app           text   NOT NULL,
    settled       bigint NOT NULL,
    stored        bigint NOT NULL,
    duplicate     bigint NOT NULL,
    dead_lettered bigint NOT NULL
);

-- What the queue's ledgers said when they were last seen: a queue that comes back empty begins a new one.
CREATE TABLE ledger_queues (
    queue    text   NOT NULL,
    app      text   NOT NULL,
    accepted bigint NOT NULL,
    replayed bigint NOT NULL,
    PRIMARY KEY (queue, app)
);

-- Dead letters. They are added in the transaction that settles their chunk, wait here until they are in the queue of dead
-- letters, and come back when that has no room for them. The id is like that of an entry of a stream, in two parts.
CREATE TABLE dead_letters (
    millis    bigint      NOT NULL,
    sequence  bigint      NOT NULL,
    identity  text        NOT NULL UNIQUE,
    app       text        NOT NULL,
    reason    text        NOT NULL,
    failed_at timestamptz NOT NULL,
    data      bytea       NOT NULL,
    fields    jsonb       NOT NULL,
    waiting   boolean     NOT NULL,
    PRIMARY KEY (millis, sequence)
);
CREATE INDEX dead_letters_waiting ON dead_letters (millis, sequence) WHERE waiting;
CREATE SEQUENCE dead_letters_sequence START 1000000000;
