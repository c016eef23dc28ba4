"""Canada (PIPEDA and federal evidence law): what may be told, must be told, and stays silent."""

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
    "ca",
    who="privacy_officer, none",
)
tables = [
    table(
        "The client's own record",
        HERE,
        case(
            "W111",
            "Access within 30 days",
            "Written request, identity checked.",
            to="client",
            purpose="client_request",
            paper="written_request",
            wants="progress_note third_party",
            yes="recipient.identity_verified ca.written_request",
            then=you_must(
                give="progress_note", keep="third_party", reason="ca.access", by_when="P30D"
            ),
            law="PIPEDA s8",
        ),
    ),
    table(
        "Police and other authorities",
        HERE,
        case(
            "W108",
            "Police letter 'under PIPEDA'",
            "The letter quotes s7(3)(c.1) but names no power.",
            to="police",
            purpose="law_enforcement",
            paper="written_request",
            wants="identity attendance",
            yes="recipient.identity_verified",
            no="ca.lawful_authority_identified",
            then=do_not_send(keep="identity attendance"),
            law="PIPEDA s7(3)(c.1)",
        ),
    ),
    table(
        "Emergencies",
        HERE,
        case(
            "W109",
            "Emergency in a province without its own law",
            "Client calls from a bridge.",
            who="counselor, treating",
            to="emergency_services",
            purpose="emergency",
            wants="risk identity progress_note",
            yes="ca.emergency_threat recipient.able_to_prevent",
            facts={"threat.target": "self"},
            then=you_may(
                give="risk identity",
                keep="progress_note",
                reason="ca.pipeda.emergency",
                tell_client="required",
                by_when="PT0S",
            ),
            law="PIPEDA s7(3)(e)",
        ),
    ),
    table(
        "Reports of abuse",
        HERE,
        case(
            "W110",
            "Financial abuse: is the daughter the abuser?",
            "Client of 80 is losing money; the daughter is next of kin.",
            who="psychologist, treating",
            to="family",
            purpose="abuse_report",
            wants="abuse identity",
            yes=("abuse.suspected ca.solely_prevent_or_investigate ca.consent_would_compromise"),
            facts={"abuse.kind": "financial"},
            then=ask_first(keep="abuse identity", question="recipient.suspected_abuser"),
            law="PIPEDA s7(3)(d.3)",
        ),
    ),
]
