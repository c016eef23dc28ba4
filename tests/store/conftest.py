"""The store's tests run on both databases."""

from databases import address, postgres_server, store

__all__ = ["address", "postgres_server", "store"]
