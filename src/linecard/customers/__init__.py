"""Customer cards: who a customer is and what it may do."""
