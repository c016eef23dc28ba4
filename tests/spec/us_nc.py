"""North Carolina: what may be told, must be told, and stays silent."""

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
    "house us-hipaa us-nc",
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
            "N210",
            "North Carolina parent, not injurious",
            "10-year-old, parent responsible.",
            to="parent",
            purpose="client_request",
            paper="written_request",
            wants="progress_note",
            yes="recipient.has_legal_authority",
            no=(
                "client.consented_own_care recipient.suspected_abuser "
                "us_hipaa.access_endangers us_hipaa.third_party_harm us_nc.injurious"
            ),
            facts={"client.age": 10},
            then=you_may(give="progress_note", reason="us-nc.representative"),
            law="N.C.G.S. 122C-53(d)",
        ),
    ),
    table(
        "Consents",
        HERE,
        case(
            "N048",
            "North Carolina: no time stated",
            "Valid for a specified time only.",
            to="treating_provider",
            purpose="treatment",
            paper="consent",
            wants="diagnosis",
            no="us_nc.opt_out_offered client.objects",
            consents=consent(lacks="expiry"),
            then=do_not_send(keep="diagnosis"),
            law="N.C.G.S. 122C-53(a)",
        ),
    ),
    table(
        "Subpoenas and orders",
        HERE.but(
            to="court",
            purpose="legal_proceeding",
            paper="court_order",
            no="record.privileged",
        ),
        case(
            "N144",
            "North Carolina court order",
            "Compels.",
            wants="progress_note psychotherapy_note",
            yes=("order.signed_by_judge order.served order.covers_these recipient.named_in_order"),
            no="order.part2_findings house.order_names_notes us_hipaa.order_names_notes",
            then=you_must(give="progress_note", keep="psychotherapy_note", reason="us-nc.order"),
            law="N.C.G.S. 122C-54(a)",
        ),
        case(
            "S06",
            "North Carolina subpoena, no order",
            "Clerk-issued subpoena to a facility.",
            to="opposing_attorney",
            paper="subpoena_court",
            wants="progress_note",
            yes="subpoena.notice_to_client subpoena.objection_period_over",
            no="order.protective_order",
            then=do_not_send(keep="progress_note", bar="us-nc.lock.subpoena"),
            law="N.C.G.S. 122C-54(a)",
        ),
    ),
    table(
        "Warning and protecting",
        HERE.but(
            who="psychologist, treating",
            to="police",
            purpose="protection",
            yes=(
                "threat.made threat.serious threat.imminent threat.necessary "
                "threat.intent threat.ability recipient.able_to_prevent"
            ),
            no=(
                "threat.told_by_family recipient.is_target house.notes_necessary "
                "client.unsafe_to_tell"
            ),
            facts={"threat.target": "identified_person"},
        ),
        case(
            "N098",
            "North Carolina: imminent danger",
            "Responsible professional's opinion.",
            wants="risk identity",
            yes="us_nc.responsible_professional",
            then=you_may(give="risk identity", reason="us-nc.danger"),
            law="N.C.G.S. 122C-55(d)",
        ),
        case(
            "N099",
            "North Carolina: whose opinion is it?",
            "A note by a student.",
            who="trainee, treating",
            wants="risk identity",
            then=ask_first(question="us_nc.responsible_professional"),
            law="N.C.G.S. 122C-55(d)",
        ),
    ),
    table(
        "Reports of abuse",
        HERE,
        case(
            "N116",
            "North Carolina child report",
            "Any person.",
            who="psychologist, treating",
            to="child_protection",
            purpose="abuse_report",
            wants="abuse identity progress_note",
            yes="abuse.suspected abuse.learned_professionally",
            no="abuse.historic abuse.already_reported client.unsafe_to_tell",
            facts={"abuse.victim": "child"},
            then=you_must(
                give="abuse identity",
                keep="progress_note",
                reason="us-nc.abuse.child",
                by_when="PT0S",
            ),
            law="N.C.G.S. 7B-301",
        ),
    ),
    table(
        "Looks inside the practice",
        HERE,
        case(
            "N208",
            "North Carolina staff look",
            "Treating clinician.",
            who="psychologist, treating",
            to="workforce",
            purpose="treatment",
            wants="progress_note",
            then=you_may(give="progress_note", reason="us-nc.inside"),
            law="N.C.G.S. 122C-55",
        ),
    ),
]
