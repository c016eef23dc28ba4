"""Florida: what may be told, must be told, and stays silent."""

from spec.vocabulary import (
    ask_first,
    case,
    consent,
    do_not_send,
    table,
    usually,
    you_may,
    you_must,
)

HERE = usually(
    "house us-hipaa us-fl",
    who="psychologist, treating",
    yes="recipient.identity_verified",
    no="record.joint record.part2 client.restriction client.paid_out_of_pocket",
    facts={"client.age": 34},
)
tables = [
    table(
        "Consents",
        HERE.but(
            who="privacy_officer, none",
            to="treating_provider",
            purpose="treatment",
            paper="consent",
            yes="record.joint",
        ),
        case(
            "N050",
            "Florida: both partners agree in writing",
            "All parties.",
            wants="progress_note shared_record",
            yes="record.all_parties_consent",
            consents=consent(),
            then=you_may(give="progress_note shared_record", reason="us-hipaa.authorization"),
            law="Fla. Stat. 491.0147(1)(b)",
        ),
        case(
            "S65",
            "Couples record, one partner's authorization, Florida",
            "A authorises A's lawyer; B is silent.",
            to="client_attorney",
            purpose="legal_proceeding",
            wants="progress_note shared_record",
            yes="record.privileged",
            no="order.privilege_waived order.privilege_decided record.all_parties_consent",
            consents=consent(),
            then=do_not_send(keep="progress_note shared_record", bar="us-fl.lock.family_therapy"),
            law="Fla. Stat. 491.0147(1)(b)",
            hard=True,
        ),
    ),
    table(
        "Subpoenas and orders",
        HERE,
        case(
            "N180",
            "Lawyer's subpoena, FL",
            "HIPAA notice proof is in order; no order, no consent.",
            who="privacy_officer, none",
            to="opposing_attorney",
            purpose="legal_proceeding",
            paper="subpoena_attorney",
            wants="attendance progress_note",
            yes="subpoena.notice_to_client subpoena.objection_period_over record.privileged",
            no="order.protective_order order.privilege_waived order.privilege_decided",
            then=do_not_send(
                keep="attendance progress_note", bar="us-fl.lock.subpoena", tell_client="required"
            ),
            law="Fla. Stat. 90.503",
        ),
    ),
    table(
        "Warning and protecting",
        HERE.but(
            to="police",
            purpose="protection",
            yes=(
                "threat.made threat.serious threat.imminent threat.necessary "
                "threat.intent threat.ability recipient.able_to_prevent"
            ),
            no=(
                "client.unsafe_to_tell threat.told_by_family recipient.is_target "
                "house.notes_necessary"
            ),
            facts={"threat.target": "identified_person"},
        ),
        case(
            "C12",
            "Florida: a psychologist tells the police",
            "Specific threat, named ex-partner, means at hand: chapter 490, not 491.",
            wants="risk identity progress_note",
            then=you_must(give="risk identity", keep="progress_note", reason="us-fl.protect"),
            law="Fla. Stat. 490.0147(2)",
            hard=True,
        ),
        case(
            "C13",
            "Florida: a mental health counselor tells the police",
            "Same threat: chapter 491.",
            who="counselor, treating",
            wants="risk identity",
            then=you_must(give="risk identity", reason="us-fl.protect.491"),
            law="Fla. Stat. 491.0147(2)",
            hard=True,
        ),
        case(
            "C14",
            "Florida: a psychologist warns the victim",
            "Permitted, not ordered.",
            to="person_at_risk",
            wants="risk identity",
            yes="recipient.is_target",
            no="recipient.able_to_prevent",
            then=you_may(give="risk identity", reason="us-fl.warn"),
            law="Fla. Stat. 490.0147(1)(c)",
            hard=True,
        ),
    ),
    table(
        "Reports of abuse",
        HERE,
        case(
            "N113",
            "Reasonable cause?",
            "A remark, not explored, Florida.",
            to="child_protection",
            purpose="abuse_report",
            wants="abuse identity",
            yes="abuse.learned_professionally",
            no="abuse.historic abuse.already_reported client.unsafe_to_tell",
            facts={"abuse.victim": "child"},
            then=ask_first(question="abuse.suspected"),
            law="Fla. Stat. 39.201",
        ),
    ),
]
