"""Ohio: what may be told, must be told, and stays silent."""

from spec.vocabulary import (
    case,
    do_not_send,
    table,
    usually,
    you_must,
)

HERE = usually(
    "house us-hipaa us-oh",
    who="psychologist, treating",
    yes="recipient.identity_verified",
    no="record.joint record.part2 client.restriction client.paid_out_of_pocket",
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
        ),
        case(
            "N172",
            "Judge's order, OH",
            "Signed, served, names the court and these classes; privilege not in play.",
            wants="progress_note psychotherapy_note",
            yes=("order.signed_by_judge order.served order.covers_these recipient.named_in_order"),
            no=(
                "order.part2_findings house.order_names_notes "
                "us_hipaa.order_names_notes record.privileged"
            ),
            then=you_must(
                give="progress_note",
                keep="psychotherapy_note",
                reason="us-oh.order",
                tell_client="required",
            ),
            law="Ohio Rev. Code 2317.02",
        ),
        case(
            "N182",
            "Lawyer's subpoena, OH",
            "HIPAA notice proof is in order; no order, no consent.",
            to="opposing_attorney",
            paper="subpoena_attorney",
            wants="attendance progress_note",
            yes="subpoena.notice_to_client subpoena.objection_period_over record.privileged",
            no="order.protective_order order.privilege_waived order.privilege_decided",
            then=do_not_send(
                keep="attendance progress_note", bar="us-oh.lock.subpoena", tell_client="required"
            ),
            law="Ohio Rev. Code 2317.02",
        ),
    ),
    table(
        "Warning and protecting",
        HERE,
        case(
            "N106",
            "Ohio: told by the client's sister",
            "Knowledgeable person; named victim.",
            to="police",
            purpose="protection",
            wants="risk identity",
            yes=(
                "threat.serious threat.imminent threat.necessary threat.intent "
                "threat.ability threat.told_by_family recipient.able_to_prevent"
            ),
            no=(
                "threat.made recipient.is_target house.notes_necessary "
                "client.unsafe_to_tell us_oh.discharged_otherwise"
            ),
            facts={"threat.target": "identified_person"},
            then=you_must(give="risk identity", reason="us-oh.protect"),
            law="Ohio Rev. Code 2305.51",
        ),
    ),
    table(
        "Reports of abuse",
        HERE,
        case(
            "N189",
            "Child at risk now, OH",
            "A nine-year-old with bruises; learned in session.",
            to="child_protection",
            purpose="abuse_report",
            wants="abuse identity history",
            yes="abuse.suspected abuse.learned_professionally",
            no="abuse.historic abuse.already_reported client.unsafe_to_tell",
            facts={"abuse.victim": "child"},
            then=you_must(
                give="abuse identity",
                keep="history",
                reason="us-oh.abuse.child",
                tell_client="discretionary",
                by_when="PT0S",
            ),
            law="Ohio Rev. Code 2151.421",
        ),
    ),
]
