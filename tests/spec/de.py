"""Germany: what may be told, must be told, and stays silent."""

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
    "eu de",
    who="psychotherapist, treating",
)
tables = [
    table(
        "The client's own record",
        HERE.but(
            to="client",
            purpose="client_request",
            paper="written_request",
            yes="recipient.identity_verified",
            no="de.third_party_rights",
        ),
        case(
            "W90",
            "Inspection: therapeutic reasons not considered",
            "Patient wants to read the file; nobody has asked the therapist.",
            packs="de",
            wants="progress_note",
            then=ask_first(keep="progress_note", question="de.therapeutic_reasons"),
            law="BGB s630g",
        ),
        case(
            "W91",
            "Inspection refused for substantial therapeutic reasons",
            (
                "Acute psychosis; reasons written down; since February 2026 this also bars "
                "the GDPR route."
            ),
            wants="progress_note",
            yes="de.therapeutic_reasons eu.national_access_restriction",
            then=do_not_send(keep="progress_note", by_when="P1M"),
            law="BGB s630g(4); GDPR Art 15",
            hard=True,
        ),
    ),
    table(
        "Warning and protecting",
        HERE.but(
            to="police",
            purpose="protection",
            yes="threat.less_intrusive_insufficient de.interest_outweighs de.means_appropriate",
            no="client.unsafe_to_tell de.listed_crime_planned",
        ),
        case(
            "W46",
            "Same therapist hears a murder plan",
            "Client names victim and day.",
            wants="risk identity progress_note psychotherapy_note",
            yes=(
                "de.listed_crime_planned de.still_avertable de.core_crime "
                "de.privileged_therapist de.seriously_tried_to_dissuade"
            ),
            unknown=(
                "threat.less_intrusive_insufficient de.interest_outweighs de.means_appropriate"
            ),
            then=you_must(
                give="risk identity",
                keep="progress_note psychotherapy_note",
                reason="de.stgb138",
                tell_client="discretionary",
                by_when="PT0S",
            ),
            law="StGB ss138(1) no 5, 139(3)",
            hard=True,
        ),
        case(
            "W94",
            "Lasting danger to a wife",
            (
                "Repeated violence, a knife bought, all gentler steps failed: present "
                "danger includes lasting danger."
            ),
            to="person_at_risk",
            wants="risk identity progress_note",
            yes="de.present_danger",
            then=you_may(
                give="risk identity",
                keep="progress_note",
                reason="de.stgb34",
                tell_client="discretionary",
            ),
            law="StGB s34",
        ),
        case(
            "WORLD-X03",
            "German necessity with the EU pack loaded, one fact missing",
            "As W45 with both packs in the Ask.",
            wants="risk identity",
            yes="client.capacity",
            no="eu.vital_interest",
            unknown="client.unsafe_to_tell",
            then=ask_first(keep="risk identity", question="de.present_danger"),
            law="StGB s34; GDPR Art 9",
        ),
    ),
    table(
        "Other clinicians and contractors",
        HERE.but(
            who="psychologist, treating",
            to="supervisor",
            purpose="supervision",
        ),
        case(
            "W47",
            "Supervision with names",
            (
                "Psychologist presents client by name to an external supervisor who is also"
                " bound by secrecy."
            ),
            packs="de",
            wants="identity progress_note history",
            no="de.deidentified",
            then=do_not_send(keep="identity progress_note history", tell_client="required"),
            law="StGB s203; BayObLG 8 Nov 1994",
        ),
        case(
            "W92",
            "Cloud host not bound to secrecy",
            (
                "The practice wants to move records to a host that has signed no secrecy "
                "undertaking."
            ),
            packs="de",
            who="privacy_officer, none",
            to="business_associate",
            purpose="operations",
            wants="progress_note identity",
            yes="care.minimum_ok",
            no="de.helper_bound",
            then=do_not_send(keep="progress_note identity"),
            law="StGB s203(3)-(4)",
        ),
    ),
]
