"""Backups are made from, and restored into, both databases."""

from databases import postgres_server

__all__ = ["postgres_server"]
