"""Where the client is, and which packs of law bind there.

A place is an ISO 3166 code, save that the United Kingdom is UK as in its pack. A place without a
pack keeps its country's packs, and the Answer says that its own law is not loaded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from angerona.errors import BadInput
from angerona.rules.ask import PLACE
from angerona.sealed.zones import check_zone

if TYPE_CHECKING:
    from collections.abc import Iterator

    from angerona.rules.compile import Packs
    from angerona.rules.entries import Pack

_STATES: Final = (
    "AL Alabama, AK Alaska, AZ Arizona, AR Arkansas, CA California, CO Colorado, "
    "CT Connecticut, DE Delaware, DC District of Columbia, FL Florida, GA Georgia, HI Hawaii, "
    "ID Idaho, IL Illinois, IN Indiana, IA Iowa, KS Kansas, KY Kentucky, LA Louisiana, "
    "ME Maine, MD Maryland, MA Massachusetts, MI Michigan, MN Minnesota, MS Mississippi, "
    "MO Missouri, MT Montana, NE Nebraska, NV Nevada, NH New Hampshire, NJ New Jersey, "
    "NM New Mexico, NY New York, NC North Carolina, ND North Dakota, OH Ohio, OK Oklahoma, "
    "OR Oregon, PA Pennsylvania, RI Rhode Island, SC South Carolina, SD South Dakota, "
    "TN Tennessee, TX Texas, UT Utah, VT Vermont, VA Virginia, WA Washington, WV West Virginia, "
    "WI Wisconsin, WY Wyoming"
)
_PROVINCES: Final = (
    "AB Alberta, BC British Columbia, MB Manitoba, NB New Brunswick, "
    "NL Newfoundland and Labrador, NS Nova Scotia, NT Northwest Territories, NU Nunavut, "
    "ON Ontario, PE Prince Edward Island, QC Quebec, SK Saskatchewan, YT Yukon"
)
_AUSTRALIA: Final = (
    "ACT Australian Capital Territory, NSW New South Wales, NT Northern Territory, "
    "QLD Queensland, SA South Australia, TAS Tasmania, VIC Victoria, WA Western Australia"
)
_COUNTRIES: Final = (
    "US United States, CA Canada, AU Australia, NZ New Zealand, UK United Kingdom, AT Austria, "
    "BE Belgium, BG Bulgaria, HR Croatia, CY Cyprus, CZ Czechia, DK Denmark, EE Estonia, "
    "FI Finland, FR France, DE Germany, GR Greece, HU Hungary, IS Iceland, IE Ireland, "
    "IT Italy, LV Latvia, LI Liechtenstein, LT Lithuania, LU Luxembourg, MT Malta, "
    "NL Netherlands, NO Norway, PL Poland, PT Portugal, RO Romania, SK Slovakia, SI Slovenia, "
    "ES Spain, SE Sweden"
)
_EEA: Final = (
    "AT BE BG HR CY CZ DK EE FI FR DE GR HU IS IE IT LV LI LT LU MT NL NO PL PT RO SK SI ES SE"
)
GDPR: Final = frozenset(_EEA.split())
"""The countries of the European Economic Area, where the pack of the EU binds."""
NATIONS: Final = {
    "england": "england",
    "wales": "wales",
    "scotland": "scotland",
    "northern ireland": "northern_ireland",
    "gb-eng": "england",
    "gb-wls": "wales",
    "gb-sct": "scotland",
    "gb-nir": "northern_ireland",
}
"""The nations of the United Kingdom, which its pack tells apart by a fact."""
HOUSE: Final = "house"
_CLOCKS: Final = (
    "US-CT US-DC US-DE US-GA US-MA US-MD US-ME US-NC US-NH US-NJ US-NY US-OH US-PA US-RI US-SC "
    "US-VA US-VT US-WV: America/New_York; US-AL US-AR US-IA US-IL US-LA US-MN US-MO US-MS US-OK "
    "US-WI: America/Chicago; US-CO US-MT US-NM US-UT US-WY: America/Denver; US-CA US-WA: "
    "America/Los_Angeles; US-HI: Pacific/Honolulu; US-AK: America/Anchorage America/Adak; US-AZ: "
    "America/Phoenix America/Denver; US-FL US-KY: America/New_York America/Chicago; US-ID: "
    "America/Boise America/Los_Angeles; US-IN: America/Indiana/Indianapolis America/Chicago; "
    "US-KS US-ND US-NE US-SD US-TX: America/Chicago America/Denver; US-MI: America/Detroit "
    "America/Menominee; US-NV: America/Los_Angeles America/Denver; US-OR: America/Los_Angeles "
    "America/Boise; US-TN: America/Chicago America/New_York; US: America/New_York "
    "America/Chicago America/Denver America/Phoenix America/Los_Angeles America/Anchorage "
    "Pacific/Honolulu; CA-AB CA-NT: America/Edmonton; CA-BC: America/Vancouver America/Edmonton "
    "America/Dawson_Creek America/Fort_Nelson; CA-MB: America/Winnipeg; CA-NB: America/Moncton; "
    "CA-NL: America/St_Johns America/Goose_Bay; CA-NS CA-PE: America/Halifax; CA-NU: "
    "America/Iqaluit America/Rankin_Inlet America/Cambridge_Bay America/Resolute; CA-ON: "
    "America/Toronto America/Winnipeg; CA-QC: America/Toronto America/Halifax; CA-SK: "
    "America/Regina America/Edmonton; CA-YT: America/Whitehorse; CA: America/St_Johns "
    "America/Halifax America/Toronto America/Winnipeg America/Regina America/Edmonton "
    "America/Vancouver America/Whitehorse; AU-ACT: Australia/Sydney; AU-NSW: Australia/Sydney "
    "Australia/Broken_Hill Australia/Lord_Howe; AU-NT: Australia/Darwin; AU-QLD: "
    "Australia/Brisbane; AU-SA: Australia/Adelaide; AU-TAS: Australia/Hobart; AU-VIC: "
    "Australia/Melbourne; AU-WA: Australia/Perth Australia/Eucla; AU: Australia/Sydney "
    "Australia/Melbourne Australia/Brisbane Australia/Adelaide Australia/Darwin Australia/Perth "
    "Australia/Hobart; NZ: Pacific/Auckland Pacific/Chatham; UK: Europe/London; AT: "
    "Europe/Vienna; BE: Europe/Brussels; BG: Europe/Sofia; CY: Asia/Nicosia; CZ: Europe/Prague; "
    "DE: Europe/Berlin; DK: Europe/Copenhagen; EE: Europe/Tallinn; ES: Europe/Madrid "
    "Atlantic/Canary; FI: Europe/Helsinki; FR: Europe/Paris; GR: Europe/Athens; HR: "
    "Europe/Zagreb; HU: Europe/Budapest; IE: Europe/Dublin; IS: Atlantic/Reykjavik; IT: "
    "Europe/Rome; LI: Europe/Vaduz; LT: Europe/Vilnius; LU: Europe/Luxembourg; LV: Europe/Riga; "
    "MT: Europe/Malta; NL: Europe/Amsterdam; NO: Europe/Oslo; PL: Europe/Warsaw; PT: "
    "Europe/Lisbon Atlantic/Madeira Atlantic/Azores; RO: Europe/Bucharest; SE: Europe/Stockholm; "
    "SI: Europe/Ljubljana; SK: Europe/Bratislava"
)
"""Places and the zones whose clocks they keep (tz database, zone.tab), the usual one first."""


def _names() -> Iterator[tuple[str, str]]:
    for prefix, rows in (
        ("", _COUNTRIES),
        ("US-", _STATES),
        ("CA-", _PROVINCES),
        ("AU-", _AUSTRALIA),
    ):
        for row in rows.split(", "):
            code, _, name = row.partition(" ")
            yield f"{prefix}{code}", name


NAMES: Final = dict(_names())
ZONES: Final = {
    place: tuple(zones.split())
    for places, zones in (row.split(": ") for row in _CLOCKS.split("; "))
    for place in places.split()
}
"""The time zones of each place."""


def zone_of(place: str, given: str) -> str:
    """The zone that was given, or the place's own where it has but one.

    Raises `BadInput` where none was given and the place has several, else as `check_zone`.
    """
    found = (given,) if given else ZONES[place]
    if len(found) != 1:
        wrong = "is missing, and this place has more than one"
        raise BadInput("the time zone", wrong, f"one of {', '.join(found)}")
    check_zone(found[0])
    return found[0]


def places_fitting(typed: str) -> tuple[str, ...]:
    """The codes that fit what was typed: a code, a name, or a part of a name."""
    if typed in NATIONS or typed in {"gb", "great britain", "britain"}:
        return ("UK",)
    code = typed.upper().replace(" ", "-")
    named = tuple(place for place, name in NAMES.items() if name.lower() == typed)
    if code in NAMES or named:
        return (code,) if code in NAMES else named
    if PLACE.match(code):  # a state may be meant by its letters alone, so both are offered
        return (code, *(place for place in NAMES if place.endswith(f"-{code}")))
    return tuple(place for place, name in NAMES.items() if f" {typed}" in f" {name.lower()}")


def packs_of(place: str, packs: Packs) -> tuple[str, ...]:
    """The packs that always bind in a place: house, country, place, and what they extend."""
    country = place.partition("-")[0]
    jurisdictions = [country, place]
    if country in GDPR:
        jurisdictions.insert(0, "EU")
    found = [HOUSE] if HOUSE in packs.packs else []
    for jurisdiction in dict.fromkeys(jurisdictions):
        for pack in packs.packs.values():
            if pack.jurisdiction == jurisdiction and not pack.applies_when:
                found += [*_parents(pack, packs), pack.id]
    return tuple(dict.fromkeys(found))


def packs_if(place: str, packs: Packs) -> tuple[Pack, ...]:
    """The packs that bind in a place only if something is so, such as a programme's record."""
    country = place.partition("-")[0]
    return tuple(
        pack
        for pack in packs.packs.values()
        if pack.jurisdiction in {country, place} and pack.applies_when
    )


def _parents(pack: Pack, packs: Packs) -> Iterator[str]:
    for parent in pack.extends:
        if parent in packs.packs:
            yield from _parents(packs.packs[parent], packs)
            yield parent
