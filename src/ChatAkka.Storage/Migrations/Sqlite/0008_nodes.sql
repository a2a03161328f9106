-- Several nodes share the store. Who is online at which of them; node is -1 for what was written before they were told apart.
CREATE TABLE online_at (
  node    INTEGER NOT NULL,
  user_id INTEGER NOT NULL,
  PRIMARY KEY (node, user_id)
) WITHOUT ROWID;

CREATE INDEX online_at_user ON online_at (user_id);

INSERT INTO online_at (node, user_id) SELECT -1, user_id FROM presence WHERE online = 1;

-- presence.online: at some node. It is read by people only.
DROP INDEX presence_online;

-- When each node was last known to run. holder as in node_lease; empty once somebody is recovering what the node left.
CREATE TABLE alive_node (
  node   INTEGER PRIMARY KEY,
  holder TEXT    NOT NULL,
  at     INTEGER NOT NULL
);

INSERT INTO alive_node (node, holder, at) SELECT -1, '', at FROM alive;
DROP TABLE alive;
ALTER TABLE alive_node RENAME TO alive;

-- Who sends a push, as in node_lease, and until when nobody else does.
ALTER TABLE push_outbox ADD COLUMN claimed_by TEXT;
ALTER TABLE push_outbox ADD COLUMN claimed_until INTEGER;

-- Users who were online when their node ended: who isn't back by due_at is looked after, if push notifications are on. Whoever is at it
-- puts due_at off meanwhile.
CREATE TABLE absence_review (
  user_id INTEGER PRIMARY KEY,
  due_at  INTEGER NOT NULL
);

CREATE INDEX absence_review_due ON absence_review (due_at);

-- When the timeline was last entered, or somebody last saw to its delivery.
ALTER TABLE undelivered ADD COLUMN at INTEGER NOT NULL DEFAULT 0;
