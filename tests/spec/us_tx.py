"""Texas: what may be told, must be told, and stays silent."""

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
    "house us-hipaa us-tx",
    who="psychologist, treating",
    yes="recipient.identity_verified",
    no="record.joint record.part2 client.restriction client.paid_out_of_pocket",
    facts={"client.age": 34},
)
tables = [
    table(
        "Consents",
        HERE,
        case(
            "N212",
            "Texas consent",
            "Written, to an employer.",
            who="privacy_officer, none",
            to="employer",
            purpose="employment",
            paper="consent",
            wants="attendance",
            consents=consent(),
            then=you_may(give="attendance", reason="us-tx.consent"),
            law="Tex. Health & Safety Code 611.004(a)(4)",
        ),
    ),
    table(
        "Subpoenas and orders",
        HERE,
        case(
            "N148",
            "Texas court order",
            "611.006.",
            who="privacy_officer, none",
            to="court",
            purpose="legal_proceeding",
            paper="court_order",
            wants="progress_note",
            yes=("order.signed_by_judge order.served order.covers_these recipient.named_in_order"),
            no=(
                "order.part2_findings house.order_names_notes "
                "us_hipaa.order_names_notes record.privileged"
            ),
            then=you_must(give="progress_note", reason="us-tx.court"),
            law="Tex. Health & Safety Code 611.006",
        ),
    ),
    table(
        "Warning and protecting",
        HERE.but(
            to="police",
            purpose="protection",
            yes=(
                "threat.made threat.serious threat.imminent threat.necessary "
                "threat.intent threat.ability us_tx.professional_determines"
            ),
            no="threat.told_by_family house.notes_necessary client.unsafe_to_tell",
            facts={"threat.target": "identified_person"},
        ),
        case(
            "N096",
            "Texas: the police",
            "Same threat, other recipient.",
            wants="risk identity",
            yes="recipient.able_to_prevent",
            no="recipient.is_target",
            then=you_may(give="risk identity", reason="us-tx.danger"),
            law="Tex. Health & Safety Code 611.004(a)(2)",
        ),
        case(
            "S27",
            "Texas: may the therapist phone the ex-wife?",
            "'I will kill my ex tonight.'",
            to="person_at_risk",
            wants="risk identity",
            yes="recipient.is_target",
            no="recipient.able_to_prevent",
            then=do_not_send(keep="risk identity", bar="us-tx.lock.victim"),
            law="Tex. Health & Safety Code 611.004(a)(2)",
            hard=True,
        ),
    ),
    table(
        "Reports of abuse",
        HERE.but(
            to="prosecutor",
            purpose="abuse_report",
            yes="abuse.suspected",
            no="abuse.historic",
        ),
        case(
            "N131",
            "Texas: exploitation, the client does not mind the name",
            "Told and asked.",
            wants="abuse identity progress_note",
            yes="us_tx.knows_exploitation us_tx.client_told_and_asked",
            no="us_tx.client_anonymous abuse.victim_objects",
            facts={"abuse.victim": "adult"},
            then=you_must(
                give="abuse identity",
                keep="progress_note",
                reason="us-tx.exploitation_name",
                by_when="P30D",
            ),
            law="Tex. Civ. Prac. & Rem. Code 81.006(c)",
        ),
        case(
            "S35",
            "Child hit with a belt, Texas",
            "Age 9, bruises.",
            to="child_protection",
            wants="abuse identity psychotherapy_note",
            yes="abuse.learned_professionally",
            no="abuse.already_reported client.unsafe_to_tell",
            facts={"abuse.victim": "child"},
            then=you_must(
                give="abuse identity",
                keep="psychotherapy_note",
                reason="us-tx.abuse.child",
                tell_client="discretionary",
                by_when="PT24H",
            ),
            law="Tex. Fam. Code 261.101",
        ),
    ),
    table(
        "Looks inside the practice",
        HERE,
        case(
            "N021",
            "Supervisor's look in Texas",
            "Treating team and agents are inside.",
            who="psychologist, supervisor",
            to="workforce",
            purpose="supervision",
            wants="progress_note",
            yes="care.supervision_assigned",
            then=you_may(give="progress_note", reason="us-tx.inside"),
            law="Tex. Health & Safety Code 611.004(a)",
        ),
    ),
]
