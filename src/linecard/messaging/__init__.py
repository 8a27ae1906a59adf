"""Email and SMS to customers: templates, sends, what became of each message."""
