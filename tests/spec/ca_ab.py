"""Canada: Alberta: what may be told, must be told, and stays silent."""

from spec.vocabulary import (
    ask_first,
    case,
    do_not_send,
    general_consent,
    table,
    usually,
    you_may,
    you_must,
)

HERE = usually(
    "ca-ab",
    who="psychologist, treating",
)
tables = [
    table(
        "Consents",
        HERE.but(
            to="insurer",
            purpose="insurance",
            paper="consent",
        ),
        case(
            "W119",
            "Alberta: consent lacks the risks-and-benefits line",
            "Five of the six parts are there.",
            wants="treatment_plan",
            consents=general_consent(
                has="specified_info purpose recipient effective_date revocable signed",
                lacks="risks_benefits",
            ),
            then=do_not_send(keep="treatment_plan"),
            law="HIA s34",
        ),
        case(
            "W120",
            "Alberta: consent with all six parts",
            "Complete and signed.",
            wants="treatment_plan progress_note",
            consents=general_consent(
                has=(
                    "specified_info purpose recipient risks_benefits effective_date"
                    " revocable signed"
                ),
                classes="treatment_plan",
            ),
            then=you_may(give="treatment_plan", keep="progress_note", reason="ca-ab.consent"),
            law="HIA s34",
        ),
    ),
    table(
        "Subpoenas and orders",
        HERE,
        case(
            "W153",
            "Alberta: court order for two letters",
            "Sealed order, exact scope.",
            who="privacy_officer, none",
            to="court",
            purpose="legal_proceeding",
            paper="court_order",
            wants="correspondence legal",
            yes="order.signed_by_judge order.covers_these",
            then=you_must(give="correspondence", keep="legal", reason="ca-ab.court"),
            law="HIA s3",
        ),
    ),
    table(
        "Warning and protecting",
        HERE,
        case(
            "W121",
            "Alberta: adult in danger, is it imminent?",
            "Threat to an adult; no minor; urgency not recorded.",
            who="physician, treating",
            to="police",
            purpose="protection",
            wants="risk identity",
            yes="ca_ab.will_avert ca_ab.hia_custodian",
            no="ca_ab.minor_at_risk",
            then=ask_first(keep="risk identity", question="threat.imminent"),
            law="HIA s35(1)(m)",
        ),
    ),
    table(
        "Reports of abuse",
        HERE,
        case(
            "W122",
            "Alberta: child in need of intervention",
            "Everyone must report.",
            to="child_protection",
            purpose="abuse_report",
            wants="abuse identity",
            yes="abuse.suspected",
            no="record.privileged client.unsafe_to_tell",
            facts={"abuse.victim_age": 10},
            then=you_must(
                give="abuse identity",
                reason="ca-ab.cyfea4",
                tell_client="discretionary",
                by_when="PT0S",
            ),
            law="CYFEA s4",
        ),
    ),
]
