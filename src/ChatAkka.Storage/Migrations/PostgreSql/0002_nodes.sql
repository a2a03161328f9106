-- Who is online at which node. node is -1 for what was written before nodes were told apart.
CREATE TABLE online_at (
  node    integer NOT NULL,
  user_id bigint  NOT NULL,
  PRIMARY KEY (node, user_id)
);

CREATE INDEX online_at_user ON online_at (user_id);

INSERT INTO online_at (node, user_id) SELECT -1, user_id FROM presence WHERE online = 1;

-- presence.online: at some node. It is read by people only.
DROP INDEX presence_online;

-- When each node was last known to run. holder as in node_lease; empty once somebody is recovering what the node left.
ALTER TABLE alive DROP CONSTRAINT alive_id_check;
ALTER TABLE alive RENAME COLUMN id TO node;
ALTER TABLE alive ADD COLUMN holder text NOT NULL DEFAULT '';
ALTER TABLE alive ALTER COLUMN holder DROP DEFAULT;
UPDATE alive SET node = -1;

-- Who sends a push, as in node_lease, and until when nobody else does.
ALTER TABLE push_outbox ADD COLUMN claimed_by text, ADD COLUMN claimed_until bigint;

-- Users who were online when their node ended: who isn't back by due_at is looked after, if push notifications are on. Whoever is at it
-- puts due_at off meanwhile.
CREATE TABLE absence_review (
  user_id bigint PRIMARY KEY,
  due_at  bigint NOT NULL
);

CREATE INDEX absence_review_due ON absence_review (due_at);

-- When the timeline was last entered, or somebody last saw to its delivery.
ALTER TABLE undelivered ADD COLUMN at bigint NOT NULL DEFAULT 0;
