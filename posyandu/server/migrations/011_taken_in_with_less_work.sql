-- Three things that cost PostgreSQL more than a tenth of taking in. The key of a record began with what is the same for
-- thousands of them, and every look compared all of it: now the post, then the record, then the rest. What comes in went
-- through a table of its own on the way to `record`: now straight there. And while tables are small, autovacuum compared
-- whole documents again and again, for a planner that nobody asks about them.

ALTER TABLE record DROP CONSTRAINT record_pkey;
ALTER TABLE record ADD PRIMARY KEY (scope, id, entity, kab);

CREATE FUNCTION count_only_what_is_asked_for(code text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('ALTER TABLE %I ALTER doc SET STATISTICS 0, ALTER conflicts SET STATISTICS 0,'
                   ' ALTER feed SET STATISTICS 0', 'record_' || code);
    EXECUTE format('ALTER TABLE %I ALTER bytes SET STATISTICS 0, ALTER ops SET STATISTICS 0,'
                   ' ALTER digest SET STATISTICS 0', 'batch_' || code);
END $$;
SELECT count_only_what_is_asked_for(right(relname, 4)) FROM pg_class
WHERE relispartition AND relkind = 'r' AND relnamespace = current_schema()::regnamespace AND relname ~ '^record_[0-9]{4}$';

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
    PERFORM count_only_what_is_asked_for(code);
END $$;

CREATE OR REPLACE FUNCTION take_in(
    regions text, call_kab text[], call_device text[], call_nonce text[], call_app text[],
    b_call integer[], b_kab text[], b_id bytea[], b_scope text[], b_device text[], b_incarnation text[],
    b_sequence bigint[], b_n integer[], b_state text[], b_ops jsonb[], b_bytes bytea[], b_brought_by text[],
    b_regions text[],
    r_batch bigint[], r_entity text[], r_id text[], r_doc jsonb[], r_conflicts jsonb[], r_marks bigint[],
    r_depth bigint[], OUT heard boolean[], OUT numbers bigint[]
) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    post record;
    place integer;
    digests bytea[] := array_fill(NULL::bytea, ARRAY[cardinality(b_id)]);
    last_g bigint;
    last_digest bytea;
BEGIN
    PERFORM set_config('role', 'posyandu_app', true), set_config('app.areas', regions, true);
    numbers := array_fill(NULL::bigint, ARRAY[cardinality(b_id)]);

    WITH said AS (
        SELECT *, row_number() OVER (PARTITION BY kab, device, nonce ORDER BY at) AS time
        FROM unnest(call_kab, call_device, call_nonce, call_app) WITH ORDINALITY AS said (kab, device, nonce, app, at)
    ), fresh AS (
        INSERT INTO nonce (kab, device, nonce) SELECT kab, device, nonce FROM said WHERE time = 1 ORDER BY 1, 2, 3
        ON CONFLICT DO NOTHING RETURNING kab, device, nonce
    ), here AS (
        UPDATE device SET seen_at = now(), app = said.app FROM fresh JOIN said USING (kab, device, nonce)
        WHERE device.kab = fresh.kab AND device.id = fresh.device
    )
    SELECT array_agg(time = 1 AND fresh.nonce IS NOT NULL ORDER BY at) INTO heard
    FROM said LEFT JOIN fresh USING (kab, device, nonce);

    FOR post IN
        SELECT area.kab, area.scope, village, g, digest FROM area
        WHERE (area.kab, area.scope) IN (SELECT kab, scope FROM unnest(b_kab, b_scope) AS wanted (kab, scope))
        ORDER BY area.kab, area.scope FOR UPDATE
    LOOP  -- what was erased is looked up when the lock is held: who erased before has finished
        CONTINUE WHEN EXISTS (SELECT FROM erased WHERE erased.kab = post.kab AND erased.scope = post.scope);
        last_g := post.g;
        last_digest := post.digest;
        FOR place IN 1..cardinality(b_id) LOOP
            IF b_kab[place] = post.kab AND b_scope[place] = post.scope AND heard[b_call[place]] AND EXISTS (
                SELECT FROM unnest(string_to_array(b_regions[place], ',')) AS code WHERE starts_with(post.village, code)
            ) THEN
                last_g := last_g + 1;
                last_digest := sha256(last_digest || b_id[place]);
                numbers[place] := last_g;
                digests[place] := last_digest;
            END IF;
        END LOOP;
        IF last_g > post.g THEN
            UPDATE area SET g = last_g, digest = last_digest WHERE area.kab = post.kab AND area.scope = post.scope;
        END IF;
    END LOOP;

    INSERT INTO batch (kab, id, scope, device, incarnation, sequence, n, g, digest, state, ops, bytes, brought_by)
    SELECT kab, id, scope, device, incarnation, sequence, n, g, digest, state, ops, bytes, brought_by
    FROM unnest(b_kab, b_id, b_scope, b_device, b_incarnation, b_sequence, b_n, numbers, digests, b_state, b_ops,
                b_bytes, b_brought_by)
        AS each (kab, id, scope, device, incarnation, sequence, n, g, digest, state, ops, bytes, brought_by)
    WHERE g IS NOT NULL;

    INSERT INTO record (kab, scope, entity, id, doc, conflicts, withdrawn, revived, depth, g, feed)
    SELECT b_kab[at], b_scope[at], entity, id, doc, conflicts, marks & 1 > 0, marks & 2 > 0, depth, numbers[at],
        ARRAY[numbers[at]]
    FROM (SELECT unnest(r_batch) AS at, unnest(r_entity) AS entity, unnest(r_id) AS id, unnest(r_doc) AS doc,
            unnest(r_conflicts) AS conflicts, unnest(r_marks) AS marks, unnest(r_depth) AS depth) AS each
    WHERE numbers[at] IS NOT NULL;
END $$;
