-- A laptop that was moved to another area, or revoked, hears nothing more of what it asked before: the answer that is kept
-- in case it was lost tells of the old area.
CREATE FUNCTION forget_unfinished_of() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    DELETE FROM unfinished WHERE kab = NEW.kab AND device = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER moved AFTER UPDATE OF prefixes, revoked_at ON device FOR EACH ROW
    WHEN (OLD.prefixes IS DISTINCT FROM NEW.prefixes OR OLD.revoked_at IS DISTINCT FROM NEW.revoked_at)
    EXECUTE FUNCTION forget_unfinished_of();
