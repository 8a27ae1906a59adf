"""The pages of the messaging room: they read the request, call an action, and show."""
