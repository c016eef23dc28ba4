"""New Jersey: what may be told, must be told, and stays silent."""

from spec.vocabulary import (
    case,
    consent,
    do_not_send,
    table,
    usually,
    you_may,
    you_must,
)

HERE = usually(
    "house us-hipaa us-nj",
    who="biller, none",
    yes="recipient.identity_verified",
    no="record.joint record.part2 client.restriction client.paid_out_of_pocket",
    facts={"client.age": 34},
)
tables = [
    table(
        "Consents",
        HERE,
        case(
            "N051",
            "New Jersey payer wants notes, client signed",
            "Even then, administrative data only.",
            to="payer",
            purpose="payment",
            paper="consent",
            wants="diagnosis attendance progress_note",
            consents=consent(),
            then=you_may(give="diagnosis attendance", keep="progress_note", bar="us-nj.lock.payer"),
            law="N.J.S.A. 45:14B-32",
            seen=False,
        ),
    ),
    table(
        "Subpoenas and orders",
        HERE,
        case(
            "N181",
            "Lawyer's subpoena, NJ",
            "HIPAA notice proof is in order; no order, no consent.",
            who="privacy_officer, none",
            to="opposing_attorney",
            purpose="legal_proceeding",
            paper="subpoena_attorney",
            wants="attendance progress_note",
            yes="subpoena.notice_to_client subpoena.objection_period_over record.privileged",
            no="order.protective_order order.privilege_waived order.privilege_decided",
            then=do_not_send(
                keep="attendance progress_note", bar="us-nj.lock.subpoena", tell_client="required"
            ),
            law="N.J.R.E. 534",
            seen=False,
        ),
    ),
    table(
        "Emergencies",
        HERE,
        case(
            "S32",
            "Suicidal client, New Jersey",
            "Plan and pills tonight; hospital.",
            who="psychologist, treating",
            to="hospital",
            purpose="emergency",
            wants="risk identity psychotherapy_note",
            yes=(
                "threat.made threat.serious threat.imminent threat.necessary "
                "threat.intent threat.ability recipient.able_to_prevent"
            ),
            no=(
                "threat.told_by_family recipient.is_target house.notes_necessary "
                "client.unsafe_to_tell us_nj.discharged_otherwise care.emergency"
            ),
            facts={"threat.target": "self"},
            then=you_must(give="risk identity", keep="psychotherapy_note", reason="us-nj.protect"),
            law="N.J.S.A. 2A:62A-16",
            hard=True,
        ),
    ),
    table(
        "Reports of abuse",
        HERE,
        case(
            "N117",
            "New Jersey child report",
            "Any person.",
            who="counselor, treating",
            to="child_protection",
            purpose="abuse_report",
            wants="abuse identity",
            yes="abuse.suspected abuse.learned_professionally",
            no="abuse.historic abuse.already_reported client.unsafe_to_tell",
            facts={"abuse.victim": "child"},
            then=you_must(give="abuse identity", reason="us-nj.abuse.child"),
            law="N.J.S.A. 9:6-8.10",
        ),
    ),
]
