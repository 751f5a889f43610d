-- Copied laptops and saves to check were counted for ever: nobody could see from the figure whether there was anything left
-- to do. Now an administrator says what has been looked at, and the figure falls; what comes afterwards counts again.
ALTER TABLE device ADD COLUMN copies_settled_at timestamptz;
COMMENT ON COLUMN device.copies_settled_at IS 'Up to when an administrator has settled that its disk was copied.';
ALTER TABLE batch ADD COLUMN settled_at timestamptz;
COMMENT ON COLUMN batch.settled_at IS 'When an administrator looked at the saves in it that were to be checked.';

CREATE FUNCTION copied_laptops() RETURNS TABLE (kab text, device text, at timestamptz, settled_at timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    WITH line AS (
        SELECT kab, device, min(received_at) AS began, max(received_at) AS ended FROM batch WHERE brought_by = device
        GROUP BY kab, device, incarnation
    ), twice AS (
        SELECT kab, device, max(received_at) AS at FROM batch GROUP BY kab, device, incarnation, sequence
        HAVING count(*) > 1
        UNION ALL SELECT kab, device, least(one.ended, other.ended) FROM line AS one JOIN line AS other USING (kab, device)
        WHERE one.began < other.began AND other.began < one.ended
    )
    SELECT twice.kab, twice.device, max(twice.at), max(laptop.copies_settled_at) FROM twice
    JOIN device AS laptop ON laptop.kab = twice.kab AND laptop.id = twice.device GROUP BY twice.kab, twice.device
$$;
COMMENT ON FUNCTION copied_laptops IS 'Laptops whose disk was copied, when two copies were last seen to write, and up to when
that is settled: two batches lie under one number, or an earlier line of batches went on after a later one had begun.';

DROP FUNCTION watched(integer);
DROP FUNCTION watched_before_erasures(integer);
CREATE FUNCTION watched(silent_days integer) RETURNS TABLE (name text, figure double precision) LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT 'batches', coalesce(sum(g), 0) FROM area
    UNION ALL SELECT 'posts', count(*) FROM area
    UNION ALL SELECT 'posts_silent', count(*) FROM area LEFT JOIN batch USING (kab, scope, g)
        WHERE coalesce(batch.received_at, area.made_at) < now() - make_interval(days => silent_days)
    UNION ALL SELECT 'batches_quarantined', count(*) FROM batch WHERE g IS NULL
    UNION ALL SELECT 'erasures_waiting', count(*) FROM erasure WHERE state = 'periksa'
    UNION ALL SELECT 'saves_to_check', count(*) FROM batch, jsonb_each_text(ops)
        WHERE g IS NOT NULL AND settled_at IS NULL AND NOT starts_with(value, 'karantina')
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
COMMENT ON FUNCTION watched IS 'What the monitor asks for: counts and sizes, nothing of anyone.';

DO $$
DECLARE
    door regprocedure;
BEGIN
    FOREACH door IN ARRAY ARRAY['watched(integer)', 'copied_laptops()']::regprocedure[]
    LOOP
        EXECUTE format('ALTER FUNCTION %s SET search_path = %I, pg_temp', door, current_schema());
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', door);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO posyandu_app', door);
    END LOOP;
END $$;
