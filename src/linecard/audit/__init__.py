"""Who changed what, from what, to what. Knows no domain: a subject is a type and an id."""

from linecard.audit.actor import Actor

__all__ = ["Actor"]
