"""Uploads over HTTP, where they are called imports; ``linecard.config.api`` mounts the router."""
