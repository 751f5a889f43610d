-- What grows lies in one partition for each regency. And a fence in the database itself: the server works as posyandu_app,
-- which is not the owner and sees only posts inside the regions named in app.areas, of the transaction and no longer.

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'posyandu_app') THEN
        BEGIN
            CREATE ROLE posyandu_app NOLOGIN;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;  -- roles belong to all databases of a cluster
        END;
    END IF;
    IF NOT pg_has_role(current_user, 'posyandu_app', 'MEMBER') THEN
        EXECUTE format('GRANT posyandu_app TO %I', current_user);
    END IF;
END $$;

-- --- partitions ------------------------------------------------------------------------------------------------------

DO $$
DECLARE
    name text;
BEGIN  -- the server makes them anew
    FOR name IN SELECT viewname FROM pg_views WHERE schemaname = current_schema() AND starts_with(viewname, 'form_') LOOP
        EXECUTE format('DROP VIEW %I', name);
    END LOOP;
END $$;

CREATE SCHEMA before_partitions;
ALTER TABLE nonce SET SCHEMA before_partitions;
ALTER TABLE area SET SCHEMA before_partitions;
ALTER TABLE batch SET SCHEMA before_partitions;
ALTER TABLE record SET SCHEMA before_partitions;
CREATE TABLE nonce (LIKE before_partitions.nonce INCLUDING ALL) PARTITION BY LIST (kab);
CREATE TABLE area (LIKE before_partitions.area INCLUDING ALL) PARTITION BY LIST (kab);
CREATE TABLE batch (LIKE before_partitions.batch INCLUDING ALL) PARTITION BY LIST (kab);
CREATE TABLE record (LIKE before_partitions.record INCLUDING ALL) PARTITION BY LIST (kab);
COMMENT ON TABLE area IS 'A posyandu, where it lies, and the last number of its feed with the digest there.';
COMMENT ON TABLE record IS 'What stands of every record: a projection of batch, made again from it at any time.';

CREATE FUNCTION add_regency(code text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    parent text;
BEGIN
    IF to_regclass('record_' || code) IS NOT NULL THEN
        RETURN;
    END IF;
    IF code !~ '^[0-9]{4}$' THEN
        RAISE EXCEPTION 'a regency has a code of four digits';
    END IF;
    PERFORM pg_advisory_xact_lock(1886352239);  -- two that come at once take turns
    FOREACH parent IN ARRAY ARRAY['nonce', 'area', 'batch', 'record'] LOOP
        EXECUTE format('CREATE TABLE IF NOT EXISTS %I PARTITION OF %I FOR VALUES IN (%L)', parent || '_' || code, parent, code);
    END LOOP;
END $$;
COMMENT ON FUNCTION add_regency IS 'Make the partitions of a regency, if they are not there.';

SELECT add_regency(kab) FROM (
    SELECT kab FROM device UNION SELECT kab FROM enrol_code UNION SELECT kab FROM before_partitions.nonce
    UNION SELECT kab FROM before_partitions.area UNION SELECT kab FROM before_partitions.batch
    UNION SELECT kab FROM before_partitions.record) AS known;
INSERT INTO nonce SELECT * FROM before_partitions.nonce;
INSERT INTO area SELECT * FROM before_partitions.area;
INSERT INTO batch SELECT * FROM before_partitions.batch;
INSERT INTO record SELECT * FROM before_partitions.record;
CREATE TRIGGER batch_is_kept BEFORE DELETE OR UPDATE OF id, scope, device, incarnation, sequence, n, bytes ON batch
    FOR EACH ROW EXECUTE FUNCTION keep_for_ever();
DROP SCHEMA before_partitions CASCADE;

-- --- the fence -------------------------------------------------------------------------------------------------------

CREATE FUNCTION app_areas() RETURNS SETOF text LANGUAGE sql STABLE AS $$
    SELECT code FROM unnest(string_to_array(current_setting('app.areas', true), ',')) AS code WHERE code ~ '^[0-9]{4,10}$'
$$;
COMMENT ON FUNCTION app_areas IS 'The region codes this transaction works in; none when nobody said so.';

CREATE FUNCTION posts_inside() RETURNS TABLE (kab text, scope text) LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path FROM CURRENT AS $$
    SELECT area.kab, area.scope FROM app_areas() AS code
    JOIN area ON area.kab = left(code, 4) AND area.village >= code AND area.village <= code || '9999999999'
$$;
COMMENT ON FUNCTION posts_inside IS 'The posts of the villages below app.areas.';

ALTER TABLE area ENABLE ROW LEVEL SECURITY;
ALTER TABLE batch ENABLE ROW LEVEL SECURITY;
ALTER TABLE record ENABLE ROW LEVEL SECURITY;
ALTER TABLE erased ENABLE ROW LEVEL SECURITY;
CREATE POLICY inside ON area TO posyandu_app
    USING (EXISTS (SELECT FROM app_areas() AS code WHERE starts_with(village, code)));
CREATE POLICY inside ON batch TO posyandu_app
    USING ((kab, scope) IN (SELECT posts.kab, posts.scope FROM posts_inside() AS posts));
CREATE POLICY held_back ON batch FOR INSERT TO posyandu_app WITH CHECK (g IS NULL AND state = 'karantina');
CREATE POLICY inside ON record TO posyandu_app
    USING ((kab, scope) IN (SELECT posts.kab, posts.scope FROM posts_inside() AS posts));
CREATE POLICY inside ON erased TO posyandu_app
    USING ((kab, scope) IN (SELECT posts.kab, posts.scope FROM posts_inside() AS posts));

GRANT SELECT, INSERT ON nonce TO posyandu_app;
GRANT SELECT, INSERT, UPDATE ON device TO posyandu_app;
GRANT SELECT, UPDATE (used_by) ON enrol_code TO posyandu_app;
GRANT SELECT, INSERT, UPDATE (g, digest) ON area TO posyandu_app;
GRANT SELECT, INSERT, UPDATE (g, digest, state, reason, ops, bytes) ON batch TO posyandu_app;
GRANT SELECT, INSERT, UPDATE ON record TO posyandu_app;
GRANT SELECT, INSERT ON erased TO posyandu_app;
DO $$
BEGIN
    IF to_regclass('handover') IS NOT NULL THEN
        GRANT SELECT, INSERT, UPDATE ON handover TO posyandu_app;
    END IF;
END $$;

-- What may be known of a foreign post: that it is there, and what became of a batch the laptop itself brought.

CREATE FUNCTION is_post(regency text, post text) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path FROM CURRENT AS $$
    SELECT EXISTS (SELECT FROM area WHERE kab = regency AND scope = post)
$$;

CREATE FUNCTION verdicts_on(regency text, ids bytea[])
    RETURNS TABLE (id bytea, scope text, g bigint, state text, reason text, ops jsonb) LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path FROM CURRENT AS $$
    SELECT batch.id, batch.scope, batch.g, batch.state, batch.reason, batch.ops FROM batch
    WHERE batch.kab = regency AND batch.id = ANY (ids)
$$;

CREATE FUNCTION is_split(regency text, laptop text, line text) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path FROM CURRENT AS $$
    SELECT EXISTS (SELECT FROM batch WHERE kab = regency AND device = laptop AND incarnation = line
                   GROUP BY sequence HAVING count(*) > 1)
$$;
COMMENT ON FUNCTION is_split IS 'Whether two different batches lie under one sequence number: a copy of the book writes too.';

CREATE FUNCTION watched(silent_days integer) RETURNS TABLE (name text, figure double precision) LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT 'batches', coalesce(sum(g), 0) FROM area
    UNION ALL SELECT 'posts', count(*) FROM area
    UNION ALL SELECT 'posts_silent', count(*) FROM area LEFT JOIN batch USING (kab, scope, g)
        WHERE coalesce(batch.received_at, area.made_at) < now() - make_interval(days => silent_days)
    UNION ALL SELECT 'batches_quarantined', count(*) FROM batch WHERE g IS NULL
    UNION ALL SELECT 'saves_to_check', count(*) FROM batch, jsonb_each_text(ops)
        WHERE g IS NOT NULL AND NOT starts_with(value, 'karantina')
    UNION ALL SELECT 'records_in_conflict', count(*) FROM record WHERE conflicts IS NOT NULL
    UNION ALL SELECT 'laptops_forked', count(DISTINCT device) FROM (SELECT device FROM batch
        GROUP BY kab, device, incarnation, sequence HAVING count(*) > 1) AS twice
    UNION ALL SELECT 'laptops_revoked', count(*) FROM device WHERE revoked_at IS NOT NULL
    UNION ALL SELECT 'standbys_synchronous', count(*) FROM pg_stat_replication WHERE sync_state IN ('sync', 'quorum')
    UNION ALL SELECT 'standby_lag_bytes', coalesce(max(pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn)), 0)
        FROM pg_stat_replication
    UNION ALL SELECT 'database_bytes', pg_database_size(current_database())
$$;
COMMENT ON FUNCTION watched IS 'What the monitor asks for: counts and sizes, nothing of anyone.';
