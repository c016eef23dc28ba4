"""The index of the rule pages: every pack with its date, and where the law is thin."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from angerona.rules.compile import Packs
    from angerona.rules.entries import Entry, Pack
    from spec.vocabulary import Table

STATES = {
    "US-AL": "Alabama",
    "US-AK": "Alaska",
    "US-AZ": "Arizona",
    "US-AR": "Arkansas",
    "US-CA": "California",
    "US-CO": "Colorado",
    "US-CT": "Connecticut",
    "US-DE": "Delaware",
    "US-FL": "Florida",
    "US-GA": "Georgia",
    "US-HI": "Hawaii",
    "US-ID": "Idaho",
    "US-IL": "Illinois",
    "US-IN": "Indiana",
    "US-IA": "Iowa",
    "US-KS": "Kansas",
    "US-KY": "Kentucky",
    "US-LA": "Louisiana",
    "US-ME": "Maine",
    "US-MD": "Maryland",
    "US-MA": "Massachusetts",
    "US-MI": "Michigan",
    "US-MN": "Minnesota",
    "US-MS": "Mississippi",
    "US-MO": "Missouri",
    "US-MT": "Montana",
    "US-NE": "Nebraska",
    "US-NV": "Nevada",
    "US-NH": "New Hampshire",
    "US-NJ": "New Jersey",
    "US-NM": "New Mexico",
    "US-NY": "New York",
    "US-NC": "North Carolina",
    "US-ND": "North Dakota",
    "US-OH": "Ohio",
    "US-OK": "Oklahoma",
    "US-OR": "Oregon",
    "US-PA": "Pennsylvania",
    "US-RI": "Rhode Island",
    "US-SC": "South Carolina",
    "US-SD": "South Dakota",
    "US-TN": "Tennessee",
    "US-TX": "Texas",
    "US-UT": "Utah",
    "US-VT": "Vermont",
    "US-VA": "Virginia",
    "US-WA": "Washington",
    "US-WV": "West Virginia",
    "US-WI": "Wisconsin",
    "US-WY": "Wyoming",
}
PAGES_NOT_CODES = "Read from pages about the law rather than from the codes themselves."
WEAK = {
    "nz": "Few sources were found.",
    "nl": "Few sources were found.",
    "us-part2": "Subpart E (court orders) was read in an older text.",
    "us-ca": PAGES_NOT_CODES,
    "us-ny": PAGES_NOT_CODES,
    "us-oh": PAGES_NOT_CODES,
}
FOR_COUNSEL = {
    "us-va": "Minors: 20-124.6 and 54.1-2969(E) conflict.",
    "us-ga": "Warnings: no settled duty or freedom to warn a private person.",
    "us-tx": "611.006(a)(11): what a court's subpoena opens.",
    "us-wa": "70.02.060 against 70.02.230: notice, or an order.",
    "us-ca": "Civil Code 43.92 does not say that the threat is imminent.",
    "fr": "Whether the client's consent alone frees the professional.",
    "ca-ab": "Whether a private practice is a custodian, and stands under both HIA and PIPEDA.",
}


def index(packs: Packs, tables: Mapping[str, Sequence[Table]]) -> str:
    """The page that lists all packs."""
    head = "| Pack | As of | Rules | Text not seen | Contested | Not in use | Cases |"
    rows = [_row(pack, tables.get(pack.id, ())) for pack in packs.packs.values()]
    parts = [
        (
            "<!-- Made by scripts/write_rule_pages.py from src/angerona/packs and tests/spec. "
            "Do not edit. -->"
        ),
        "# The rules, pack by pack",
        (
            "One page for each pack: what it permits, requires and bars, by when, on what text, "
            "and worked cases. The pages are made from the packs that the program reads and from "
            "the cases it is tested with, so neither can drift from the other. They are not legal "
            "advice, and no lawyer has signed any of them."
        ),
        (
            "“Text seen on” a day means that the text, or a page quoting it, was read that day; "
            "about half of the addresses are not official. A rule whose text was not seen bars, "
            "and never opens."
        ),
        "\n".join((head, "|---|---|---|---|---|---|---|", *rows)),
        "## Where it is weak",
        "\n".join(_weak(packs)),
        "## For counsel first",
        "\n".join(
            f"- [{packs.packs[one].title}]({one}.md): {why}" for one, why in FOR_COUNSEL.items()
        ),
    ]
    return "\n\n".join(parts) + "\n"


def _weak(packs: Packs) -> Iterator[str]:
    loaded = {pack.jurisdiction for pack in packs.packs.values()}
    missing = [name for code, name in STATES.items() if code not in loaded]
    deferring = [pack.title for pack in packs.packs.values() if pack.default == "defer"]
    for one, why in WEAK.items():
        yield f"- [{packs.packs[one].title}]({one}.md): {why}"
    yield (
        f"- {len(deferring)} packs were read in part and leave the rest to other law: "
        f"{', '.join(deferring)}."
    )
    yield (
        f"- {len(missing)} states of the United States are not loaded: {', '.join(missing)}. For "
        "them every answer says that this law is not loaded, and never that there is no duty."
    )
    yield (
        "- The practice's own ethic is stricter than the law by choice: other providers and payers "
        "need consent, research needs consent, a licensing board or coroner gets no process notes. "
        "An answer says when only the practice refuses."
    )


def _row(pack: Pack, tables: Sequence[Table]) -> str:
    rules: tuple[Entry, ...] = (*pack.grounds, *pack.locks, *pack.duties)
    enabled = [one for one in rules if one.enabled]
    cells = (
        f"[{pack.title}]({pack.id}.md)",
        pack.as_of.isoformat(),
        str(len(enabled)),
        str(sum(not one.verified for one in enabled)),
        str(len({one.contested for one in enabled if one.contested})),
        str(len(rules) - len(enabled)),
        str(sum(len(table.cases) for table in tables)),
    )
    return f"| {' | '.join(cells)} |"
