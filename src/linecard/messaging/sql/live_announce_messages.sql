-- As live_announce_rows(), for messages: the log they are in is that of their channel, and they are the business of their
-- customer's reseller.
CREATE FUNCTION live_announce_messages() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM live_announce(send.channel || '-log', customer.reseller_id, array_agg(before.id))
            FROM before JOIN customer ON customer.id = before.customer_id JOIN message_send send ON send.id = before.send_id
            GROUP BY send.channel, customer.reseller_id;
    ELSE
        PERFORM live_announce(send.channel || '-log', customer.reseller_id, array_agg(after.id))
            FROM after JOIN customer ON customer.id = after.customer_id JOIN message_send send ON send.id = after.send_id
            GROUP BY send.channel, customer.reseller_id;
    END IF;
    RETURN NULL;
END
$$;
