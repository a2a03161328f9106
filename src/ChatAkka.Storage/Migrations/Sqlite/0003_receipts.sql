-- How far users have got in their channels: the highest id delivered to any of their devices, the highest read, and the messages up to that.
CREATE TABLE receipt (
  user_id    INTEGER NOT NULL,
  channel_id TEXT    NOT NULL,
  delivered  INTEGER NOT NULL,
  read       INTEGER NOT NULL,
  read_n     INTEGER NOT NULL,
  PRIMARY KEY (user_id, channel_id)
) WITHOUT ROWID;
