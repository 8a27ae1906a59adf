"""Template tags and filters; load them with ``{% load ui %}``."""
