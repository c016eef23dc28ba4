"""Netherlands: what may be told, must be told, and stays silent."""

from spec.vocabulary import (
    GDPR,
    ask_first,
    case,
    do_not_send,
    general_consent,
    table,
    usually,
    you_may,
)

HERE = usually(
    "eu nl",
    who="psychologist, treating",
)
tables = [
    table(
        "Consents",
        HERE,
        case(
            "W107",
            "Patient's written consent to the occupational doctor",
            "Specific, informed, withdrawable.",
            to="occupational_health",
            purpose="employment",
            paper="consent",
            wants="treatment_plan diagnosis",
            consents=general_consent(has=GDPR, classes="treatment_plan"),
            then=you_may(give="treatment_plan", keep="diagnosis", reason="nl.consent"),
            law="BW 7:457; GDPR Art 9(2)(a)",
        ),
    ),
    table(
        "Police and other authorities",
        HERE,
        case(
            "W106",
            "Police ask whether a patient came on Monday",
            "No consent, no statute, no conflict of duties.",
            to="police",
            purpose="law_enforcement",
            paper="oral_request",
            wants="attendance",
            then=do_not_send(keep="attendance"),
            law="BW 7:457; Sr 272",
        ),
    ),
    table(
        "Reports of abuse",
        HERE,
        case(
            "W105",
            "Reporting code: step 2 missing",
            ("Signals mapped, family spoken to, risk weighed; no colleague or Veilig Thuis asked."),
            packs="nl",
            to="child_protection",
            purpose="abuse_report",
            wants="abuse identity",
            yes="nl.step1_signals nl.step3_talk nl.step4_weighed nl.step5_decided",
            then=ask_first(keep="abuse identity", question="nl.step2_advice"),
            law="Wet verplichte meldcode",
        ),
    ),
]
