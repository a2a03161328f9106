-- Timelines with events that some member may not have heard of. Written with the events, if push notifications are on; key as in persistence.
CREATE TABLE undelivered (
  key  INTEGER PRIMARY KEY,
  head INTEGER NOT NULL
);
