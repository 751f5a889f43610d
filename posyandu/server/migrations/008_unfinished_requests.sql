-- What arrived of requests whose link broke, in blocks, for a day: a row for each block, and one (block -1) for the whole
-- with the last attempt and, when it was taken in meanwhile, the answer. Unlogged: no backup, archive or standby ever holds them, and a crash may
-- empty it, since the laptop keeps everything. A laptop is fenced in to what it sent itself.
CREATE TABLE unfinished (
    kab text NOT NULL,
    device text NOT NULL,
    body bytea NOT NULL,
    block smallint NOT NULL,
    bytes bytea,
    attempt bigint NOT NULL DEFAULT 0,
    at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (kab, device, body, block)
) PARTITION BY LIST (kab);
COMMENT ON TABLE unfinished IS 'Blocks of requests that are not whole yet; of each laptop one request, for a day.';
CREATE INDEX unfinished_at ON unfinished (at);
CREATE INDEX unfinished_whole ON unfinished (kab) WHERE block = -1;

CREATE OR REPLACE FUNCTION add_regency(code text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
    SET search_path FROM CURRENT AS $$
DECLARE
    parent text;
BEGIN
    IF to_regclass('unfinished_' || code) IS NOT NULL THEN
        RETURN;
    END IF;
    IF code !~ '^[0-9]{4}$' THEN
        RAISE EXCEPTION 'a regency has a code of four digits';
    END IF;
    PERFORM pg_advisory_xact_lock(1886352239);  -- two that come at once take turns
    FOREACH parent IN ARRAY ARRAY['nonce', 'area', 'batch', 'record', 'unfinished'] LOOP
        EXECUTE format('CREATE %s TABLE IF NOT EXISTS %I PARTITION OF %I FOR VALUES IN (%L)',
                       CASE parent WHEN 'unfinished' THEN 'UNLOGGED' ELSE '' END, parent || '_' || code, parent, code);
    END LOOP;
END $$;
SELECT add_regency(kab) FROM (SELECT kab FROM device UNION SELECT kab FROM enrol_code UNION SELECT kab FROM area) AS known;

ALTER TABLE unfinished ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON unfinished TO posyandu_app USING (kab || '/' || device = current_setting('app.laptop', true));
GRANT SELECT, INSERT, UPDATE, DELETE ON unfinished TO posyandu_app;

CREATE FUNCTION forget_unfinished(hours integer) RETURNS bigint LANGUAGE sql SECURITY DEFINER
    SET search_path FROM CURRENT AS $$
    DELETE FROM unfinished WHERE at < now() - make_interval(hours => hours);
    SELECT count(*) FROM unfinished WHERE block = -1;
$$;
COMMENT ON FUNCTION forget_unfinished IS 'Drop what is too old, of everybody; how many requests are left.';
