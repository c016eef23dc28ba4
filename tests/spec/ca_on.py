"""Canada: Ontario: what may be told, must be told, and stays silent."""

from spec.vocabulary import (
    case,
    table,
    usually,
    you_may,
    you_must,
)

HERE = usually(
    "ca-on",
    who="psychotherapist, treating",
    yes="abuse.suspected",
    no="record.privileged client.unsafe_to_tell",
)
tables = [
    table(
        "Reports of abuse",
        HERE.but(
            to="child_protection",
            purpose="abuse_report",
        ),
        case(
            "W114",
            "Ontario: 16-year-old in danger at home",
            "May report; no duty over 15.",
            wants="abuse identity",
            facts={"abuse.victim_age": 16},
            then=you_may(
                give="abuse identity", reason="ca-on.cyfsa125_16_17", tell_client="discretionary"
            ),
            law="CYFSA s125(4)",
        ),
        case(
            "W52",
            "Suspected neglect of a 6-year-old",
            "Client describes leaving child alone overnight.",
            wants="abuse identity progress_note psychotherapy_note",
            facts={"abuse.victim": "child", "abuse.victim_age": 6, "abuse.kind": "neglect"},
            then=you_must(
                give="abuse identity",
                keep="progress_note psychotherapy_note",
                reason="ca-on.cyfsa125",
                tell_client="discretionary",
                by_when="PT0S",
            ),
            law="CYFSA 2017 s125",
        ),
    ),
    table(
        "Other clinicians and contractors",
        HERE,
        case(
            "W51",
            "Lock-box and the family doctor",
            "Client locked the trauma history; doctor asks for 'full picture'.",
            who="psychologist, treating",
            to="treating_provider",
            purpose="treatment",
            paper="written_request",
            wants="treatment_plan medication history progress_note",
            yes="recipient.involved_in_care care.minimum_ok client.restriction",
            no="client.objects ca_on.lock_covers_these",
            unknown="abuse.suspected record.privileged client.unsafe_to_tell",
            then=you_may(
                give="treatment_plan medication",
                keep="history progress_note",
                reason="ca-on.circle_of_care",
                bar="ca-on.lockbox",
                tell_client="required",
            ),
            law="PHIPA ss20(2)-(3), 38(1)(a)",
        ),
    ),
]
