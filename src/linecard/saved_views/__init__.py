"""Saved views: what a grid's page shows, under a name, for oneself or for everybody on one's side."""
