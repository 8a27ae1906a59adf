"""The card over HTTP: each module one concept, each view parse, act, answer.

Every module has a ``router``; ``linecard.config.api`` mounts them.
"""
