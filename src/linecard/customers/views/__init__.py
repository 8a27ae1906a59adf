"""The pages of the customers room: they read the request, call an action, and show."""
