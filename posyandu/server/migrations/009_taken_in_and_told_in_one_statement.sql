-- An exchange was a dozen statements and cost more on the way than in the work. Taking in what is new, and looking up what
-- a laptop is told, are one statement each from now on. Both do what the caller may do, behind the caller's fence.

ALTER FUNCTION posts_inside() ROWS 10;

CREATE FUNCTION take_in(
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
    FROM unnest(r_batch, r_entity, r_id, r_doc, r_conflicts, r_marks, r_depth)
        AS each (at, entity, id, doc, conflicts, marks, depth)
    WHERE numbers[at] IS NOT NULL;
END $$;
COMMENT ON FUNCTION take_in IS 'Append batches to the feeds of known posts with the records that are new with them; a batch
that cannot go this way gets no number. In r_marks 1 stands for withdrawn, 2 for revived.';

CREATE FUNCTION look(
    regency text, laptop text, line text, regions text, scopes text[], afters bigint[], room bigint, most integer,
    overhead integer
) RETURNS TABLE (
    split boolean, arrivals boolean, erasures boolean, scope text, village text, g bigint, digest bytea, id bytea,
    device text, bytes bytea
) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    place integer;
    entry record;
    size bigint;
    used bigint;
BEGIN
    PERFORM set_config('role', 'posyandu_app', true), set_config('app.areas', regions, true);
    RETURN QUERY SELECT is_split(regency, laptop, line),
        EXISTS (SELECT FROM handover WHERE kab = regency AND delivered_at IS NULL
                AND EXISTS (SELECT FROM app_areas() AS code WHERE starts_with(to_village, code))),
        EXISTS (SELECT FROM erasure WHERE kab = regency AND state = 'baru'),
        NULL::text, NULL::text, NULL::bigint, NULL::bytea, NULL::bytea, NULL::text, NULL::bytea;
    RETURN QUERY SELECT NULL::boolean, NULL::boolean, NULL::boolean, area.scope, area.village, area.g, area.digest,
        NULL::bytea, NULL::text, NULL::bytea
        FROM area WHERE kab = regency AND (kab, scope) IN (SELECT posts.kab, posts.scope FROM posts_inside() AS posts)
        ORDER BY area.village, area.scope;
    FOR place IN 1..cardinality(scopes) LOOP
        RETURN QUERY SELECT NULL::boolean, NULL::boolean, NULL::boolean, batch.scope, NULL::text, batch.g, batch.digest,
            NULL::bytea, NULL::text, NULL::bytea
            FROM batch WHERE kab = regency AND scope = scopes[place] AND g = afters[place];
        used := 0;
        FOR entry IN
            SELECT batch.scope, batch.g, batch.digest, batch.id, batch.device,
                CASE WHEN batch.device <> laptop THEN batch.bytes END AS bytes
            FROM batch WHERE kab = regency AND scope = scopes[place] AND g > afters[place] ORDER BY g LIMIT most
        LOOP
            size := coalesce(length(entry.bytes), 0) + overhead;
            EXIT WHEN room <= 0 OR (used > 0 AND used + size > room);
            used := used + size;
            scope := entry.scope;
            g := entry.g;
            digest := entry.digest;
            id := entry.id;
            device := entry.device;
            bytes := entry.bytes;
            RETURN NEXT;
        END LOOP;
        room := room - used;
    END LOOP;
END $$;
COMMENT ON FUNCTION look IS 'What a laptop is told of: first whether a copy of it writes too, somebody is on the way to its
villages, an erasure has not been looked at; then the posts there; then of each post asked for the digest at the place
named and the batches after it, as many as fit in the room, at least one while there is any.';
