-- What counts of the edits, deletions and reactions: for every slot of an annotated event the newest annotation. Written with the event that it
-- names; read by range of target, which is how a page of messages is folded. target and event are ids as in event.
CREATE TABLE annotation (
  target INTEGER NOT NULL,
  slot   TEXT    NOT NULL,
  event  INTEGER NOT NULL,
  PRIMARY KEY (target, slot)
) WITHOUT ROWID;
