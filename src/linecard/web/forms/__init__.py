"""Forms over declared fields: what any room builds its own from."""
