"""Australia: Victoria: what may be told, must be told, and stays silent."""

from spec.vocabulary import (
    ask_first,
    case,
    do_not_send,
    laws_disagree,
    table,
    usually,
)

HERE = usually(
    "au au-vic",
    who="counselor, treating",
)
tables = [
    table(
        "Subpoenas and orders",
        HERE,
        case(
            "W135",
            "Victoria: sexual-offence trial, no leave",
            "Subpoena for counselling notes.",
            who="privacy_officer, none",
            to="court",
            purpose="legal_proceeding",
            paper="subpoena_court",
            wants="sexual_violence progress_note",
            yes=(
                "au_vic.sexual_offence_proceeding order.signed_by_judge order.served "
                "order.covers_these order.privilege_decided"
            ),
            no="au_vic.s32c_leave_given",
            then=laws_disagree(keep="sexual_violence progress_note", bar="au-vic.32c"),
            law="Evidence (Misc Prov) Act 1958 s32C (memory)",
            hard=True,
            seen=False,
            note=(
                "A court's subpoena says must and the state's lock says no: stay "
                "silent, and ask the privacy officer and a lawyer."
            ),
        ),
    ),
    table(
        "Reports of abuse",
        HERE.but(
            to="police",
            purpose="abuse_report",
        ),
        case(
            "W134",
            "Victoria: 17-year-old victim asks a counsellor for silence",
            "Past abuse by an adult; told in confidence in treatment.",
            wants="abuse identity",
            yes=("au_vic.offence_belief au_vic.victim_16_asks_silence au_vic.treatment_confidence"),
            no=("au_vic.fear_for_safety au_vic.police_told au_vic.victim_16_by_2014 au_vic.ise"),
            then=do_not_send(keep="abuse identity"),
            law="Crimes Act 1958 (Vic) s327",
        ),
        case(
            "WORLD-X01",
            "Victoria: have the parents protected the child?",
            "A mandatory reporter does not know yet: the duty may bite, the clock may run.",
            who="psychologist, treating",
            to="child_protection",
            wants="abuse identity",
            yes=(
                "au_vic.mandatory_reporter abuse.learned_professionally "
                "au_vic.physical_or_sexual_harm"
            ),
            no="abuse.already_reported",
            facts={"abuse.victim_age": 12},
            then=ask_first(keep="abuse identity", question="au_vic.parents_not_protecting"),
            law="CYFA 2005 (Vic) s184",
        ),
    ),
]
