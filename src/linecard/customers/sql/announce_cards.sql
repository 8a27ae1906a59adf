-- Open pages hear of every card that is made, changed or taken away, by whatever statement.
CREATE TRIGGER customer_announce_new AFTER INSERT ON customer
    REFERENCING NEW TABLE AS after
    FOR EACH STATEMENT EXECUTE FUNCTION live_announce_rows('customers');
CREATE TRIGGER customer_announce_changed AFTER UPDATE ON customer
    REFERENCING OLD TABLE AS before NEW TABLE AS after
    FOR EACH STATEMENT EXECUTE FUNCTION live_announce_rows('customers');
CREATE TRIGGER customer_announce_gone AFTER DELETE ON customer
    REFERENCING OLD TABLE AS before
    FOR EACH STATEMENT EXECUTE FUNCTION live_announce_rows('customers');
