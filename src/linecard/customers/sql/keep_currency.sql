-- The currency of a card never changes: balances, postings and calls are counted in it.
CREATE FUNCTION customer_keep_currency() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the currency of customer % can never change from % to %', OLD.id, OLD.currency, NEW.currency
        USING ERRCODE = 'check_violation', CONSTRAINT = 'customer_currency_never_changes';
END
$$;

CREATE TRIGGER customer_keep_currency
    BEFORE UPDATE OF currency ON customer
    FOR EACH ROW WHEN (OLD.currency IS DISTINCT FROM NEW.currency)
    EXECUTE FUNCTION customer_keep_currency();
