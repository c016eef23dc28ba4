"""The law as data, and its loader: `load()` reads every pack that ships, checked word by word."""

from angerona.packs.loading import load, load_folder

__all__ = ["load", "load_folder"]
