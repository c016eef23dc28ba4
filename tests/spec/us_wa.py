"""Washington: what may be told, must be told, and stays silent."""

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
    "house us-hipaa us-wa",
    who="psychologist, treating",
    yes="recipient.identity_verified",
    no=(
        "record.joint record.part2 client.restriction client.paid_out_of_pocket "
        "client.unsafe_to_tell"
    ),
    facts={"client.age": 34},
)
tables = [
    table(
        "Parents and minors",
        HERE,
        case(
            "N076",
            "Washington: parent of a 14-year-old who came alone",
            "13 and over.",
            who="privacy_officer, none",
            to="parent",
            purpose="client_request",
            paper="written_request",
            wants="attendance progress_note",
            yes="client.consented_own_care recipient.has_legal_authority",
            no=("recipient.suspected_abuser us_hipaa.access_endangers us_hipaa.third_party_harm"),
            facts={"client.age": 14},
            unknown="client.unsafe_to_tell",
            then=do_not_send(keep="attendance progress_note", bar="us-wa.lock.parent"),
            law="RCW 71.34.530",
        ),
    ),
    table(
        "Subpoenas and orders",
        HERE,
        case(
            "S05",
            "Washington discovery request without 14-day notice",
            "No advance notice to the client.",
            who="privacy_officer, none",
            to="opposing_attorney",
            purpose="legal_proceeding",
            paper="discovery_request",
            wants="progress_note attendance",
            no=(
                "record.privileged us_wa.advance_notice subpoena.notice_to_client "
                "order.protective_order"
            ),
            unknown="client.unsafe_to_tell",
            then=do_not_send(
                keep="progress_note attendance", bar="us-wa.lock.subpoena", tell_client="required"
            ),
            law="RCW 70.02.060",
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
            no="threat.told_by_family recipient.is_target house.notes_necessary",
        ),
        case(
            "N216",
            "Washington: involuntary-treatment setting, named victim",
            "Statutory duty.",
            wants="risk identity",
            yes="us_wa.involuntary_setting",
            no="us_wa.foreseeable_victim",
            facts={"threat.target": "identified_person"},
            then=you_must(give="risk identity", reason="us-wa.protect"),
            law="RCW 71.05.120(3)",
        ),
        case(
            "S30",
            "Unnamed victim, outpatient, Washington",
            "Years of homicidal fantasies on break-ups; a new break-up; imminent now.",
            wants="risk identity psychotherapy_note",
            yes="us_wa.foreseeable_victim",
            no="us_wa.involuntary_setting",
            facts={"threat.target": "unnamed"},
            then=you_may(give="risk identity", keep="psychotherapy_note", reason="us-wa.volk"),
            law="Volk v. DeMeerleer, 187 Wn.2d 241 (2016)",
            hard=True,
        ),
    ),
    table(
        "Reports of abuse",
        HERE.but(
            to="adult_protection",
            purpose="abuse_report",
            yes="abuse.suspected abuse.learned_professionally",
            no="abuse.historic abuse.already_reported abuse.victim_objects",
            facts={"abuse.victim": "elder", "abuse.victim_age": 64},
        ),
        case(
            "C10",
            "Washington: 64, able to care for himself",
            "Cheated by a nephew; lives alone without help.",
            wants="abuse identity",
            no="us_wa.vulnerable client.agrees us_hipaa.statute_authorises",
            then=do_not_send(keep="abuse identity"),
            law="RCW 74.34.020",
            hard=True,
        ),
        case(
            "C11",
            "Washington: 64, bedridden",
            "Cannot care for himself.",
            wants="abuse identity",
            yes="us_wa.vulnerable",
            then=you_must(give="abuse identity", reason="us-wa.abuse.adult", by_when="PT0S"),
            law="RCW 74.34.020, .035",
            hard=True,
        ),
        case(
            "N129",
            "Is any child at risk today?",
            "Adult survivor, Washington.",
            to="child_protection",
            wants="abuse identity",
            yes="abuse.historic",
            facts={"abuse.victim": "adult"},
            unknown="abuse.victim_objects abuse.victim_age",
            then=ask_first(question="abuse.child_at_risk_now"),
            law="RCW 26.44.030(2)",
        ),
    ),
    table(
        "Not before a time has passed",
        HERE.but(
            who="privacy_officer, none",
            to="opposing_attorney",
            purpose="legal_proceeding",
            paper="subpoena_attorney",
        ),
        case(
            "SPEC-231",
            "Fourteen days must pass first",
            "The lawyer gave notice to client and practice; no protective order came.",
            packs="us-hipaa us-wa",
            wants="progress_note",
            yes="us_wa.advance_notice subpoena.notice_to_client subpoena.objection_period_over",
            no="record.privileged us_hipaa.federal_case",
            then=you_may(
                give="progress_note",
                reason="us-wa.subpoena",
                by_when="P14D",
                owes={"us-wa.duty.subpoena_wait": {"not_before": "P14D"}},
                says=["Contested: RCW 70.02.060"],
            ),
            law="RCW 70.02.060",
            hard=True,
        ),
    ),
]
