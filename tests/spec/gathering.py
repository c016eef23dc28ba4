"""Every table of the specification, by pack: what the tests run and the rule pages show."""

from importlib import import_module
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
NOT_TABLES = {"checking", "gathering", "vocabulary"}


def tables_by_pack():
    """Pack id -> its tables, in the order of the modules' names."""
    names = sorted(
        path.stem
        for path in FOLDER.glob("*.py")
        if path.stem not in NOT_TABLES and not path.stem.startswith(("_", "test_"))
    )
    return {name.replace("_", "-"): import_module(f"spec.{name}").tables for name in names}


def all_cases():
    """Every case of every table."""
    return [
        case for tables in tables_by_pack().values() for table in tables for case in table.cases
    ]
