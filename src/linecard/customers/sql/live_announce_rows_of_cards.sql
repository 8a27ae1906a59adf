-- Whose a row about a card is: the card's reseller now, and only where there is no card the row's own.
CREATE FUNCTION reseller_of_row(card bigint, reseller bigint) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN card IS NULL THEN reseller ELSE (SELECT reseller_id FROM customer WHERE id = card) END
$$;

-- As live_announce_rows(), for tables with `customer_id` as well.
CREATE FUNCTION live_announce_rows_of_cards() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM live_announce(TG_ARGV[0], whose, array_agg(id))
            FROM (SELECT id, reseller_of_row(customer_id, reseller_id) AS whose FROM after) AS touched
            GROUP BY whose;
    ELSIF TG_OP = 'DELETE' THEN
        PERFORM live_announce(TG_ARGV[0], whose, array_agg(id))
            FROM (SELECT id, reseller_of_row(customer_id, reseller_id) AS whose FROM before) AS touched
            GROUP BY whose;
    ELSE
        PERFORM live_announce(TG_ARGV[0], whose, array_agg(id))
            FROM (
                SELECT id, reseller_of_row(customer_id, reseller_id) AS whose FROM before
                UNION SELECT id, reseller_of_row(customer_id, reseller_id) FROM after
            ) AS touched
            GROUP BY whose;
    END IF;
    RETURN NULL;
END
$$;
