-- What a person asked to have erased: short ids of saves, and ids of records, that are never shown again. A batch keeps
-- its place, id and signature; the erased saves in it become bare ids.
CREATE TABLE erased (
    kab text NOT NULL,
    scope text NOT NULL,
    id text NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (kab, scope, id)
);
COMMENT ON TABLE erased IS 'Saves and records erased by law, by random ids: nothing of what they said.';

CREATE OR REPLACE FUNCTION keep_for_ever() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND current_setting('posyandu.erasing', true) = 'on' THEN
        IF NEW.id = OLD.id AND NEW.scope = OLD.scope AND NEW.device = OLD.device AND NEW.n = OLD.n
           AND NEW.incarnation = OLD.incarnation AND NEW.sequence = OLD.sequence THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'batches and saves are only ever added';
END $$;
