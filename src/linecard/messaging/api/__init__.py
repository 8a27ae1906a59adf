"""The messages of the REST API."""
