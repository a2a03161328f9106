-- When users were last active, in ms since the Unix epoch. online: no more than that nobody wrote yet when they left.
CREATE TABLE presence (
  user_id        INTEGER PRIMARY KEY,
  online         INTEGER NOT NULL,
  last_active_at INTEGER NOT NULL
);

CREATE INDEX presence_online ON presence (online) WHERE online = 1;

-- One row: when the program was last known to run.
CREATE TABLE alive (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  at INTEGER NOT NULL
);
