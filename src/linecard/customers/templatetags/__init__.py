"""Template tags of the customers room."""
