"""Ireland: what may be told, must be told, and stays silent."""

from spec.vocabulary import (
    ask_first,
    case,
    do_not_send,
    table,
    usually,
    you_must,
)

HERE = usually(
    "eu ie",
    who="psychologist, treating",
    no="ie.reasonable_excuse",
)
tables = [
    table(
        "Warning and protecting",
        HERE,
        case(
            "W101",
            "Armed robbery planned by a friend of the client",
            "Client gives names and a date.",
            to="police",
            purpose="protection",
            wants="risk identity progress_note",
            yes="ie.serious_offence ie.prevents_or_secures client.unsafe_to_tell",
            then=you_must(
                give="risk identity",
                keep="progress_note",
                reason="ie.s9_1998",
                tell_client="prohibited",
            ),
            law="Offences Against the State (Amendment) Act 1998 s9",
        ),
    ),
    table(
        "Reports of abuse",
        HERE.but(
            who="psychotherapist, treating",
            to="police",
            purpose="abuse_report",
            yes="ie.scheduled_offence ie.material_assistance",
            no="ie.designated_view",
        ),
        case(
            "W102",
            "Survivor says no Gardaí",
            "The adult client says so clearly, and the therapist relies on it.",
            packs="ie",
            wants="abuse identity",
            yes="ie.victim_view_against",
            then=do_not_send(keep="abuse identity"),
            law="Withholding Act 2012 s4",
        ),
        case(
            "W43b",
            "Same client: tell the Gardaí?",
            (
                "The same psychotherapist; nobody has asked the client whether the Gardaí "
                "should be told. A psychotherapist is not in the designated-profession "
                "list."
            ),
            packs="ie",
            wants="abuse identity",
            then=ask_first(keep="abuse identity", question="ie.victim_view_against"),
            law="McGrath v HSE (CA 2023); 2012 Act ss2, 4",
            hard=True,
        ),
        case(
            "W44",
            "14-year-old tells psychologist she is being abused",
            "Disclosure in session.",
            who="psychologist, treating",
            to="child_protection",
            wants="abuse identity psychotherapy_note",
            yes=("ie.mandated_person abuse.child_at_risk_now ie.harm_threshold abuse.suspected"),
            no="ie.peer_exception ie.sole_source_reported client.unsafe_to_tell",
            facts={"abuse.victim_age": 14},
            unknown=(
                "ie.scheduled_offence ie.material_assistance ie.designated_view "
                "ie.reasonable_excuse"
            ),
            then=you_must(
                give="abuse identity",
                keep="psychotherapy_note",
                reason="ie.children_first",
                tell_client="discretionary",
                by_when="P3D",
            ),
            law="Children First Act 2015 s14(1)-(2), (7)-(8)",
        ),
    ),
]
