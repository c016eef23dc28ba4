"""The gate: the only way to what is sealed (`door.py`), and how it learns the facts it asks by."""
