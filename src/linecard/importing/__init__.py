"""Bulk upload: file → sniff → map → check → stage → apply → undo. Knows no domain: rooms above register targets."""
