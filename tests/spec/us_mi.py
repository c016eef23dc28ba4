"""Michigan: what may be told, must be told, and stays silent."""

from spec.vocabulary import (
    case,
    do_not_send,
    table,
    usually,
    you_may,
    you_must,
)

HERE = usually(
    "house us-hipaa us-mi",
    who="privacy_officer, none",
    yes="recipient.identity_verified recipient.has_legal_authority",
    no=(
        "record.joint record.part2 client.restriction client.paid_out_of_pocket "
        "recipient.suspected_abuser us_hipaa.access_endangers us_hipaa.third_party_harm"
    ),
)
tables = [
    table(
        "Parents and minors",
        HERE.but(
            to="parent",
            purpose="client_request",
            paper="written_request",
            no="client.consented_own_care us_mi.written_detriment",
            facts={"client.age": 12},
        ),
        case(
            "N079",
            "Michigan: written judgment of detriment",
            "Joint custody parent.",
            wants="progress_note",
            yes="us_mi.written_detriment",
            then=do_not_send(keep="progress_note", bar="us-mi.lock.parent_detriment"),
            law="MCL 330.1748(6)",
        ),
        case(
            "N200",
            "Minor who came alone, MI",
            "The parent asks whether the child comes.",
            who="front_desk, none",
            paper="oral_request",
            wants="attendance",
            yes="client.consented_own_care",
            no="us_mi.compelling_need",
            facts={"client.age": 15},
            then=do_not_send(keep="attendance", bar="us-mi.lock.parent"),
            law="MCL 330.1707",
        ),
        case(
            "S16",
            "Divorced parent with joint legal custody, Michigan",
            "Custody papers seen; no written detriment.",
            wants="progress_note psychotherapy_note",
            then=you_may(give="progress_note", keep="psychotherapy_note", reason="us-mi.parent"),
            law="MCL 330.1748(6); AG Op. 7149",
        ),
    ),
    table(
        "Subpoenas and orders",
        HERE,
        case(
            "N170",
            "Judge's order, MI",
            "Signed, served, names the court and these classes; privilege not in play.",
            to="court",
            purpose="legal_proceeding",
            paper="court_order",
            wants="progress_note psychotherapy_note",
            yes=("order.signed_by_judge order.served order.covers_these recipient.named_in_order"),
            no=(
                "order.part2_findings house.order_names_notes "
                "us_hipaa.order_names_notes record.privileged"
            ),
            facts={"client.age": 34},
            unknown=(
                "recipient.has_legal_authority recipient.suspected_abuser "
                "us_hipaa.access_endangers us_hipaa.third_party_harm"
            ),
            then=you_must(
                give="progress_note",
                keep="psychotherapy_note",
                reason="us-mi.order",
                tell_client="required",
            ),
            law="MCL 330.1748(5)(a)",
        ),
    ),
    table(
        "Warning and protecting",
        HERE,
        case(
            "N102",
            "Michigan: foreseeable future",
            "Intent and ability, date open; no hospital.",
            who="psychologist, treating",
            to="person_at_risk",
            purpose="protection",
            wants="risk identity",
            yes=(
                "threat.made threat.serious threat.necessary threat.intent "
                "threat.ability recipient.is_target"
            ),
            no=(
                "threat.imminent threat.told_by_family recipient.able_to_prevent "
                "house.notes_necessary client.unsafe_to_tell "
                "us_mi.discharged_otherwise"
            ),
            facts={"client.age": 34, "threat.target": "identified_person"},
            unknown=(
                "recipient.has_legal_authority recipient.suspected_abuser "
                "us_hipaa.access_endangers us_hipaa.third_party_harm"
            ),
            then=you_must(give="risk identity", reason="us-mi.protect"),
            law="MCL 330.1946",
            hard=True,
        ),
    ),
]
