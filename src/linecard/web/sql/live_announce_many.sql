-- For AFTER triggers FOR EACH STATEMENT, with the grid's name: some of its rows, which only staff see, are not what they
-- were. However many statements a transaction has, PostgreSQL tells it once.
CREATE FUNCTION live_announce_many() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM live_announce(TG_ARGV[0], NULL, NULL);
    RETURN NULL;
END
$$;
