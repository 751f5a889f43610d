-- What a laptop asks to have erased waits here for the server's word: done at once for few people a day, otherwise an
-- administrator decides. The server says it in the feed, as a batch under its own key; only then does anybody else erase.
CREATE TABLE erasure (
    kab text NOT NULL,
    scope text NOT NULL,
    op text NOT NULL,
    record text NOT NULL,
    device text NOT NULL,
    g bigint NOT NULL,
    state text NOT NULL DEFAULT 'baru' CHECK (state IN ('baru', 'periksa', 'musnah', 'ditolak')),
    people integer NOT NULL DEFAULT 0,
    why text NOT NULL DEFAULT '',
    at timestamptz NOT NULL DEFAULT now(),
    decided_at timestamptz,
    PRIMARY KEY (kab, scope, op)
);
COMMENT ON TABLE erasure IS 'Erasures asked for, by random ids: how many people each touches, and what became of it.';
CREATE INDEX erasure_waiting ON erasure (kab, at) WHERE state IN ('baru', 'periksa');
CREATE INDEX erasure_of_device ON erasure (kab, device, decided_at);
ALTER TABLE erasure ENABLE ROW LEVEL SECURITY;
CREATE POLICY inside ON erasure TO posyandu_app
    USING ((kab, scope) IN (SELECT posts.kab, posts.scope FROM posts_inside() AS posts));
GRANT SELECT, INSERT, UPDATE ON erasure TO posyandu_app;

ALTER FUNCTION watched(integer) RENAME TO watched_before_erasures;
CREATE FUNCTION watched(silent_days integer) RETURNS TABLE (name text, figure double precision) LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT * FROM watched_before_erasures(silent_days)
    UNION ALL SELECT 'erasures_waiting', count(*) FROM erasure WHERE state = 'periksa'
$$;
COMMENT ON FUNCTION watched IS 'What the monitor asks for: counts and sizes, nothing of anyone.';
