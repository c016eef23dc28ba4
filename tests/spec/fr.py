"""France: what may be told, must be told, and stays silent."""

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
    "eu fr",
    who="psychiatrist, treating",
)
tables = [
    table(
        "Police and other authorities",
        HERE,
        case(
            "W49",
            "Police call about a patient's attendance",
            "Officer asks a private psychiatrist if X was there on Tuesday.",
            to="police",
            purpose="law_enforcement",
            paper="oral_request",
            wants="attendance",
            then=do_not_send(keep="attendance", tell_client="discretionary"),
            law="Code penal 226-13",
        ),
    ),
    table(
        "Warning and protecting",
        HERE,
        case(
            "W99",
            "Is she under his hold?",
            (
                "Life in danger, agreement sought and refused; nobody has assessed the "
                "partner's hold."
            ),
            packs="fr",
            to="prosecutor",
            purpose="protection",
            wants="risk identity",
            yes=(
                "fr.health_professional fr.couple_violence "
                "fr.life_in_immediate_danger fr.sought_agreement"
            ),
            then=ask_first(keep="risk identity", question="fr.under_control"),
            law="Code pénal 226-14, 3",
        ),
    ),
    table(
        "Reports of abuse",
        HERE,
        case(
            "W98",
            "Ill-treated child of a patient",
            "A teacher-patient describes beatings of her own child by the father.",
            who="psychotherapist, treating",
            to="prosecutor",
            purpose="abuse_report",
            wants="abuse identity psychotherapy_note",
            yes="abuse.suspected",
            no="client.unsafe_to_tell",
            facts={"abuse.victim": "child"},
            then=you_may(
                give="abuse identity",
                keep="psychotherapy_note",
                reason="fr.226_14_1",
                tell_client="discretionary",
            ),
            law="Code pénal 226-14, 1",
        ),
    ),
    table(
        "What the law leaves open",
        HERE,
        case(
            "SPEC-321",
            "The client agrees: hand it to the client instead",
            "A written consent to tell the employer.",
            to="employer",
            purpose="employment",
            paper="consent",
            wants="treatment_plan",
            consents=general_consent(has=GDPR),
            yes="recipient.identity_verified fr.counsel_confirmed",
            then=ask_first(
                keep="treatment_plan",
                says=["Contested: Whether the patient's consent alone frees the professional"],
            ),
            law="Code pénal 226-13; CSP L1110-4",
            hard=True,
            seen=False,
        ),
    ),
]
