-- The monitor asks every few seconds, and three of its figures read every batch there is: seconds, among a million. Copied
-- laptops are looked for among those that can be any, noted in the transaction a batch comes with: few ever begin a second
-- line of batches. Saves to check have an index of their own, and of a post only its last batch is looked at.
CREATE TABLE perhaps_copied (
    kab text NOT NULL,
    laptop text NOT NULL,
    PRIMARY KEY (kab, laptop)
);
COMMENT ON TABLE perhaps_copied IS 'Laptops with more than one line of batches, or with two batches under one number; most are
not copied. Only ever added to.';

CREATE FUNCTION note_perhaps_copied() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    INSERT INTO perhaps_copied (kab, laptop)
    SELECT DISTINCT fresh.kab, fresh.device FROM fresh
    WHERE NOT EXISTS (SELECT FROM perhaps_copied AS noted WHERE noted.kab = fresh.kab AND noted.laptop = fresh.device) AND (
        EXISTS (SELECT FROM batch AS other WHERE other.kab = fresh.kab AND other.device = fresh.device
                AND other.incarnation < fresh.incarnation)
        OR EXISTS (SELECT FROM batch AS other WHERE other.kab = fresh.kab AND other.device = fresh.device
                   AND other.incarnation > fresh.incarnation)
        OR EXISTS (SELECT FROM batch AS other WHERE other.kab = fresh.kab AND other.device = fresh.device
                   AND other.incarnation = fresh.incarnation AND other.sequence = fresh.sequence AND other.id <> fresh.id))
    ORDER BY 1, 2 ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION note_perhaps_copied IS 'Three looks into batch_written for each batch. Copies that call themselves take turns
at their row of device; where two batches of one number come at once through others, the next line of either is noticed.';
CREATE TRIGGER batch_of_a_copy AFTER INSERT ON batch REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION note_perhaps_copied();

INSERT INTO perhaps_copied SELECT kab, device FROM batch GROUP BY kab, device HAVING min(incarnation) < max(incarnation)
UNION SELECT kab, device FROM batch GROUP BY kab, device, incarnation, sequence HAVING count(*) > 1;

CREATE OR REPLACE FUNCTION copied_laptops() RETURNS TABLE (kab text, device text, at timestamptz, settled_at timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT SET jit = off AS $$
    SELECT laptop.kab, laptop.id, max(twice.at), max(laptop.copies_settled_at)
    FROM perhaps_copied AS noted JOIN device AS laptop ON laptop.kab = noted.kab AND laptop.id = noted.laptop
    CROSS JOIN LATERAL (
        WITH written AS MATERIALIZED (
            SELECT incarnation, sequence, received_at, brought_by FROM batch
            WHERE batch.kab = noted.kab AND batch.device = noted.laptop
        ), line AS (
            SELECT min(received_at) AS began, max(received_at) AS ended FROM written WHERE brought_by = noted.laptop
            GROUP BY incarnation
        )
        SELECT max(received_at) AS at FROM written GROUP BY incarnation, sequence HAVING count(*) > 1
        UNION ALL SELECT least(one.ended, other.ended) FROM line AS one JOIN line AS other
            ON one.began < other.began AND other.began < one.ended
    ) AS twice
    GROUP BY laptop.kab, laptop.id
$$;

CREATE INDEX batch_to_check ON batch (kab, received_at) WHERE settled_at IS NULL AND g IS NOT NULL AND ops <> '{}';

-- What the planner cannot know (documents have no statistics) it is told: there is an index for each of these.
CREATE OR REPLACE FUNCTION watched(silent_days integer) RETURNS TABLE (name text, figure double precision) LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path FROM CURRENT SET enable_seqscan = off SET jit = off AS $$
    SELECT 'batches', coalesce(sum(g), 0) FROM area
    UNION ALL SELECT 'posts', count(*) FROM area
    UNION ALL SELECT 'posts_silent', count(*) FROM area WHERE coalesce(
        (SELECT received_at FROM batch WHERE batch.kab = area.kab AND batch.scope = area.scope AND batch.g = area.g), made_at
    ) < now() - make_interval(days => silent_days)
    UNION ALL SELECT 'batches_quarantined', count(*) FROM batch WHERE g IS NULL
    UNION ALL SELECT 'erasures_waiting', count(*) FROM erasure WHERE state = 'periksa'
    UNION ALL SELECT 'saves_to_check', count(*) FROM batch, jsonb_each_text(ops)
        WHERE g IS NOT NULL AND settled_at IS NULL AND ops <> '{}' AND NOT starts_with(value, 'karantina')
    UNION ALL SELECT 'records_in_conflict', count(*) FROM record WHERE conflicts IS NOT NULL
    UNION ALL SELECT 'laptops_forked', count(*) FROM copied_laptops()
        WHERE settled_at IS NULL OR settled_at < at
    UNION ALL SELECT 'laptops_revoked', count(*) FROM device WHERE revoked_at IS NOT NULL
    UNION ALL SELECT 'rights_missing', count(*) FROM unnest(ARRAY['pg_monitor', 'pg_checkpoint']) AS right_to
        WHERE NOT pg_has_role(right_to, 'USAGE')
    UNION ALL SELECT 'standbys_synchronous', count(*) FROM pg_stat_replication WHERE sync_state IN ('sync', 'quorum')
    UNION ALL SELECT 'standby_lag_bytes', coalesce(max(pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn)), 0)
        FROM pg_stat_replication
    UNION ALL SELECT 'database_bytes', pg_database_size(current_database())
$$;

DO $$
DECLARE
    door regprocedure;
BEGIN
    FOREACH door IN ARRAY ARRAY['watched(integer)', 'copied_laptops()', 'note_perhaps_copied()']::regprocedure[]
    LOOP
        EXECUTE format('ALTER FUNCTION %s SET search_path = %I, pg_temp', door, current_schema());
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', door);
    END LOOP;
END $$;
