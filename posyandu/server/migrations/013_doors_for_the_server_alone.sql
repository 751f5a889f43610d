-- Functions that work as the owner could be called by every role that may connect, and looked for tables of the caller's
-- own first: enrol_laptop would have let in whoever made counts or reports. They are for the server alone, and a caller's
-- own tables come last. And a server that the database has left behind may see so, to say it on its health page.
DO $$
DECLARE
    door regprocedure;
BEGIN
    FOR door IN SELECT oid::regprocedure FROM pg_proc WHERE pronamespace = current_schema()::regnamespace AND prosecdef
    LOOP
        EXECUTE format('ALTER FUNCTION %s SET search_path = %I, pg_temp', door, current_schema());
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', door);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO posyandu_app', door);
    END LOOP;
END $$;
GRANT SELECT ON migration TO posyandu_app;
