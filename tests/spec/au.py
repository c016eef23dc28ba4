"""Australia: what may be told, must be told, and stays silent."""

from spec.vocabulary import (
    ask_first,
    case,
    table,
    usually,
    you_may,
    you_must,
)

HERE = usually(
    "au",
    who="psychologist, treating",
    yes="threat.serious threat.necessary recipient.able_to_prevent",
    no="client.unsafe_to_tell",
)
tables = [
    table(
        "Warning and protecting",
        HERE.but(
            to="police",
            purpose="protection",
        ),
        case(
            "W127",
            "Commonwealth: serious threat, not imminent",
            "Stalking plan over months; consent refused and impracticable.",
            wants="risk identity progress_note",
            yes="au.consent_impracticable",
            no="threat.imminent",
            then=you_may(
                give="risk identity",
                keep="progress_note",
                reason="au.s16a.threat",
                tell_client="discretionary",
            ),
            law="Privacy Act s16A item 1",
        ),
        case(
            "W129",
            "Consent not asked, is that impracticable?",
            "Nobody recorded why consent was not asked.",
            wants="risk identity",
            unknown="client.unsafe_to_tell",
            then=ask_first(keep="risk identity", question="au.consent_impracticable"),
            law="Privacy Act s16A item 1",
        ),
        case(
            "W58",
            "Client is a surgeon drinking before lists",
            "Psychologist treats a surgeon who operates intoxicated.",
            to="licensing_board",
            wants="risk identity progress_note psychotherapy_note",
            yes=(
                "practice.profession_regulated au.treating_practitioner_client "
                "au.substantial_risk_public"
            ),
            no="au.western_australia",
            unknown="threat.serious threat.necessary recipient.able_to_prevent",
            then=you_must(
                give="risk identity",
                keep="progress_note psychotherapy_note",
                reason="au.ahpra",
                tell_client="discretionary",
            ),
            law="National Law ss140-141B",
        ),
    ),
]
