-- The regency (kabupaten) code is part of every key, so that every table can be list-partitioned or distributed by it:
-- no foreign key, sequence or lock crosses a regency. `server` alone is the same everywhere.

CREATE TABLE server (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    epoch text NOT NULL,
    secret bytea NOT NULL,
    trial boolean NOT NULL,
    made_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE server IS 'Who this server is: a new epoch says that feeds may have gone back.';

CREATE TABLE enrol_code (
    kab text NOT NULL,
    hash bytea NOT NULL,
    prefixes text[] NOT NULL,
    name text NOT NULL,
    expires_at timestamptz NOT NULL,
    used_by text,
    made_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (kab, hash)
);

CREATE TABLE device (
    kab text NOT NULL,
    id text NOT NULL,
    key bytea NOT NULL,
    name text NOT NULL,
    prefixes text[] NOT NULL,
    app text NOT NULL DEFAULT '',
    enrolled_at timestamptz NOT NULL DEFAULT now(),
    seen_at timestamptz,
    revoked_at timestamptz,
    revoked_why text,
    PRIMARY KEY (kab, id)
);
COMMENT ON COLUMN device.prefixes IS 'Region codes this laptop works in; an area below one of them is its own.';

CREATE TABLE nonce (
    kab text NOT NULL,
    device text NOT NULL,
    nonce text NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (kab, device, nonce)
);

CREATE TABLE area (
    kab text NOT NULL,
    scope text NOT NULL,
    village text NOT NULL,
    g bigint NOT NULL DEFAULT 0,
    digest bytea NOT NULL DEFAULT decode(repeat('00', 32), 'hex'),
    made_by text NOT NULL,
    made_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (kab, scope)
);
COMMENT ON TABLE area IS 'A posyandu, where it lies, and the last number of its feed with the digest there.';
CREATE INDEX area_village ON area (kab, village);

CREATE TABLE batch (
    kab text NOT NULL,
    id bytea NOT NULL,
    scope text NOT NULL,
    device text NOT NULL,
    incarnation text NOT NULL,
    sequence bigint NOT NULL,
    n integer NOT NULL,
    g bigint,
    digest bytea,
    state text NOT NULL CHECK (state IN ('terap', 'sebagian', 'karantina', 'tunda')),
    reason text NOT NULL DEFAULT '',
    ops jsonb NOT NULL DEFAULT '{}',
    bytes bytea NOT NULL,
    brought_by text NOT NULL,
    received_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (kab, id),
    UNIQUE (kab, scope, g)
);
COMMENT ON COLUMN batch.g IS 'Its number in the feed of the posyandu: dense, in order of commit; empty in quarantine.';
ALTER TABLE batch ALTER COLUMN bytes SET STORAGE EXTERNAL;
CREATE INDEX batch_written ON batch (kab, device, incarnation, sequence);
CREATE INDEX batch_quarantine ON batch (kab, received_at) WHERE g IS NULL;

CREATE TABLE op (
    kab text NOT NULL,
    scope text NOT NULL,
    id bytea NOT NULL,
    g bigint NOT NULL,
    entity text NOT NULL,
    record text NOT NULL,
    device text NOT NULL,
    state text NOT NULL CHECK (state IN ('terap', 'periksa', 'tunda')),
    reason text NOT NULL DEFAULT '',
    body jsonb NOT NULL,
    PRIMARY KEY (kab, scope, record, id)
);
COMMENT ON COLUMN op.device IS 'Who wrote it; the least id where a cloned disk sealed it twice, as on every laptop.';

CREATE TABLE record (
    kab text NOT NULL,
    scope text NOT NULL,
    entity text NOT NULL,
    id text NOT NULL,
    doc jsonb NOT NULL,
    conflicts jsonb,
    withdrawn boolean NOT NULL,
    revived boolean NOT NULL,
    depth bigint NOT NULL,
    g bigint NOT NULL,
    PRIMARY KEY (kab, scope, entity, id)
);
COMMENT ON TABLE record IS 'What stands of every record: a projection of op, made again from it at any time.';
CREATE INDEX record_conflict ON record (kab, scope) WHERE conflicts IS NOT NULL;

CREATE FUNCTION keep_for_ever() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'batches and saves are only ever added';
END $$;

CREATE TRIGGER batch_is_kept BEFORE DELETE OR UPDATE OF id, scope, device, incarnation, sequence, n, bytes ON batch
    FOR EACH ROW EXECUTE FUNCTION keep_for_ever();
CREATE TRIGGER op_is_kept BEFORE DELETE OR UPDATE OF scope, id, g, entity, record, body ON op
    FOR EACH ROW EXECUTE FUNCTION keep_for_ever();
