-- As live_announce_rows(), for sends: they are written with each of their messages, and only what a list shows of it is
-- news to a page, at most a hundred times for a send.
CREATE FUNCTION live_announce_sends() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM live_announce(TG_ARGV[0], reseller_id, array_agg(id)) FROM after GROUP BY reseller_id;
    ELSIF TG_OP = 'DELETE' THEN
        PERFORM live_announce(TG_ARGV[0], reseller_id, array_agg(id)) FROM before GROUP BY reseller_id;
    ELSE
        PERFORM live_announce(TG_ARGV[0], after.reseller_id, array_agg(after.id))
            FROM after JOIN before ON before.id = after.id
            WHERE (before.state, before.problem, 100 * before.ended / greatest(before.recipients, 1))
                IS DISTINCT FROM (after.state, after.problem, 100 * after.ended / greatest(after.recipients, 1))
            GROUP BY after.reseller_id;
    END IF;
    RETURN NULL;
END
$$;
