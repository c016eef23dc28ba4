"""Which angerona this is."""

from __future__ import annotations

from importlib import metadata


def version_in_words() -> str:
    """Name and version, or that it runs from a checkout nobody installed."""
    try:
        return f"angerona {metadata.version('angerona')}"
    except metadata.PackageNotFoundError:
        return "angerona, not installed"
