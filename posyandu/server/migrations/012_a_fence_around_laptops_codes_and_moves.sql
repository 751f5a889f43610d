-- What stood outside the fence. Laptops and codes are found by name before anybody knows which areas to show: so the
-- server asks for one by name, through functions of the owner, and can list none. A move is written from one area for
-- another: who hands over writes, and only who receives reads.

CREATE FUNCTION laptops(regency text, ids text[]) RETURNS SETOF device LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path FROM CURRENT AS $$
    SELECT * FROM device WHERE kab = regency AND id = ANY (ids)
$$;
COMMENT ON FUNCTION laptops IS 'The laptops with these ids.';

CREATE FUNCTION enrol_laptop(regency text, laptop text, its_key bytea, its_name text, regions text[]) RETURNS boolean
    LANGUAGE sql SECURITY DEFINER SET search_path FROM CURRENT AS $$
    WITH kept AS (
        INSERT INTO device (kab, id, key, name, prefixes) VALUES (regency, laptop, its_key, its_name, regions)
        ON CONFLICT (kab, id) DO UPDATE SET name = excluded.name, prefixes = excluded.prefixes
        WHERE device.key = excluded.key AND device.revoked_at IS NULL RETURNING id)
    SELECT EXISTS (SELECT FROM kept)
$$;
COMMENT ON FUNCTION enrol_laptop IS 'Enrol a laptop, or renew it with the same key; false when that id has another key or was revoked.';

CREATE FUNCTION use_code(regency text, its_hash bytea, laptop text) RETURNS TABLE (prefixes text[], name text)
    LANGUAGE sql SECURITY DEFINER SET search_path FROM CURRENT AS $$
    UPDATE enrol_code SET used_by = laptop WHERE kab = regency AND hash = its_hash AND expires_at > now()
        AND (used_by IS NULL OR used_by = laptop) RETURNING prefixes, name
$$;
COMMENT ON FUNCTION use_code IS 'Spend a code for this laptop, which may spend it again: its first answer may have been lost.';

CREATE FUNCTION versions_in_use() RETURNS TABLE (app text, laptops bigint) LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path FROM CURRENT AS $$
    SELECT app, count(*) FROM device WHERE revoked_at IS NULL GROUP BY app ORDER BY app
$$;
COMMENT ON FUNCTION versions_in_use IS 'How many laptops in force use each version.';

REVOKE ALL ON device, enrol_code FROM posyandu_app;
GRANT SELECT (kab, id), UPDATE (seen_at, app) ON device TO posyandu_app;

ALTER TABLE handover ENABLE ROW LEVEL SECURITY;
CREATE POLICY given ON handover FOR INSERT TO posyandu_app
    WITH CHECK ((from_kab, from_scope) IN (SELECT posts.kab, posts.scope FROM posts_inside() AS posts));
CREATE POLICY received ON handover FOR SELECT TO posyandu_app
    USING (EXISTS (SELECT FROM app_areas() AS code WHERE starts_with(to_village, code)));
CREATE POLICY delivered ON handover FOR UPDATE TO posyandu_app
    USING (EXISTS (SELECT FROM app_areas() AS code WHERE starts_with(to_village, code)));
REVOKE ALL ON handover FROM posyandu_app;
GRANT SELECT, INSERT, UPDATE (delivered_at) ON handover TO posyandu_app;
