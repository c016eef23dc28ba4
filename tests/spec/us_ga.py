"""Georgia: what may be told, must be told, and stays silent."""

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
    "house us-hipaa us-ga",
    who="privacy_officer, none",
    yes="recipient.identity_verified",
    no="record.joint record.part2 client.restriction client.paid_out_of_pocket",
    facts={"client.age": 34},
)
tables = [
    table(
        "Parents and minors",
        HERE,
        case(
            "N082",
            "Georgia: parent of a 15-year-old",
            "Parent consented; papers seen.",
            to="parent",
            purpose="client_request",
            paper="written_request",
            wants="progress_note psychotherapy_note",
            yes="recipient.has_legal_authority",
            no=(
                "client.consented_own_care recipient.suspected_abuser "
                "us_hipaa.access_endangers us_hipaa.third_party_harm"
            ),
            facts={"client.age": 15},
            then=you_may(
                give="progress_note", keep="psychotherapy_note", reason="us-hipaa.access.parent"
            ),
            law="45 CFR 164.502(g)(3); O.C.G.A. 31-9-2",
        ),
    ),
    table(
        "Subpoenas and orders",
        HERE,
        case(
            "N145",
            "Georgia order: dates yes, words no",
            "Privilege not waived.",
            to="court",
            purpose="legal_proceeding",
            paper="court_order",
            wants="attendance progress_note",
            yes=(
                "order.signed_by_judge order.served order.covers_these "
                "recipient.named_in_order record.privileged"
            ),
            no=(
                "order.part2_findings house.order_names_notes "
                "us_hipaa.order_names_notes order.privilege_waived "
                "order.privilege_decided us_ga.court_found_not_privileged"
            ),
            then=you_must(
                give="attendance",
                keep="progress_note",
                reason="us-ga.order",
                bar="us-ga.lock.privilege",
            ),
            law="O.C.G.A. 37-3-166(a)(8), 24-5-501",
            hard=True,
        ),
    ),
    table(
        "Warning and protecting",
        HERE,
        case(
            "S31",
            "Threat, Georgia: warn the brother?",
            "Outpatient threatens his brother; counsel not asked yet.",
            who="psychologist, treating",
            to="person_at_risk",
            purpose="protection",
            wants="risk identity",
            yes=(
                "threat.made threat.serious threat.imminent threat.necessary "
                "threat.intent threat.ability recipient.is_target"
            ),
            no=(
                "threat.told_by_family recipient.able_to_prevent "
                "house.notes_necessary client.unsafe_to_tell "
                "us_ga.counsel_cleared_warning"
            ),
            facts={"threat.target": "identified_person"},
            then=do_not_send(keep="risk identity", bar="us-ga.lock.warning"),
            law="O.C.G.A. 24-5-501; Garner v. Stone (1999)",
            hard=True,
        ),
    ),
    table(
        "Reports of abuse",
        HERE,
        case(
            "N191",
            "Adult at risk, GA",
            "Neglect by a caregiver, seen and told; the adult would rather wait.",
            who="social_worker, treating",
            to="adult_protection",
            purpose="abuse_report",
            wants="abuse identity progress_note",
            yes=(
                "abuse.suspected abuse.learned_professionally client.capacity abuse.victim_objects"
            ),
            no=("abuse.historic client.agrees client.unsafe_to_tell us_hipaa.statute_authorises"),
            facts={"abuse.victim": "elder", "abuse.victim_age": 75},
            then=you_must(
                give="abuse identity",
                keep="progress_note",
                reason="us-ga.abuse.adult",
                tell_client="required",
                by_when="PT0S",
            ),
            law="O.C.G.A. 30-5-4; 45 CFR 164.512(c)",
        ),
    ),
    table(
        "Oversight, research and the dead",
        HERE,
        case(
            "N146",
            "Georgia coroner",
            "Privilege survives death.",
            to="coroner",
            purpose="death_inquiry",
            paper="written_request",
            wants="attendance progress_note",
            yes="client.deceased recipient.has_legal_authority",
            no="order.privilege_waived us_ga.court_found_not_privileged",
            then=you_may(give="attendance", keep="progress_note", bar="us-ga.lock.privilege"),
            law="Advantage BHS v. Cleveland (Ga. App. 2019); 45 CFR 164.512(g)",
            hard=True,
        ),
    ),
    table(
        "What the law leaves open",
        HERE.but(who="psychologist, treating", purpose="protection", no="client.unsafe_to_tell"),
        case(
            "SPEC-331",
            "May the person threatened be warned in Georgia?",
            "A serious and imminent threat to a named person.",
            to="person_at_risk",
            wants="risk identity",
            yes="threat.made threat.serious threat.imminent threat.necessary recipient.is_target",
            no="recipient.able_to_prevent house.notes_necessary",
            facts={"threat.target": "identified_person"},
            then=ask_first(
                keep="risk identity",
                says=["Contested: Georgia knows no settled duty", "emergency number"],
            ),
            law="Garner v. Stone; O.C.G.A. 43-39-16",
            hard=True,
        ),
    ),
]
