"""Virginia: what may be told, must be told, and stays silent."""

from spec.vocabulary import (
    ask_first,
    case,
    do_not_send,
    table,
    usually,
    you_must,
)

HERE = usually(
    "house us-hipaa us-va",
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
            "N080",
            "Virginia: harm statement is in the file",
            "Father asks.",
            to="parent",
            purpose="client_request",
            paper="written_request",
            wants="progress_note",
            yes=("client.consented_own_care recipient.has_legal_authority us_va.harm_statement"),
            no=("recipient.suspected_abuser us_hipaa.access_endangers us_hipaa.third_party_harm"),
            facts={"client.age": 16},
            then=do_not_send(keep="progress_note", bar="us-va.lock.parent_harm"),
            law="Va. Code 20-124.6",
            hard=True,
        ),
    ),
    table(
        "Subpoenas and orders",
        HERE.but(
            to="opposing_attorney",
            purpose="legal_proceeding",
            paper="subpoena_attorney",
            yes="subpoena.notice_to_client",
            no="order.protective_order record.privileged",
        ),
        case(
            "N133",
            "Motion to quash pending: the lawyer",
            "Virginia; nothing goes to counsel.",
            wants="progress_note",
            yes="us_va.motion_pending",
            no="subpoena.objection_period_over subpoena.certified",
            then=do_not_send(keep="progress_note", bar="us-va.lock.subpoena"),
            law="Va. Code 32.1-127.1:03(H)",
            hard=True,
        ),
        case(
            "N174",
            "Judge's order, VA",
            "Signed, served, names the court and these classes; privilege not in play.",
            to="court",
            paper="court_order",
            wants="progress_note psychotherapy_note",
            yes=("order.signed_by_judge order.served order.covers_these recipient.named_in_order"),
            no="order.part2_findings house.order_names_notes us_hipaa.order_names_notes",
            unknown="subpoena.notice_to_client order.protective_order",
            then=you_must(
                give="progress_note",
                keep="psychotherapy_note",
                reason="us-va.order",
                tell_client="required",
            ),
            law="Va. Code 32.1-127.1:03(D)",
        ),
        case(
            "S02",
            "Same subpoena with certification of notice, Virginia",
            (
                "Copy and Notice to Individual served, time passed, certification received,"
                " no motion, privilege cleared."
            ),
            wants="progress_note treatment_plan billing psychotherapy_note third_party",
            yes="subpoena.objection_period_over subpoena.certified",
            no="us_va.motion_pending record.all_parties_consent",
            then=you_must(
                give="progress_note treatment_plan billing",
                keep="psychotherapy_note third_party",
                reason="us-va.subpoena",
                tell_client="required",
                by_when="P5D",
            ),
            law="Va. Code 32.1-127.1:03(H)",
            hard=True,
        ),
        case(
            "S03",
            "Subpoena, motion to quash pending: the clerk",
            "The client filed a motion to quash; the court asks for the sealed envelope.",
            to="court",
            wants="progress_note psychotherapy_note",
            yes="us_va.motion_pending",
            no="subpoena.objection_period_over subpoena.certified",
            then=you_must(
                give="progress_note",
                keep="psychotherapy_note",
                reason="us-va.subpoena_sealed",
                tell_client="required",
            ),
            law="Va. Code 32.1-127.1:03(H)",
            hard=True,
        ),
    ),
    table(
        "Warning and protecting",
        HERE,
        case(
            "N090",
            "Imminence unknown",
            "When did he mean?",
            who="psychologist, treating",
            to="police",
            purpose="protection",
            wants="risk identity",
            yes=(
                "threat.made threat.serious threat.necessary threat.intent "
                "threat.ability recipient.able_to_prevent"
            ),
            no=(
                "threat.told_by_family recipient.is_target house.notes_necessary "
                "client.unsafe_to_tell us_va.discharged_otherwise"
            ),
            facts={"threat.target": "identified_person"},
            then=ask_first(question="threat.imminent"),
            law="Va. Code 54.1-2400.1",
        ),
    ),
    table(
        "Reports of abuse",
        HERE,
        case(
            "N195",
            "Adult at risk, VA",
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
                reason="us-va.abuse.adult",
                tell_client="required",
                by_when="PT0S",
            ),
            law="Va. Code 63.2-1606; 45 CFR 164.512(c)",
        ),
    ),
    table(
        "The later of two dates",
        HERE.but(to="opposing_attorney", purpose="legal_proceeding", paper="subpoena_attorney"),
        case(
            "SPEC-221",
            "Certified on a Monday, due on a Wednesday",
            "Notice given, no motion to quash, certified in writing.",
            packs="us-hipaa us-va",
            wants="progress_note",
            yes="subpoena.notice_to_client subpoena.objection_period_over subpoena.certified",
            no=(
                "record.privileged order.protective_order us_hipaa.federal_case "
                "us_va.motion_pending"
            ),
            then=you_must(
                give="progress_note",
                reason="us-va.subpoena",
                by_when="P5D",
                owes={
                    "us-va.duty.produce": {
                        "later_of": [
                            {"due": "PT0S", "due_from": "the return date on the subpoena"},
                            {"due": "P5D", "due_from": "certification"},
                        ]
                    }
                },
            ),
            law="Va. Code 32.1-127.1:03(H)",
        ),
    ),
]
