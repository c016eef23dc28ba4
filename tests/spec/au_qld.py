"""Australia: Queensland: what may be told, must be told, and stays silent."""

from spec.vocabulary import (
    case,
    do_not_send,
    table,
    usually,
    you_must,
)

HERE = usually(
    "au au-qld",
    who="physician, treating",
    no="client.unsafe_to_tell",
)
tables = [
    table(
        "Reports of abuse",
        HERE.but(
            to="child_protection",
            purpose="abuse_report",
        ),
        case(
            "W136",
            "Queensland: doctor sees injuries",
            "Physical abuse; no parent able and willing.",
            wants="abuse identity",
            yes="au_qld.reportable_suspicion au_qld.no_parent_willing abuse.suspected",
            facts={"abuse.victim_age": 7},
            then=you_must(give="abuse identity", reason="au-qld.s13e", tell_client="discretionary"),
            law="Child Protection Act 1999 s13E",
        ),
        case(
            "W137",
            "Queensland: adult survivor says no police",
            "Told at 30; abuser known; she does not want it.",
            who="psychologist, treating",
            to="police",
            wants="abuse identity",
            yes=(
                "au_qld.sexual_offence_belief au_qld.under_16_or_impaired "
                "au_qld.adult_victim_says_no"
            ),
            no="au_qld.police_know au_qld.reported_elsewhere au_qld.safety_excuse",
            then=do_not_send(keep="abuse identity"),
            law="Criminal Code (Qld) s229BC",
        ),
    ),
]
