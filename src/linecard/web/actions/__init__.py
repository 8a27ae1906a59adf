"""What changes the tables of the web room."""
