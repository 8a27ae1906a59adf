"""Linecard: the customer side of a VoIP carrier's switch."""

__version__ = "0.1.0"
