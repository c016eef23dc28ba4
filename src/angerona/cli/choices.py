"""The choices of the interview, grouped as a person would look for them.

A test holds that every word of the language has exactly one place.
"""

from __future__ import annotations

from typing import Final

from angerona.cli.talking import Choices, ungrouped
from angerona.words import (
    ACTS,
    CLASSES,
    EVERYTHING,
    INSTRUMENTS,
    PURPOSES,
    RECIPIENTS,
    RELATIONS,
    ROLES,
)

WHO_ASKS: Final = Choices(
    RECIPIENTS,
    {
        "The client, and people close": (
            "client",
            "co_client",
            "representative",
            "parent",
            "family",
            "friend",
            "guardian_ad_litem",
            "estate",
        ),
        "In danger, or able to help": (
            "person_at_risk",
            "person_able_to_help",
            "emergency_services",
            "crisis_team",
        ),
        "Care": (
            "workforce",
            "treating_provider",
            "hospital",
            "supervisor",
            "county_mental_health_director",
            "business_associate",
            "health_information_exchange",
            "part2_intermediary",
        ),
        "Money": ("payer", "insurer", "collections"),
        "Work and school": (
            "employer",
            "occupational_health",
            "school",
            "school_police",
            "military",
        ),
        "Police, courts and lawyers": (
            "police",
            "prosecutor",
            "court",
            "opposing_attorney",
            "client_attorney",
            "own_attorney",
            "corrections",
            "probation",
            "immigration",
            "national_security",
        ),
        "Protection and oversight": (
            "child_protection",
            "adult_protection",
            "ombudsman",
            "licensing_board",
            "oversight_agency",
            "data_protection_authority",
            "public_health",
            "coroner",
            "driving_authority",
            "firearms_authority",
        ),
        "Others": ("researcher", "media", "public", "other"),
    },
)
IN_HAND: Final = Choices(
    INSTRUMENTS,
    {
        "No paper": ("none", "own_initiative", "oral_request", "client_agreement"),
        "A letter or a form": (
            "written_request",
            "consent",
            "power_of_attorney",
            "discovery_request",
            "statutory_demand",
        ),
        "From a lawyer, a court or an agency": (
            "subpoena_attorney",
            "subpoena_court",
            "grand_jury_subpoena",
            "administrative_subpoena",
            "court_order",
            "protective_order",
            "search_warrant",
            "administrative_warrant",
        ),
    },
)
WHAT_FOR: Final = ungrouped(PURPOSES)
YOUR_ROLE: Final = ungrouped(ROLES)
YOUR_TIE: Final = ungrouped(RELATIONS)
WHICH_ACT: Final = ungrouped(ACTS)
WHAT: Final = ungrouped({**CLASSES, EVERYTHING: "everything in the record"})
WHOSE_PURPOSE: Final = ungrouped(
    {
        "practice": "we have established it ourselves",
        "asker": "it is only what the asker says",
    }
)
SIGNED_BY: Final = ungrouped(
    {
        "client": "the client",
        "parent": "a parent",
        "representative": "a representative",
    }
)
