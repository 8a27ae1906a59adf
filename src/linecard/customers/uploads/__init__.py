"""Customers as a target of bulk uploads."""
