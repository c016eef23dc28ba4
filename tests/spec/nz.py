"""New Zealand: what may be told, must be told, and stays silent."""

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
    "nz",
    who="counselor, treating",
)
tables = [
    table(
        "The client's own record",
        HERE,
        case(
            "W140",
            "Access: health prejudice not considered",
            "Client wants everything; the health practitioner was not consulted.",
            who="privacy_officer, none",
            to="client",
            purpose="client_request",
            paper="written_request",
            wants="progress_note",
            yes="recipient.identity_verified",
            no="nz.unwarranted_other",
            then=ask_first(keep="progress_note", question="nz.health_prejudice"),
            law="Privacy Act 2020 ss44-49",
        ),
    ),
    table(
        "Reports of abuse",
        HERE.but(
            to="child_protection",
            purpose="abuse_report",
            yes="abuse.suspected nz.good_faith",
            no="client.unsafe_to_tell",
        ),
        case(
            "W138",
            "Report of concern",
            "Client's toddler is left alone; no duty, but a protected permission.",
            wants="abuse identity progress_note",
            facts={"abuse.victim_age": 2},
            then=you_may(
                give="abuse identity",
                keep="progress_note",
                reason="nz.ota15",
                tell_client="discretionary",
            ),
            law="Oranga Tamariki Act 1989 s15",
        ),
        case(
            "W139",
            "Section 66 request",
            "Oranga Tamariki asks three questions; identity and purpose checked.",
            who="psychologist, treating",
            paper="statutory_demand",
            wants="abuse risk psychotherapy_note",
            yes="nz.s66_request recipient.identity_verified care.minimum_ok",
            facts={"abuse.victim_age": 6},
            then=you_must(
                give="abuse risk",
                keep="psychotherapy_note",
                reason="nz.ota66",
                tell_client="discretionary",
            ),
            law="Oranga Tamariki Act 1989 s66",
        ),
    ),
    table(
        "Families and friends",
        HERE,
        case(
            "W59",
            "Mother of a 19-year-old inpatient rings",
            "Client asked staff not to tell family anything.",
            who="nurse, treating",
            to="family",
            purpose="family_involvement",
            paper="oral_request",
            wants="attendance treatment_plan",
            yes="client.objects practice.profession_regulated nz.caregiver_or_relative",
            facts={"client.age": 19},
            then=do_not_send(keep="attendance treatment_plan", tell_client="required"),
            law="HIPC 2020 rule 11(2)(b)",
        ),
    ),
]
