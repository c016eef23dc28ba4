"""Australia: New South Wales: what may be told, must be told, and stays silent."""

from spec.vocabulary import (
    ask_first,
    case,
    do_not_send,
    table,
    usually,
    you_must,
)

HERE = usually(
    "au au-nsw",
    who="psychologist, treating",
    yes="au_nsw.protected_confidence order.signed_by_judge order.served order.covers_these",
)
tables = [
    table(
        "Subpoenas and orders",
        HERE.but(
            to="court",
            purpose="legal_proceeding",
            paper="subpoena_court",
        ),
        case(
            "W132",
            "NSW: defence subpoena for rape counselling notes at committal",
            "Absolute bar at committal.",
            wants="sexual_violence progress_note",
            yes="au_nsw.preliminary_proceedings",
            no="au_nsw.sacp_leave au_nsw.confider_consents order.privilege_decided",
            then=do_not_send(
                keep="sexual_violence progress_note", bar="au-nsw.sacp", tell_client="required"
            ),
            law="Criminal Procedure Act 1986 s297",
        ),
        case(
            "W133",
            "NSW: leave granted at trial for two passages",
            "The judge gave leave after hearing the client.",
            who="privacy_officer, none",
            paper="court_order",
            wants="sexual_violence",
            yes="au_nsw.sacp_leave order.privilege_decided",
            no="au_nsw.preliminary_proceedings client.unsafe_to_tell",
            then=you_must(
                give="sexual_violence", reason="au-nsw.sacp_leave", tell_client="required"
            ),
            law="Criminal Procedure Act 1986 s298",
            hard=True,
        ),
    ),
    table(
        "Reports of abuse",
        HERE,
        case(
            "WORLD-X02",
            "NSW: does the adult survivor want the police told?",
            "Nobody has asked her.",
            to="police",
            purpose="abuse_report",
            wants="abuse",
            yes="au_nsw.abuse_offence_known",
            no="au_nsw.police_know au_nsw.reported_to_helpline au_nsw.fear_for_safety",
            unknown=(
                "au_nsw.protected_confidence order.signed_by_judge order.served order.covers_these"
            ),
            then=ask_first(keep="abuse", question="au_nsw.adult_victim_says_no"),
            law="Crimes Act 1900 (NSW) s316A",
        ),
    ),
]
