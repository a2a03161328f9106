-- The first part of all delivery ids of this store; the second is the push's row.
CREATE TABLE push_origin (
  id    INTEGER PRIMARY KEY CHECK (id = 1),
  value TEXT    NOT NULL
);

INSERT INTO push_origin (id, value) VALUES (1, lower(hex(randomblob(8))));

-- Pushes from the moment they are owed until the user returns. Times are in ms since the Unix epoch; next_attempt_at is NULL when
-- nothing is left to do. AUTOINCREMENT: an id must never come back, or the late outcome of a push that is gone would be another's.
CREATE TABLE push_outbox (
  id              INTEGER PRIMARY KEY AUTOINCREMENT,
  user_id         INTEGER NOT NULL,
  channel_id      TEXT    NOT NULL,
  message_id      INTEGER NOT NULL,
  at              INTEGER NOT NULL,
  attempts        INTEGER NOT NULL DEFAULT 0,
  next_attempt_at INTEGER,
  reason          TEXT,
  UNIQUE (user_id, channel_id)
);

CREATE INDEX push_outbox_due ON push_outbox (next_attempt_at) WHERE next_attempt_at IS NOT NULL;

-- Pushes that were given up; the newest 10,000. attempts counts the last one too.
CREATE TABLE push_dead_letter (
  id         INTEGER PRIMARY KEY,
  push_id    INTEGER NOT NULL,
  user_id    INTEGER NOT NULL,
  channel_id TEXT    NOT NULL,
  message_id INTEGER NOT NULL,
  at         INTEGER NOT NULL,
  attempts   INTEGER NOT NULL,
  reason     TEXT    NOT NULL,
  dead_at    INTEGER NOT NULL
);
