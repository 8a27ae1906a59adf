-- Tells the web servers which rows of a grid changed, once the transaction commits. `reseller` is the one whose users
-- may hear of it besides staff; NULL for rows of no reseller. No ids, or more than fit into a message, are "many".
CREATE FUNCTION live_announce(grid text, reseller bigint, ids bigint[]) RETURNS void LANGUAGE sql AS $$
    SELECT pg_notify(
        'linecard_live',
        json_build_object(
            'grid', grid, 'reseller', reseller, 'ids', CASE WHEN cardinality(ids) BETWEEN 1 AND 200 THEN ids END
        )::text
    )
$$;

-- For AFTER triggers FOR EACH STATEMENT of tables with `id` and `reseller_id`, which name their transition tables
-- `before` and `after` and give the grid's name: one message for each reseller that a row belonged or belongs to.
CREATE FUNCTION live_announce_rows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM live_announce(TG_ARGV[0], reseller_id, array_agg(id)) FROM after GROUP BY reseller_id;
    ELSIF TG_OP = 'DELETE' THEN
        PERFORM live_announce(TG_ARGV[0], reseller_id, array_agg(id)) FROM before GROUP BY reseller_id;
    ELSE
        PERFORM live_announce(TG_ARGV[0], reseller_id, array_agg(id))
            FROM (SELECT id, reseller_id FROM before UNION SELECT id, reseller_id FROM after) AS touched
            GROUP BY reseller_id;
    END IF;
    RETURN NULL;
END
$$;
