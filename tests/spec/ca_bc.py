"""Canada: British Columbia: what may be told, must be told, and stays silent."""

from spec.vocabulary import (
    ask_first,
    case,
    do_not_send,
    table,
    usually,
    you_may,
    you_must,
)

HERE = usually(
    "ca-bc",
    who="counselor, treating",
)
tables = [
    table(
        "The client's own record",
        HERE,
        case(
            "W152",
            "BC: could access cause grave harm?",
            "Client asks for the notes; the counsellor has not considered the question.",
            to="client",
            purpose="client_request",
            paper="written_request",
            wants="progress_note",
            yes="recipient.identity_verified",
            then=ask_first(keep="progress_note", question="ca_bc.access_harm"),
            law="PIPA s23",
        ),
    ),
    table(
        "Police and other authorities",
        HERE,
        case(
            "W126",
            "BC: police letter",
            "No order, no consent.",
            who="front_desk, none",
            to="police",
            purpose="law_enforcement",
            paper="written_request",
            wants="attendance identity",
            then=do_not_send(keep="attendance identity"),
            law="PIPA ss6, 18",
        ),
    ),
    table(
        "Emergencies",
        HERE,
        case(
            "W124",
            "BC: client unreachable after a goodbye message",
            "Clearly in the client's interest; no time for consent.",
            to="emergency_services",
            purpose="emergency",
            wants="risk identity progress_note",
            yes="ca_bc.clearly_in_interests threat.serious recipient.able_to_prevent",
            no="client.unsafe_to_tell",
            then=you_may(give="risk identity", keep="progress_note", reason="ca-bc.s18_1_a"),
            law="PIPA s18(1)(a)",
        ),
    ),
    table(
        "Reports of abuse",
        HERE,
        case(
            "W123",
            "BC: 18-year-old abused at home",
            "In BC a child is anyone under 19.",
            to="child_protection",
            purpose="abuse_report",
            wants="abuse identity progress_note",
            yes="abuse.suspected",
            no="record.privileged client.unsafe_to_tell",
            facts={"abuse.victim_age": 18},
            then=you_must(
                give="abuse identity",
                keep="progress_note",
                reason="ca-bc.cfcsa14",
                tell_client="discretionary",
            ),
            law="CFCSA s14",
            seen=False,
            note="That British Columbia counts those under 19 as children is from memory.",
        ),
    ),
]
