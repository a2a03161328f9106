-- Who has events or snapshots. key stands for the id in the rows below. head is the highest sequence nr that was ever stored, and the fence:
-- an append raises it from below its first event or fails, so two writers can't both have a number, wherever the events are by then.
-- tail: no event below it is in the table of events. So who reads history doesn't walk past all that has left there and isn't vacuumed yet.
CREATE TABLE persistence (
  key  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  id   text   COLLATE "C" NOT NULL UNIQUE,
  head bigint NOT NULL DEFAULT 0,
  tail bigint NOT NULL DEFAULT 1
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05);

-- The newest events of each persistence id. What is full of 32 moves to event_chunk in the append that goes past it.
CREATE TABLE event (
  key         bigint  NOT NULL,
  sequence_nr bigint  NOT NULL,
  serializer  integer NOT NULL,
  manifest    text    NOT NULL,
  payload     bytea   NOT NULL,
  PRIMARY KEY (key, sequence_nr)
) WITH (autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_insert_scale_factor = 0.05);

-- The others, 32 in a row of this table, first to first + 31: a page of history is a few rows side by side instead of fifty all over the
-- table. Compressed (main: but within the row).
CREATE TABLE event_chunk (
  key         bigint    NOT NULL,
  first       bigint    NOT NULL,
  serializers integer[] NOT NULL,
  manifests   text[]    NOT NULL,
  payloads    bytea[]   NOT NULL,
  PRIMARY KEY (key, first)
) WITH (autovacuum_vacuum_insert_scale_factor = 0.05);

ALTER TABLE event_chunk ALTER COLUMN serializers SET STORAGE MAIN, ALTER COLUMN manifests SET STORAGE MAIN, ALTER COLUMN payloads SET STORAGE MAIN;

DO $$
BEGIN
  ALTER TABLE event_chunk ALTER COLUMN payloads SET COMPRESSION lz4;
EXCEPTION WHEN feature_not_supported THEN
  RAISE NOTICE 'This server was built without lz4; chunks are compressed by pglz.';
END
$$;

-- The journal as people and tools want to see it.
CREATE VIEW journal (persistence_id, sequence_nr, serializer_id, manifest, payload) AS
  SELECT p.id, e.sequence_nr, e.serializer, e.manifest, e.payload FROM persistence p JOIN event e ON e.key = p.key
  UNION ALL
  SELECT p.id, c.first + u.at - 1, u.serializer, u.manifest, u.payload
  FROM persistence p JOIN event_chunk c ON c.key = p.key
  CROSS JOIN LATERAL unnest(c.serializers, c.manifests, c.payloads) WITH ORDINALITY AS u(serializer, manifest, payload, at);

-- Raises heads, all or none; the message of a refusal names the keys that are to blame. keys has none twice.
CREATE FUNCTION advance_heads(keys bigint[], firsts bigint[], lasts bigint[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  taken bigint[];
BEGIN
  WITH advanced AS (
    UPDATE persistence p SET head = a.last FROM unnest(keys, firsts, lasts) AS a(key, first, last)
    WHERE p.key = a.key AND p.head < a.first
    RETURNING p.key)
  SELECT array_agg(a.key) INTO taken FROM unnest(keys) AS a(key) WHERE NOT EXISTS (SELECT FROM advanced WHERE advanced.key = a.key);
  IF taken IS NOT NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'CA001', MESSAGE = array_to_string(taken, ',');
  END IF;
END
$$;

-- Moves full chunks out of event. One that would be too large for a row, or that has a gap, stays.
CREATE FUNCTION pack_events(keys bigint[], firsts bigint[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  events integer;
  bytes  bigint;
BEGIN
  FOR i IN 1 .. cardinality(keys) LOOP
    SELECT count(*), sum(octet_length(payload)) INTO events, bytes
    FROM event WHERE key = keys[i] AND sequence_nr BETWEEN firsts[i] AND firsts[i] + 31;
    IF events = 32 AND bytes <= 262144 THEN
      WITH moved AS (
        DELETE FROM event WHERE key = keys[i] AND sequence_nr BETWEEN firsts[i] AND firsts[i] + 31
        RETURNING sequence_nr, serializer, manifest, payload)
      INSERT INTO event_chunk (key, first, serializers, manifests, payloads)
      SELECT keys[i], firsts[i], array_agg(serializer ORDER BY sequence_nr), array_agg(manifest ORDER BY sequence_nr),
             array_agg(payload ORDER BY sequence_nr)
      FROM moved;
      UPDATE persistence SET tail = firsts[i] + 32 WHERE key = keys[i] AND tail = firsts[i];
    END IF;
  END LOOP;
END
$$;

-- Deletes the events up to one. The head stays, so that no number is given twice. A chunk that goes further goes back to the table of events.
CREATE FUNCTION delete_events(persistence_id text, up_to bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  owner bigint;
BEGIN
  SELECT key INTO owner FROM persistence WHERE id = persistence_id FOR UPDATE;
  INSERT INTO event (key, sequence_nr, serializer, manifest, payload)
  SELECT c.key, c.first + u.at - 1, u.serializer, u.manifest, u.payload
  FROM event_chunk c, unnest(c.serializers, c.manifests, c.payloads) WITH ORDINALITY AS u(serializer, manifest, payload, at)
  WHERE c.key = owner AND c.first <= up_to AND c.first + 31 > up_to AND c.first + u.at - 1 > up_to;
  DELETE FROM event_chunk WHERE key = owner AND first <= up_to;
  UPDATE persistence SET tail = least(tail, least(up_to, head) + 1) WHERE key = owner;
  DELETE FROM event WHERE key = owner AND sequence_nr <= up_to;
  DELETE FROM annotation WHERE key = owner AND target <= up_to;
END
$$;

-- What counts of the edits, deletions and reactions: for every slot of an annotated event the newest annotation, itself: so a page is folded
-- by reading one range. event is its sequence nr.
CREATE TABLE annotation (
  key        bigint  NOT NULL,
  target     bigint  NOT NULL,
  slot       text    COLLATE "C" NOT NULL,
  event      bigint  NOT NULL,
  serializer integer NOT NULL,
  manifest   text    NOT NULL,
  payload    bytea   NOT NULL,
  PRIMARY KEY (key, target, slot)
);

-- Timelines with events that some member may not have heard of. Written with the events, if push notifications are on.
CREATE TABLE undelivered (
  key  bigint PRIMARY KEY,
  head bigint NOT NULL
);

-- The number of a persistence id, which gets one if it has none.
CREATE FUNCTION persistence_key(persistence_id text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  found bigint;
BEGIN
  LOOP
    SELECT key INTO found FROM persistence WHERE id = persistence_id;
    IF found IS NOT NULL THEN
      RETURN found;
    END IF;
    INSERT INTO persistence (id) VALUES (persistence_id) ON CONFLICT (id) DO NOTHING;
  END LOOP;
END
$$;

-- taken_at in units of 100 ns since 0001-01-01 (UTC), because snapshots are also selected by it.
CREATE TABLE snapshot (
  key         bigint  NOT NULL,
  sequence_nr bigint  NOT NULL,
  taken_at    bigint  NOT NULL,
  serializer  integer NOT NULL,
  manifest    text    NOT NULL,
  payload     bytea   NOT NULL,
  PRIMARY KEY (key, sequence_nr)
);

-- Times below are in ms since the Unix epoch. A user without password_hash logs in with an integrator's token only.
CREATE TABLE account (
  id            bigint PRIMARY KEY,
  username      text   COLLATE "C" NOT NULL UNIQUE,
  display_name  text   NOT NULL,
  password_hash text,
  created_at    bigint NOT NULL
);

CREATE TABLE device_session (
  device_id    bigint PRIMARY KEY,
  user_id      bigint NOT NULL REFERENCES account (id),
  token_hash   bytea  NOT NULL UNIQUE,
  name         text   NOT NULL,
  platform     text   NOT NULL,
  created_at   bigint NOT NULL,
  last_used_at bigint NOT NULL,
  expires_at   bigint NOT NULL
);

CREATE INDEX device_session_user ON device_session (user_id);

-- Devices that an integrator names.
CREATE TABLE external_device (
  user_id    bigint NOT NULL REFERENCES account (id),
  name       text   COLLATE "C" NOT NULL,
  device_id  bigint NOT NULL UNIQUE,
  created_at bigint NOT NULL,
  PRIMARY KEY (user_id, name)
);

CREATE TABLE device_cursor (
  device_id  bigint NOT NULL,
  channel_id text   COLLATE "C" NOT NULL,
  message_id bigint NOT NULL,
  PRIMARY KEY (device_id, channel_id)
) WITH (fillfactor = 70);

-- How far users have got in their channels: the highest id delivered to any of their devices, the highest read, and the messages up to that.
CREATE TABLE receipt (
  user_id    bigint NOT NULL,
  channel_id text   COLLATE "C" NOT NULL,
  delivered  bigint NOT NULL,
  read       bigint NOT NULL,
  read_n     bigint NOT NULL,
  PRIMARY KEY (user_id, channel_id)
) WITH (fillfactor = 70);

-- When users were last active. online: no more than that nobody wrote yet when they left.
CREATE TABLE presence (
  user_id        bigint PRIMARY KEY,
  online         bigint NOT NULL,
  last_active_at bigint NOT NULL
) WITH (fillfactor = 70);

CREATE INDEX presence_online ON presence (online) WHERE online = 1;

-- One row: when the program was last known to run.
CREATE TABLE alive (
  id integer PRIMARY KEY CHECK (id = 1),
  at bigint  NOT NULL
);

-- Friendships and requests, one row for two users: they can't contradict each other. asked_by is who waits for the other's answer,
-- NULL once they are friends.
CREATE TABLE friendship (
  smaller_id bigint NOT NULL REFERENCES account (id),
  larger_id  bigint NOT NULL REFERENCES account (id),
  asked_by   bigint CHECK (asked_by IN (smaller_id, larger_id)),
  since      bigint NOT NULL,
  PRIMARY KEY (smaller_id, larger_id),
  CHECK (smaller_id < larger_id)
);

CREATE INDEX friendship_larger ON friendship (larger_id);

CREATE TABLE block (
  blocker_id bigint NOT NULL REFERENCES account (id),
  blocked_id bigint NOT NULL REFERENCES account (id),
  since      bigint NOT NULL,
  PRIMARY KEY (blocker_id, blocked_id),
  CHECK (blocker_id <> blocked_id)
);

-- The first part of all delivery ids of this store; the second is the push's row.
CREATE TABLE push_origin (
  id    integer PRIMARY KEY CHECK (id = 1),
  value text    NOT NULL
);

INSERT INTO push_origin (id, value) VALUES (1, substr(replace(gen_random_uuid()::text, '-', ''), 1, 16));

-- Pushes from the moment they are owed until the user returns. next_attempt_at is NULL when nothing is left to do. An id never comes back.
CREATE TABLE push_outbox (
  id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  user_id         bigint  NOT NULL,
  channel_id      text    COLLATE "C" NOT NULL,
  message_id      bigint  NOT NULL,
  at              bigint  NOT NULL,
  attempts        integer NOT NULL DEFAULT 0,
  next_attempt_at bigint,
  reason          text,
  UNIQUE (user_id, channel_id)
);

CREATE INDEX push_outbox_due ON push_outbox (next_attempt_at, id) WHERE next_attempt_at IS NOT NULL;

-- Pushes that were given up; the newest 10,000. attempts counts the last one too.
CREATE TABLE push_dead_letter (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  push_id    bigint  NOT NULL,
  user_id    bigint  NOT NULL,
  channel_id text    COLLATE "C" NOT NULL,
  message_id bigint  NOT NULL,
  at         bigint  NOT NULL,
  attempts   integer NOT NULL,
  reason     text    NOT NULL,
  dead_at    bigint  NOT NULL
);

-- The node part of a Snowflake. A row stays after its lease has ended: it says until when its number was in use.
CREATE TABLE node_lease (
  node       integer PRIMARY KEY CHECK (node BETWEEN 0 AND 1023),
  holder     text    NOT NULL,
  expires_at bigint  NOT NULL
);

-- What a store that could not write tries to write, to learn whether it can again.
CREATE TABLE health_probe (
  id integer PRIMARY KEY CHECK (id = 1),
  at bigint  NOT NULL
);
