"""Illinois: what may be told, must be told, and stays silent."""

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
    "house us-hipaa us-il",
    who="privacy_officer, none",
    yes="recipient.identity_verified",
    no="record.joint record.part2 client.restriction client.paid_out_of_pocket",
    facts={"client.age": 34},
)
tables = [
    table(
        "The client's own record",
        HERE,
        case(
            "N204",
            "Illinois client of 13 asks",
            "From twelve, the minor's own right.",
            to="client",
            purpose="client_request",
            paper="written_request",
            wants="progress_note",
            no="us_hipaa.access_endangers us_hipaa.third_party_harm",
            facts={"client.age": 13},
            then=you_must(give="progress_note", reason="us-il.client"),
            law="740 ILCS 110/4(a)(2)",
        ),
    ),
    table(
        "Parents and minors",
        HERE.but(
            to="parent",
            purpose="client_request",
            paper="written_request",
            yes="recipient.has_legal_authority",
            no="client.consented_own_care us_hipaa.access_endangers us_hipaa.third_party_harm",
            facts={"client.age": 9},
        ),
        case(
            "N164",
            "Illinois: is the mother suspected?",
            "Nine-year-old; nobody has judged.",
            wants="progress_note",
            then=ask_first(question="recipient.suspected_abuser"),
            law="45 CFR 164.502(g)(5); 740 ILCS 110/4",
        ),
        case(
            "N202",
            "Illinois: parent of a 9-year-old",
            "Under 12.",
            wants="progress_note",
            no="recipient.suspected_abuser",
            then=you_must(give="progress_note", reason="us-il.parent_under_12"),
            law="740 ILCS 110/4(a)(1)",
        ),
    ),
    table(
        "Consents",
        HERE.but(
            to="employer",
            purpose="employment",
            paper="consent",
        ),
        case(
            "N046",
            "Illinois: HIPAA form lacks the Illinois witness",
            "Good under HIPAA, void here.",
            wants="attendance",
            consents=consent(),
            then=do_not_send(keep="attendance"),
            law="740 ILCS 110/5",
            hard=True,
        ),
        case(
            "N047",
            "Illinois: full form",
            "Witnessed.",
            wants="attendance",
            consents=consent(plus="st_inspect st_refusal witnessed"),
            then=you_may(give="attendance", reason="us-il.consent"),
            law="740 ILCS 110/5",
        ),
        case(
            "S21",
            "Illinois collections",
            "Same, Illinois.",
            who="biller, none",
            to="collections",
            purpose="payment",
            paper="written_request",
            wants="identity billing progress_note psychotherapy_note",
            yes="us_hipaa.business_associate_contract us_il.needed_to_collect",
            consents=consent(classes="identity billing", plus="st_inspect st_refusal witnessed"),
            then=you_may(
                give="identity billing",
                keep="progress_note psychotherapy_note",
                reason="us-il.collections",
            ),
            law="740 ILCS 110/11(iv)",
        ),
    ),
    table(
        "Warning and protecting",
        HERE,
        case(
            "N207",
            "Illinois: protect, no other way",
            "Named person, serious threat, no bed.",
            who="psychologist, treating",
            to="person_at_risk",
            purpose="protection",
            wants="risk identity",
            yes=(
                "threat.made threat.serious threat.imminent threat.necessary "
                "threat.intent threat.ability recipient.is_target "
                "us_il.sole_discretion"
            ),
            no=(
                "threat.told_by_family recipient.able_to_prevent "
                "house.notes_necessary client.unsafe_to_tell "
                "us_il.discharged_otherwise"
            ),
            facts={"threat.target": "identified_person"},
            then=you_must(give="risk identity", reason="us-il.protect"),
            law="405 ILCS 5/6-103",
        ),
    ),
    table(
        "Reports of abuse",
        HERE,
        case(
            "N121",
            "Illinois adult report",
            "Cannot seek help.",
            who="psychologist, treating",
            to="adult_protection",
            purpose="abuse_report",
            wants="abuse identity",
            yes=(
                "abuse.suspected abuse.learned_professionally client.capacity "
                "us_il.cannot_seek_help"
            ),
            no=(
                "abuse.historic client.agrees abuse.victim_objects "
                "client.unsafe_to_tell us_hipaa.statute_authorises"
            ),
            facts={"abuse.victim": "elder", "abuse.victim_age": 75},
            then=you_must(give="abuse identity", reason="us-il.abuse.adult", by_when="PT24H"),
            law="320 ILCS 20/4(a-5)",
        ),
    ),
    table(
        "Looks inside the practice",
        HERE,
        case(
            "N205",
            "Illinois team look",
            "Assigned supervisor.",
            who="psychologist, supervisor",
            to="workforce",
            purpose="supervision",
            wants="progress_note",
            yes="care.supervision_assigned",
            then=you_may(give="progress_note", reason="us-il.inside"),
            law="740 ILCS 110/9(1)",
        ),
    ),
]
