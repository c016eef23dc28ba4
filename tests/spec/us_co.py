"""Colorado: what may be told, must be told, and stays silent."""

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
    "house us-hipaa us-co",
    who="psychologist, treating",
    yes="recipient.identity_verified abuse.suspected abuse.learned_professionally",
    no=(
        "record.joint record.part2 client.restriction client.paid_out_of_pocket "
        "client.unsafe_to_tell"
    ),
    facts={"client.age": 34},
)
tables = [
    table(
        "Subpoenas and orders",
        HERE.but(
            who="privacy_officer, none",
            to="court",
            purpose="legal_proceeding",
            paper="court_order",
            unknown="abuse.suspected abuse.learned_professionally client.unsafe_to_tell",
        ),
        case(
            "N167",
            "Judge's order, CO",
            "Signed, served, names the court and these classes; privilege not in play.",
            wants="progress_note psychotherapy_note",
            yes=("order.signed_by_judge order.served order.covers_these recipient.named_in_order"),
            no=(
                "order.part2_findings house.order_names_notes "
                "us_hipaa.order_names_notes record.privileged us_co.article65_record"
            ),
            then=you_must(
                give="progress_note",
                keep="psychotherapy_note",
                reason="us-co.order",
                tell_client="required",
            ),
            law="C.R.S. 13-90-107(1)(g)",
        ),
        case(
            "N179",
            "Lawyer's subpoena, CO",
            "HIPAA notice proof is in order; no order, no consent.",
            to="opposing_attorney",
            paper="subpoena_attorney",
            wants="attendance progress_note",
            yes="subpoena.notice_to_client subpoena.objection_period_over record.privileged",
            no="order.protective_order order.privilege_waived order.privilege_decided",
            then=do_not_send(
                keep="attendance progress_note", bar="us-co.lock.subpoena", tell_client="required"
            ),
            law="C.R.S. 27-65-123",
        ),
    ),
    table(
        "Reports of abuse",
        HERE.but(
            to="child_protection",
            purpose="abuse_report",
            no="abuse.historic abuse.already_reported abuse.child_at_risk_now",
        ),
        case(
            "N185",
            "Child at risk now, CO",
            "A nine-year-old with bruises; learned in session.",
            wants="abuse identity history",
            facts={"abuse.victim": "child"},
            unknown="abuse.child_at_risk_now",
            then=you_must(
                give="abuse identity",
                keep="history",
                reason="us-co.abuse.child",
                tell_client="discretionary",
                by_when="PT24H",
            ),
            law="C.R.S. 19-3-304",
        ),
        case(
            "S37",
            "Adult survivor, abuser dead, Colorado",
            "Client 34; nobody else at risk.",
            wants="abuse identity",
            yes="abuse.historic",
            no="us_co.position_of_trust",
            facts={"abuse.victim": "adult"},
            then=do_not_send(keep="abuse identity"),
            law="C.R.S. 19-3-304",
        ),
        case(
            "US-G01",
            "Colorado elder, age unknown, client refuses",
            "A missing age decides whether the law demands the report.",
            to="police",
            wants="abuse identity",
            yes="client.capacity abuse.victim_objects",
            no="client.agrees us_hipaa.statute_authorises us_co.adult_with_idd",
            facts={"abuse.victim": "elder"},
            unknown="abuse.already_reported",
            then=ask_first(question="abuse.victim_age"),
            law="C.R.S. 18-6.5-108",
        ),
    ),
    table(
        "One of several ways is enough",
        HERE.but(
            to="police",
            purpose="protection",
            yes=(
                "threat.made threat.serious threat.imminent threat.necessary "
                "recipient.able_to_prevent"
            ),
            no="recipient.is_target house.notes_necessary",
            facts={"threat.target": "identified_person"},
            unknown="abuse.suspected abuse.learned_professionally",
        ),
        case(
            "SPEC-211",
            "No way taken yet: the police are one",
            "The client named the person and the day; nothing has been done.",
            wants="risk identity",
            no="us_co.discharged_otherwise",
            then=you_must(
                give="risk identity",
                reason="us-co.protect",
                owes={"us-co.protect.ways": {"kind": "record", "mode": "required"}},
            ),
            law="C.R.S. 13-21-117",
        ),
        case(
            "SPEC-212",
            "The client is in hospital already",
            "Another way has discharged the duty: what remains is a permission.",
            wants="risk identity",
            yes="us_co.discharged_otherwise",
            then=you_may(give="risk identity", reason="us-hipaa.threat"),
            law="C.R.S. 13-21-117",
            hard=True,
        ),
    ),
]
