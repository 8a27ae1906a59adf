"""Middleware for every request, signed in or not. It works the same under WSGI (tests) and ASGI (servers)."""
