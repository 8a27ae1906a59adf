-- Nor is the trail emptied at a stroke.
CREATE TRIGGER audit_entry_never_emptied
    BEFORE TRUNCATE ON audit_entry
    FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_append_only();
