-- A save was kept twice: in the bytes of its batch and as a row of its own. The batch alone keeps it from now on, and
-- every record names the batches its saves lie in. The server projects all records anew when it applies this.

ALTER TABLE record ADD COLUMN feed bigint[] NOT NULL DEFAULT '{}';
COMMENT ON COLUMN record.feed IS 'The numbers of the batches that hold its saves.';
COMMENT ON TABLE record IS 'What stands of every record: a projection of batch, made again from it at any time.';
DROP TABLE op;
