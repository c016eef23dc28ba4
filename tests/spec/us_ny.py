"""New York: what may be told, must be told, and stays silent."""

from spec.vocabulary import (
    case,
    do_not_send,
    table,
    usually,
    you_may,
    you_must,
)

HERE = usually(
    "house us-hipaa us-ny",
    who="privacy_officer, none",
    yes="recipient.identity_verified",
    no="record.joint record.part2 client.restriction client.paid_out_of_pocket",
    facts={"client.age": 34},
)
tables = [
    table(
        "The client's own record",
        HERE,
        case(
            "N029",
            "New York client access",
            "Ten days to inspect.",
            to="client",
            purpose="client_request",
            paper="written_request",
            wants="progress_note",
            no="us_hipaa.access_endangers us_hipaa.third_party_harm",
            then=you_must(give="progress_note", reason="us-hipaa.access", by_when="P10D"),
            law="N.Y. Mental Hyg. Law 33.16(b)(1)",
        ),
    ),
    table(
        "Parents and minors",
        HERE,
        case(
            "N201",
            "Minor who came alone, NY",
            "The parent asks whether the child comes.",
            who="front_desk, none",
            to="parent",
            purpose="client_request",
            paper="oral_request",
            wants="attendance",
            yes="client.consented_own_care recipient.has_legal_authority",
            no=("recipient.suspected_abuser us_hipaa.access_endangers us_hipaa.third_party_harm"),
            facts={"client.age": 16},
            then=do_not_send(keep="attendance", bar="us-ny.lock.parent"),
            law="N.Y. Mental Hyg. Law 33.21",
        ),
    ),
    table(
        "Subpoenas and orders",
        HERE,
        case(
            "S77",
            "New York subpoena from a lawyer in a divorce",
            "No authorization, no order.",
            to="opposing_attorney",
            purpose="legal_proceeding",
            paper="subpoena_attorney",
            wants="progress_note",
            yes="subpoena.notice_to_client subpoena.objection_period_over record.privileged",
            no="order.protective_order order.privilege_waived order.privilege_decided",
            then=do_not_send(
                keep="progress_note",
                bar="us-ny.lock.subpoena",
                tell_client="required",
                by_when="P20D",
            ),
            law="N.Y. CPLR 3122(a)(2)",
        ),
    ),
    table(
        "Warning and protecting",
        HERE,
        case(
            "N109",
            "New York: psychiatrist in a licensed clinic warns",
            "Named individual.",
            who="psychiatrist, treating",
            to="person_at_risk",
            purpose="protection",
            wants="risk identity",
            yes=(
                "threat.made threat.serious threat.imminent threat.necessary "
                "threat.intent threat.ability recipient.is_target us_ny.omh_facility"
            ),
            no=(
                "threat.told_by_family recipient.able_to_prevent "
                "house.notes_necessary client.unsafe_to_tell"
            ),
            facts={"threat.target": "identified_person"},
            then=you_may(give="risk identity", reason="us-ny.warn"),
            law="N.Y. Mental Hyg. Law 33.13(c)(6)",
        ),
    ),
]
