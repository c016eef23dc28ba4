"""Pennsylvania: what may be told, must be told, and stays silent."""

from spec.vocabulary import (
    case,
    consent,
    do_not_send,
    table,
    usually,
    you_must,
)

HERE = usually(
    "house us-hipaa us-pa",
    who="privacy_officer, none",
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
            "C15",
            "Pennsylvania: mother consented, asks for the session notes",
            "Her son is 15 and objects. From 14 he controls release.",
            to="parent",
            purpose="client_request",
            paper="written_request",
            wants="progress_note history",
            yes="us_pa.parent_consented recipient.has_legal_authority",
            no=(
                "client.consented_own_care us_pa.consented_by_minor "
                "recipient.suspected_abuser us_hipaa.access_endangers "
                "us_hipaa.third_party_harm"
            ),
            facts={"client.age": 15},
            then=do_not_send(keep="progress_note history", bar="us-pa.lock.parent_14"),
            law="35 P.S. 10101.2(d); 55 Pa. Code 5100.33(a)",
            hard=True,
        ),
    ),
    table(
        "Consents",
        HERE,
        case(
            "US-G10",
            "Parent's own authorization for a minor who consented alone",
            "The parent signs an insurer's form; only the minor may.",
            who="front_desk, none",
            to="insurer",
            purpose="insurance",
            paper="consent",
            wants="diagnosis",
            yes="client.consented_own_care us_pa.consented_by_minor",
            no="us_hipaa.workers_comp_law",
            facts={"client.age": 15},
            unknown="client.unsafe_to_tell",
            consents=consent(signed_by="parent"),
            then=do_not_send(keep="diagnosis"),
            law="35 P.S. 10101.2; 45 CFR 164.502(g)(3)",
        ),
    ),
    table(
        "Subpoenas and orders",
        HERE.but(
            to="court",
            purpose="legal_proceeding",
            paper="court_order",
            unknown="client.unsafe_to_tell",
        ),
        case(
            "C32",
            "Pennsylvania: civil court orders records of a commitment",
            "Not a proceeding under the Act: nothing goes, and counsel answers the court.",
            wants="progress_note",
            yes="us_pa.mhpa order.signed_by_judge order.covers_these",
            no="client.unsafe_to_tell us_pa.mhpa_proceeding record.privileged",
            then=do_not_send(keep="progress_note", bar="us-pa.lock.mhpa_court"),
            law="50 P.S. 7111(a)(3)",
            hard=True,
            seen=False,
        ),
        case(
            "N183",
            "Lawyer's subpoena, PA",
            "HIPAA notice proof is in order; no order, no consent.",
            to="opposing_attorney",
            paper="subpoena_attorney",
            wants="attendance progress_note",
            yes="subpoena.notice_to_client subpoena.objection_period_over record.privileged",
            no="order.protective_order order.privilege_waived order.privilege_decided",
            then=do_not_send(
                keep="attendance progress_note", bar="us-pa.lock.subpoena", tell_client="required"
            ),
            law="42 Pa.C.S. 5944",
        ),
    ),
    table(
        "Warning and protecting",
        HERE,
        case(
            "S28",
            "Threat to 'a neighbour', Pennsylvania",
            "Small building: 'I'll stab one of the neighbours.'",
            who="psychologist, treating",
            to="person_at_risk",
            purpose="protection",
            wants="risk identity psychotherapy_note",
            yes=(
                "threat.made threat.serious threat.imminent threat.necessary "
                "threat.intent threat.ability recipient.is_target"
            ),
            no="threat.told_by_family recipient.able_to_prevent house.notes_necessary",
            facts={"threat.target": "identifiable_group"},
            then=you_must(give="risk identity", keep="psychotherapy_note", reason="us-pa.protect"),
            law="Maas v. UPMC, 234 A.3d 427 (Pa. 2020)",
            hard=True,
        ),
    ),
]
