"""Massachusetts: what may be told, must be told, and stays silent."""

from spec.vocabulary import (
    case,
    do_not_send,
    table,
    usually,
    you_may,
    you_must,
)

HERE = usually(
    "house us-hipaa us-ma",
    who="privacy_officer, none",
    yes="recipient.identity_verified abuse.suspected abuse.learned_professionally",
    no=(
        "record.joint record.part2 client.restriction client.paid_out_of_pocket "
        "client.unsafe_to_tell abuse.historic abuse.already_reported abuse.victim_objects"
    ),
    facts={"client.age": 34},
)
tables = [
    table(
        "Subpoenas and orders",
        HERE.but(
            to="opposing_attorney",
            purpose="legal_proceeding",
            paper="subpoena_attorney",
            unknown=(
                "client.unsafe_to_tell abuse.suspected abuse.learned_professionally "
                "abuse.historic abuse.already_reported abuse.victim_objects"
            ),
        ),
        case(
            "N149",
            "Massachusetts subpoena",
            "Lawyer's paper.",
            wants="progress_note",
            yes="subpoena.notice_to_client subpoena.objection_period_over record.privileged",
            no="order.protective_order order.privilege_waived order.privilege_decided",
            then=do_not_send(
                keep="progress_note", bar="us-ma.lock.subpoena", tell_client="required"
            ),
            law="Mass. G.L. c.233 s.20B",
        ),
        case(
            "N169",
            "Judge's order, MA",
            "Signed, served, names the court and these classes; privilege not in play.",
            to="court",
            paper="court_order",
            wants="progress_note psychotherapy_note",
            yes=("order.signed_by_judge order.served order.covers_these recipient.named_in_order"),
            no=(
                "order.part2_findings house.order_names_notes "
                "us_hipaa.order_names_notes record.privileged"
            ),
            then=you_must(
                give="progress_note",
                keep="psychotherapy_note",
                reason="us-ma.order",
                tell_client="required",
            ),
            law="Mass. G.L. c.233 s.20B",
        ),
    ),
    table(
        "Reports of abuse",
        HERE.but(
            who="psychologist, treating",
            to="adult_protection",
            purpose="abuse_report",
            facts={"abuse.victim": "dependent_adult"},
        ),
        case(
            "C04",
            "Massachusetts: dependent woman of 75",
            "Bruises; her son keeps her money. 75 is outside c.19C.",
            wants="abuse identity progress_note",
            facts={"abuse.victim_age": 75},
            then=you_must(
                give="abuse identity",
                keep="progress_note",
                reason="us-ma.abuse.elder",
                by_when="PT48H",
            ),
            law="Mass. G.L. c.19A ss.14, 15(a)",
            hard=True,
        ),
        case(
            "C05",
            "Massachusetts: disabled man of 40",
            "Dependent on his carer, who hits him.",
            who="social_worker, treating",
            wants="abuse identity",
            no="us_ma.privilege_invoked",
            facts={"abuse.victim_age": 40},
            then=you_must(give="abuse identity", reason="us-ma.abuse.disabled", by_when="PT48H"),
            law="Mass. G.L. c.19C ss.1, 10",
            hard=True,
        ),
        case(
            "C06",
            "Massachusetts: counselor not on the list",
            (
                "A mental health counselor; the elder is in danger, the law permits but "
                "does not order."
            ),
            who="counselor, treating",
            wants="abuse identity",
            yes="us_hipaa.statute_authorises us_hipaa.prevents_serious_harm",
            facts={"abuse.victim": "elder", "abuse.victim_age": 66},
            then=you_may(give="abuse identity", reason="us-ma.abuse.elder_other"),
            law="Mass. G.L. c.19A s.15(c); 45 CFR 164.512(c)(1)(iii)",
            hard=True,
        ),
    ),
]
