"""Writing messages: the template language, the fields it offers, HTML that is safe to send. No database here."""
