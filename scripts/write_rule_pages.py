"""Writes docs/rules from the packs and the specification; with --check only looks.

python scripts/write_rule_pages.py           write the pages
python scripts/write_rule_pages.py --check   name the pages that are stale, exit 1 if any is
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "rules"
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "scripts")]

from rule_pages import pages  # noqa: E402 -- found on the path set above

from angerona.packs import load  # noqa: E402 -- sorted with the two above
from spec.gathering import tables_by_pack  # noqa: E402 -- found on the path set above


def main(arguments: list[str]) -> int:
    """Write, or with --check compare."""
    made = pages(load(), tables_by_pack())
    stale = stale_pages(made, FOLDER)
    if "--check" in arguments:
        for name in stale:
            print(f"docs/rules/{name} is stale: run `make docs`")
        return 1 if stale else 0
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in stale:
        if name in made:
            (FOLDER / name).write_text(made[name], encoding="utf-8")
        else:
            (FOLDER / name).unlink()
    print(f"docs/rules: {len(made)} pages, {len(stale)} written anew")
    return 0


def stale_pages(made: dict[str, str], folder: Path) -> list[str]:
    """Names of pages that differ from what would be made, are missing, or have no pack."""
    found = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.md")}
    return sorted(name for name in made.keys() | found if made.get(name) != found.get(name))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
