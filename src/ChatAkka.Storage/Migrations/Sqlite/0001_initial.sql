-- Who has events or snapshots. key stands for the id in the rows below, so that they stay small.
-- deleted_to: events up to it were deleted; it keeps the highest sequence nr alive when no event is left.
CREATE TABLE persistence (
  key        INTEGER PRIMARY KEY CHECK (key BETWEEN 1 AND 2147483647),
  id         TEXT    NOT NULL UNIQUE,
  deleted_to INTEGER NOT NULL DEFAULT 0
);

-- The journal. id = key << 32 | sequence nr: one B-tree, clustered by (persistence id, sequence nr), whose primary key is
-- also the fence that lets only one writer have a sequence nr.
CREATE TABLE event (
  id         INTEGER PRIMARY KEY,
  serializer INTEGER NOT NULL,
  manifest   TEXT    NOT NULL,
  payload    BLOB    NOT NULL
);

-- The journal as people and tools want to see it.
CREATE VIEW journal (persistence_id, sequence_nr, serializer_id, manifest, payload) AS
  SELECT p.id, e.id & 4294967295, e.serializer, e.manifest, e.payload
  FROM persistence p JOIN event e ON e.id BETWEEN (p.key << 32) AND (p.key << 32) + 4294967295;

-- id as in event; taken_at in units of 100 ns since 0001-01-01 (UTC), because snapshots are also selected by it.
CREATE TABLE snapshot (
  id         INTEGER PRIMARY KEY,
  taken_at   INTEGER NOT NULL,
  serializer INTEGER NOT NULL,
  manifest   TEXT    NOT NULL,
  payload    BLOB    NOT NULL
);

-- Times below are in ms since the Unix epoch. A user without password_hash logs in with an integrator's token only.
CREATE TABLE account (
  id            INTEGER PRIMARY KEY,
  username      TEXT    NOT NULL UNIQUE,
  display_name  TEXT    NOT NULL,
  password_hash TEXT,
  created_at    INTEGER NOT NULL
);

CREATE TABLE device_session (
  device_id    INTEGER PRIMARY KEY,
  user_id      INTEGER NOT NULL REFERENCES account (id),
  token_hash   BLOB    NOT NULL UNIQUE,
  name         TEXT    NOT NULL,
  platform     TEXT    NOT NULL,
  created_at   INTEGER NOT NULL,
  last_used_at INTEGER NOT NULL,
  expires_at   INTEGER NOT NULL
);

CREATE INDEX device_session_user ON device_session (user_id);

-- Devices that an integrator names.
CREATE TABLE external_device (
  user_id    INTEGER NOT NULL REFERENCES account (id),
  name       TEXT    NOT NULL,
  device_id  INTEGER NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (user_id, name)
) WITHOUT ROWID;

CREATE TABLE device_cursor (
  device_id  INTEGER NOT NULL,
  channel_id TEXT    NOT NULL,
  message_id INTEGER NOT NULL,
  PRIMARY KEY (device_id, channel_id)
) WITHOUT ROWID;

-- The node part of a Snowflake. A row stays after its lease has ended: see SqliteNodeLeases.
CREATE TABLE node_lease (
  node       INTEGER PRIMARY KEY CHECK (node BETWEEN 0 AND 1023),
  holder     TEXT    NOT NULL,
  expires_at INTEGER NOT NULL
);

-- What a store that could not write tries to write, to learn whether it can again. Empty otherwise.
CREATE TABLE health_probe (
  id     INTEGER PRIMARY KEY,
  filler BLOB NOT NULL
);
