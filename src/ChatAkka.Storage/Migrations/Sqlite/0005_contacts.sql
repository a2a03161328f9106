-- Friendships and requests, one row for two users: they can't contradict each other. asked_by is who waits for the other's answer,
-- NULL once they are friends. Times are in ms since the Unix epoch.
CREATE TABLE friendship (
  smaller_id INTEGER NOT NULL REFERENCES account (id),
  larger_id  INTEGER NOT NULL REFERENCES account (id),
  asked_by   INTEGER CHECK (asked_by IN (smaller_id, larger_id)),
  since      INTEGER NOT NULL,
  PRIMARY KEY (smaller_id, larger_id),
  CHECK (smaller_id < larger_id)
) WITHOUT ROWID;

CREATE INDEX friendship_larger ON friendship (larger_id);

CREATE TABLE block (
  blocker_id INTEGER NOT NULL REFERENCES account (id),
  blocked_id INTEGER NOT NULL REFERENCES account (id),
  since      INTEGER NOT NULL,
  PRIMARY KEY (blocker_id, blocked_id),
  CHECK (blocker_id <> blocked_id)
) WITHOUT ROWID;
