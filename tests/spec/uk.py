"""United Kingdom: what may be told, must be told, and stays silent."""

from spec.vocabulary import (
    ask_first,
    case,
    do_not_send,
    general_consent,
    table,
    usually,
    you_may,
    you_must,
)

HERE = usually(
    "uk",
    who="psychotherapist, treating",
    facts={"uk.nation": "england"},
)
tables = [
    table(
        "The client's own record",
        HERE.but(
            who="privacy_officer, none",
            to="client",
            purpose="operations",
            paper="written_request",
            yes="recipient.identity_verified",
        ),
        case(
            "W80",
            "Erasure after retention has ended",
            (
                "Nine years after the last session; nothing pending; the rule is from "
                "memory, so a human signs."
            ),
            wants="progress_note",
            no="uk.retention_running uk.keep_needed",
            then=ask_first(keep="progress_note", question="uk.counsel_confirmed"),
            law="UK GDPR Art 17",
            seen=False,
        ),
        case(
            "WORLD-X06",
            "UK access request for process notes with the house pack",
            "Identity checked, no serious harm.",
            packs="house uk",
            purpose="client_request",
            wants="psychotherapy_note",
            no="uk.serious_harm_likely",
            then=you_must(give="psychotherapy_note", reason="uk.sar.content", by_when="P1M"),
            law="UK GDPR Art 15",
        ),
    ),
    table(
        "Parents and minors",
        HERE,
        case(
            "W66",
            "16-year-old agrees that her mother sees the plan",
            "Competent, agrees to the plan, not to the notes she expected to stay private.",
            to="parent",
            purpose="client_request",
            paper="written_request",
            wants="treatment_plan progress_note",
            yes=(
                "client.mature_minor client.agrees uk.parental_responsibility "
                "uk.child_interests uk.child_expected_privacy"
            ),
            no="uk.gra_info_included",
            facts={"client.age": 16},
            then=you_may(
                give="treatment_plan",
                keep="progress_note",
                reason="uk.child.parent",
                bar="uk.sch3p4.child_expectation",
                tell_client="required",
            ),
            law="Gillick; DPA 2018 Sch 3",
        ),
    ),
    table(
        "Consents",
        HERE.but(
            to="school",
            purpose="education",
            paper="consent",
        ),
        case(
            "W06",
            "Proper Chapter 3A request and client agrees to a summary",
            (
                "Request names one date, gives reasons, senior approval; victim notified; "
                "client agrees to a one-page factual summary."
            ),
            to="police",
            purpose="law_enforcement",
            paper="written_request",
            wants="treatment_plan progress_note third_party",
            yes=(
                "uk.client_is_victim uk.ch3a_request uk.ch3a_necessary "
                "uk.ch3a_probative uk.ch3a_presumption_rebutted "
                "uk.ch3a_victim_notified client.agrees"
            ),
            no="client.unsafe_to_tell",
            consents=general_consent(classes="treatment_plan"),
            then=you_may(
                give="treatment_plan",
                keep="progress_note third_party",
                reason="uk.ch3a",
                bar="uk.ch3a.lock",
                tell_client="required",
            ),
            law="PCSC Act 2022 s44A; common law consent",
            note="The class treatment_plan stands for the one-page summary.",
        ),
        case(
            "W26",
            "Opted-out client consents to a study",
            "Same client signs informed consent for another trial.",
            who="researcher, none",
            to="researcher",
            purpose="research",
            wants="assessment progress_note",
            yes="research.approved research.opted_out",
            no="uk.gra_info_included",
            consents=general_consent(classes="assessment"),
            then=you_may(give="assessment", keep="progress_note", reason="uk.research uk.consent"),
            law="Opt-out policy",
        ),
        case(
            "W67",
            "17-year-old consents to a letter to school",
            "Competent, specific consent for attendance and adjustments only.",
            who="counselor, treating",
            wants="attendance treatment_plan diagnosis",
            yes="client.mature_minor",
            facts={"client.age": 17},
            consents=general_consent(classes="attendance treatment_plan"),
            then=you_may(give="attendance treatment_plan", keep="diagnosis", reason="uk.consent"),
            law="Common law consent; Family Law Reform Act 1969 s8",
        ),
        case(
            "WORLD-X04",
            "Mother signs for a competent 15-year-old",
            "The mother's consent is on file; the young person, competent, was not asked.",
            wants="treatment_plan",
            yes="client.mature_minor",
            no="client.agrees",
            facts={"client.age": 15},
            consents=general_consent(signed_by="parent"),
            then=do_not_send(keep="treatment_plan"),
            law="Gillick",
        ),
        case(
            "WORLD-X10",
            "Consent with no recipient named",
            "The form has an empty 'to'.",
            to="friend",
            purpose="family_involvement",
            wants="treatment_plan",
            yes="client.capacity",
            consents=general_consent(to="", until=None),
            then=do_not_send(keep="treatment_plan"),
            law="Common law consent (named recipient)",
        ),
    ),
    table(
        "Subpoenas and orders",
        HERE.but(
            who="privacy_officer, none",
            to="court",
            purpose="legal_proceeding",
            paper="written_request",
            yes="order.signed_by_judge uk.objection_considered",
        ),
        case(
            "W18",
            "Husband's solicitor in divorce",
            "Opposing solicitor demands couple-therapy notes 'or we will subpoena'.",
            who="psychotherapist, treating",
            to="opposing_attorney",
            wants="attendance shared_record progress_note",
            yes="record.joint",
            no="record.all_parties_consent",
            unknown="order.signed_by_judge uk.objection_considered",
            then=do_not_send(keep="attendance shared_record progress_note", tell_client="required"),
            law="GMC para 22; FPR",
        ),
        case(
            "W71",
            "Family court order does not cover process notes of another year",
            "A sealed order asks for 2026 letters; counsel wants 2022 notes too.",
            paper="court_order",
            wants="progress_note",
            no="order.covers_these uk.order_set_aside",
            then=do_not_send(keep="progress_note"),
            law="FPR 21; GMC disclosures required by law",
        ),
        case(
            "W72",
            "Witness summons, was it set aside?",
            (
                "A summons from the county court; our solicitor applied to set it aside "
                "last week and nobody knows the result."
            ),
            paper="subpoena_court",
            wants="progress_note",
            yes="order.covers_these",
            then=ask_first(keep="progress_note", question="uk.order_set_aside"),
            law="CPR 34",
        ),
    ),
    table(
        "Police and other authorities",
        HERE.but(
            who="privacy_officer, none",
            to="police",
            purpose="law_enforcement",
            paper="written_request",
            no="uk.client_is_victim crime.serious",
        ),
        case(
            "HOUSE-H04",
            "Police on the telephone, house pack",
            "As W01.",
            packs="house uk",
            who="front_desk, none",
            paper="oral_request",
            wants="attendance identity progress_note",
            then=do_not_send(keep="attendance identity progress_note"),
            law="Common law",
        ),
        case(
            "W02",
            "Police with a signed form quoting the Data Protection Act",
            (
                "Form cites DPA Sch 2 para 2 for a burglary enquiry and asks for address "
                "and last appointment."
            ),
            wants="identity attendance",
            yes="recipient.identity_verified",
            no="uk.prejudice_if_withheld uk.driver_request",
            then=do_not_send(keep="identity attendance"),
            law="DPA 2018 Sch 2 para 2",
        ),
        case(
            "W04",
            "Production order by a circuit judge",
            "Order names two sessions in May; judge's order verified with the court.",
            paper="court_order",
            wants="progress_note",
            yes="uk.circuit_judge_order order.signed_by_judge order.covers_these",
            no="uk.order_set_aside",
            unknown="crime.serious",
            then=you_must(
                give="progress_note",
                reason="uk.pace_production",
                tell_client="discretionary",
                by_when="P7D",
            ),
            law="PACE 1984 Sch 1",
        ),
        case(
            "W05",
            "Police want a rape complainant's therapy notes",
            (
                "February 2026. Email from a detective: 'need all counselling notes to "
                "check consistency'."
            ),
            wants="sexual_violence progress_note psychotherapy_note",
            yes="uk.client_is_victim",
            no=(
                "uk.ch3a_request uk.ch3a_probative uk.ch3a_presumption_rebutted "
                "uk.ch3a_necessary uk.ch3a_victim_notified"
            ),
            unknown="crime.serious",
            then=do_not_send(
                keep="sexual_violence progress_note psychotherapy_note",
                bar="uk.ch3a.lock",
                tell_client="required",
            ),
            law="PCSC Act 2022 ss44A-44D; Code in force 12 Jan 2026",
        ),
        case(
            "WORLD-X09",
            "Unverified duty does not open",
            "Who was driving: the rule is from memory and somebody ticked 'counsel confirmed'.",
            wants="identity",
            yes="uk.driver_request uk.counsel_confirmed",
            then=ask_first(keep="identity"),
            law="RTA 1988 s172 (memory)",
        ),
    ),
    table(
        "Warning and protecting",
        HERE.but(
            to="police",
            purpose="protection",
        ),
        case(
            "C25",
            "UK: capable adult refuses, only he is at risk, not imminent",
            "Usually abide by the refusal.",
            to="crisis_team",
            wants="risk identity",
            yes="threat.serious recipient.able_to_prevent client.objects client.capacity",
            no=("threat.imminent client.unsafe_to_tell uk.others_at_risk uk.capacity_doubtful"),
            facts={"threat.target": "self"},
            then=do_not_send(keep="risk identity"),
            law="GMC Confidentiality (2009) para 51; GMC FAQ on suicide",
            hard=True,
        ),
        case(
            "HOUSE-H01",
            "Terrorism duty goes through the practice's ethic",
            "As W15, with the house pack.",
            packs="house uk",
            wants="risk identity psychotherapy_note third_party",
            yes="uk.terror_material uk.terror_prevents_or_secures",
            no="uk.reasonable_excuse",
            then=you_must(
                give="risk identity third_party",
                keep="psychotherapy_note",
                reason="uk.terrorism.s38b",
                tell_client="prohibited",
                by_when="PT0S",
            ),
            law="Terrorism Act 2000 s38B",
        ),
        case(
            "W14",
            "Client drives while unfit",
            ("Bus driver with command hallucinations keeps driving after advice; refuses to stop."),
            who="psychologist, treating",
            to="driving_authority",
            wants="risk diagnosis identity progress_note psychotherapy_note",
            yes=(
                "uk.dvla_condition uk.dvla_advised uk.dvla_still_driving "
                "uk.dvla_persuaded threat.serious"
            ),
            no="client.unsafe_to_tell",
            then=you_may(
                give="risk diagnosis identity",
                keep="progress_note psychotherapy_note",
                reason="uk.dvla",
                tell_client="required",
            ),
            law="GMC DVLA guidance",
        ),
        case(
            "W15",
            "Client mentions knowledge of a bomb plan",
            "Client says a cousin is storing materials for an attack and gives a date.",
            wants="risk identity psychotherapy_note third_party",
            yes="uk.terror_material uk.terror_prevents_or_secures",
            no="uk.reasonable_excuse",
            then=you_must(
                give="risk identity third_party",
                keep="psychotherapy_note",
                reason="uk.terrorism.s38b",
                tell_client="prohibited",
                by_when="PT0S",
            ),
            law="Terrorism Act 2000 ss38B, 39",
            hard=True,
        ),
        case(
            "W16b",
            "Extreme views, seriousness not yet assessed",
            (
                "As W16, but nobody has yet recorded whether there is a risk of death or "
                "serious harm."
            ),
            wants="risk identity",
            yes=(
                "threat.necessary recipient.able_to_prevent client.objects "
                "uk.benefit_outweighs uk.risk_real"
            ),
            no=(
                "uk.terror_material uk.terror_funding client.unsafe_to_tell "
                "uk.high_risk_domestic_abuse"
            ),
            facts={"threat.target": "public"},
            then=ask_first(keep="risk identity", question="threat.serious"),
            law="Terrorism Act 2000 s38B (not met)",
            hard=True,
        ),
        case(
            "W42",
            "Client confesses past serious assault in Belfast",
            "Client says he stabbed a man in 2010; never caught; no present risk.",
            wants="risk identity",
            yes="uk.relevant_offence_ni",
            no=("threat.serious uk.terror_material uk.terror_funding uk.high_risk_domestic_abuse"),
            facts={"uk.nation": "northern_ireland"},
            then=ask_first(keep="risk identity", question="uk.reasonable_excuse"),
            law="Criminal Law Act (NI) 1967 s5",
            hard=True,
            seen=False,
        ),
    ),
    table(
        "Emergencies",
        HERE.but(
            to="emergency_services",
            purpose="emergency",
            yes="threat.serious threat.imminent recipient.able_to_prevent client.objects",
            no="client.unsafe_to_tell",
            facts={"threat.target": "self"},
        ),
        case(
            "C26",
            "UK: capable adult refuses and is about to die",
            "No rule opens: a person decides, and capacity is judged anew.",
            wants="risk identity",
            yes="client.capacity uk.limit_explained threat.less_intrusive_insufficient",
            no="uk.others_at_risk",
            then=ask_first(
                keep="risk identity", question="uk.capacity_doubtful uk.counsel_confirmed"
            ),
            law="GMC FAQ on suicide",
            hard=True,
            seen=False,
        ),
        case(
            "C27",
            "UK: the same night, capacity doubted on reassessment",
            "Imminent risk of suicide may reasonably mean that capacity is lacking.",
            wants="risk identity",
            yes="uk.capacity_doubtful",
            no="uk.others_at_risk",
            then=you_may(give="risk identity", reason="uk.self_harm.capacity_absent_or_others"),
            law="GMC FAQ on suicide",
            hard=True,
        ),
        case(
            "C28",
            "UK: she refuses; he is on his way with a knife",
            "Clear evidence that she will be the victim of a serious crime; nothing gentler.",
            who="psychologist, treating",
            to="police",
            wants="risk identity",
            yes=("uk.serious_crime_on_client threat.less_intrusive_insufficient client.capacity"),
            then=you_may(give="risk identity", reason="uk.adult_refuses.serious_crime"),
            law="GMC Confidentiality (2017) endnote 18; BMA adults at risk",
            hard=True,
        ),
        case(
            "W36",
            "Intent to die tonight, capacity in serious doubt",
            (
                "Client alone, intoxicated and in crisis, means at hand, refuses contact "
                "with services; capacity seriously in doubt."
            ),
            wants="risk identity progress_note",
            yes="uk.capacity_doubtful",
            then=you_may(
                give="risk identity",
                keep="progress_note",
                reason="uk.self_harm.capacity_absent_or_others",
                tell_client="required",
            ),
            law="GMC Confidentiality paras 50-56; SHARE (2021)",
            hard=True,
            seen=False,
        ),
    ),
    table(
        "Reports of abuse",
        HERE.but(
            to="child_protection",
            purpose="abuse_report",
            yes="abuse.suspected",
        ),
        case(
            "W12",
            "Historic abuse, abuser now coaches children",
            (
                "Adult client discloses childhood abuse by an uncle who now runs a junior "
                "team. Client begs for silence."
            ),
            wants="abuse identity progress_note psychotherapy_note",
            yes=(
                "abuse.historic abuse.child_at_risk_now abuse.perpetrator_has_access "
                "client.objects care.minimum_ok"
            ),
            no="client.unsafe_to_tell",
            facts={"client.age": 34},
            then=you_may(
                give="abuse identity",
                keep="progress_note psychotherapy_note",
                reason="uk.child.safeguarding",
                tell_client="discretionary",
                by_when="PT0S",
            ),
            law="Children Act framework; DfE advice 2024",
            hard=True,
        ),
        case(
            "W13",
            "Historic abuse, abuser dead",
            "Same facts but abuser died years ago; no current child identified.",
            to="police",
            wants="abuse progress_note",
            yes="abuse.historic",
            no="abuse.child_at_risk_now uk.care_and_support_needs",
            facts={"abuse.kind": "sexual", "abuse.victim": "self", "abuse.victim_age": 34},
            then=do_not_send(keep="abuse progress_note"),
            law="Common law",
            hard=True,
        ),
        case(
            "W27",
            "Social worker, section 47 enquiry",
            (
                "Named social worker emails: s47 enquiry on client's 4-year-old; asks three"
                " questions."
            ),
            paper="written_request",
            wants="abuse risk progress_note psychotherapy_note",
            yes="uk.s47_confirmed abuse.child_at_risk_now care.minimum_ok",
            no="uk.listed_body client.unsafe_to_tell",
            then=you_may(
                give="abuse risk",
                keep="progress_note psychotherapy_note",
                reason="uk.child.safeguarding",
                tell_client="discretionary",
            ),
            law="Children Act 1989 s47(9)-(11)",
            seen=False,
            note=(
                "The safeguarding ground, whose text was seen, opens; section 47 "
                "itself was not seen and cannot."
            ),
        ),
        case(
            "W28",
            "Social worker fishing",
            (
                "Email: 'Please send mother's counselling notes for a parenting "
                "assessment.' No s47, mother not asked."
            ),
            paper="written_request",
            wants="progress_note psychotherapy_note treatment_plan",
            no="uk.s47_confirmed abuse.suspected abuse.child_at_risk_now",
            then=do_not_send(keep="progress_note psychotherapy_note treatment_plan"),
            law="Common law",
            seen=False,
        ),
        case(
            "W34",
            "FGM disclosed by 16-year-old to a clinical psychologist",
            "Girl says she was 'cut' at 8.",
            who="psychologist, treating",
            to="police",
            wants="abuse identity psychotherapy_note",
            yes=(
                "practice.profession_regulated abuse.learned_professionally uk.fgm_girl_disclosed"
            ),
            no="abuse.already_reported",
            facts={
                "client.age": 16,
                "abuse.kind": "fgm",
                "abuse.victim": "self",
                "abuse.victim_age": 16,
            },
            then=you_must(
                give="abuse identity",
                keep="psychotherapy_note",
                reason="uk.fgm",
                tell_client="discretionary",
                by_when="P1D",
            ),
            law="FGM Act 2003 s5B",
        ),
        case(
            "W35",
            "FGM disclosed by an adult client to a counsellor",
            (
                "Woman of 30 says it was done in childhood; counsellor on BACP register; no"
                " girls at risk."
            ),
            who="counselor, treating",
            to="police",
            wants="abuse identity",
            no=("practice.profession_regulated abuse.child_at_risk_now uk.care_and_support_needs"),
            facts={
                "client.age": 30,
                "abuse.kind": "fgm",
                "abuse.victim": "self",
                "abuse.victim_age": 30,
            },
            then=do_not_send(keep="abuse identity"),
            law="FGM Act 2003 s5B (not met)",
            hard=True,
        ),
        case(
            "W75",
            "Same woman: is the nephew coercing her?",
            "He sits in on every call; nobody has asked the question yet.",
            who="social_worker, treating",
            to="adult_protection",
            wants="abuse identity",
            yes=(
                "uk.care_and_support_needs uk.cannot_protect_self client.capacity care.minimum_ok"
            ),
            no="client.agrees uk.others_at_risk crime.serious",
            then=ask_first(keep="abuse identity", question="uk.coercion_suspected"),
            law="Care Act 2014 s42",
        ),
        case(
            "W76",
            "Wales: NHS-commissioned counsellor suspects neglect of a child",
            "The service is commissioned by a health board.",
            who="counselor, treating",
            wants="abuse identity progress_note",
            yes="uk.relevant_partner abuse.child_at_risk_now care.minimum_ok",
            no="client.unsafe_to_tell",
            facts={"uk.nation": "wales"},
            then=you_must(
                give="abuse identity",
                keep="progress_note",
                reason="uk.wales.s130",
                tell_client="discretionary",
            ),
            law="Social Services and Well-being (Wales) Act 2014 s130",
        ),
        case(
            "W77",
            "England: client says he abused a child; duty of 2026 not started",
            "The new duty is not commenced; the child is at risk now.",
            wants="abuse identity",
            yes=(
                "abuse.child_at_risk_now abuse.learned_professionally "
                "abuse.client_is_perpetrator care.minimum_ok client.unsafe_to_tell"
            ),
            no="uk.duty_2026_commenced abuse.already_reported",
            facts={"abuse.kind": "sexual", "abuse.victim": "child", "abuse.victim_age": 9},
            then=you_may(
                give="abuse identity", reason="uk.child.safeguarding", tell_client="prohibited"
            ),
            law="Children Act framework; Crime and Policing Act 2026 not commenced",
            hard=True,
            note=(
                "A permission, not a duty, until somebody with authority says that "
                "the rule has begun."
            ),
        ),
    ),
    table(
        "Families and friends",
        HERE,
        case(
            "W37",
            "Client with passive suicidal thoughts; sister phones",
            (
                "Sister asks if he is suicidal. He has capacity, low imminent risk, refused"
                " family contact."
            ),
            to="family",
            purpose="family_involvement",
            paper="oral_request",
            wants="attendance risk",
            yes="client.capacity client.objects",
            no="threat.serious threat.imminent",
            then=do_not_send(keep="attendance risk", tell_client="required"),
            law="Common law",
            seen=False,
        ),
    ),
    table(
        "Other clinicians and contractors",
        HERE.but(
            to="supervisor",
            purpose="supervision",
            paper="client_agreement",
            yes="uk.told_at_contracting uk.pseudonymised uk.supervisor_bound",
        ),
        case(
            "W29",
            "Supervisor discussion",
            "Therapist wants to bring a client to supervision; contract says so; no names.",
            wants="treatment_plan risk identity",
            no="uk.supervisor_knows_client",
            then=you_may(give="treatment_plan risk", keep="identity", reason="uk.supervision"),
            law="BACP Ethical Framework",
        ),
        case(
            "W30",
            "Supervisor knows the client",
            "On hearing details the supervisor recognises a neighbour.",
            wants="treatment_plan risk",
            yes="uk.supervisor_knows_client",
            then=do_not_send(keep="treatment_plan risk"),
            law="BACP Ethical Framework",
            hard=True,
        ),
        case(
            "W82",
            "Adult lacks capacity after a stroke: daughter and hospital",
            "Past wishes considered, no attorney; the hospital asks about the risk plan.",
            who="psychologist, treating",
            to="hospital",
            purpose="care_coordination",
            paper="written_request",
            wants="risk treatment_plan progress_note",
            yes="uk.of_overall_benefit care.minimum_ok recipient.involved_in_care",
            no=("client.capacity uk.told_sharing_happens client.objects client.unsafe_to_tell"),
            unknown="uk.told_at_contracting uk.pseudonymised uk.supervisor_bound",
            then=you_may(
                give="risk treatment_plan",
                keep="progress_note",
                reason="uk.capacity.best_interests",
                tell_client="required",
            ),
            law="MCA 2005; GMC para 55",
        ),
    ),
    table(
        "Employers and schools",
        HERE,
        case(
            "W20",
            "Employer HR asks if employee attends",
            "HR manager of an EAP customer asks which staff use counselling and why.",
            who="front_desk, none",
            to="employer",
            purpose="employment",
            paper="written_request",
            wants="attendance diagnosis progress_note",
            then=do_not_send(keep="attendance diagnosis progress_note"),
            law="Common law; UK GDPR Art 9",
            seen=False,
        ),
    ),
    table(
        "Oversight, research and the dead",
        HERE.but(
            who="privacy_officer, none",
            to="data_protection_authority",
            purpose="oversight",
            yes="incident.breach",
        ),
        case(
            "W39",
            "Accidental email to wrong client",
            "Session summary emailed to another client with the same first name.",
            wants="ledger identity progress_note",
            yes="incident.risk_likely",
            then=you_must(
                give="ledger",
                keep="identity progress_note",
                reason="uk.breach.ico",
                by_when="PT72H",
            ),
            law="UK GDPR Arts 33-34",
            note="Article 33 asks for categories and numbers, not names.",
        ),
        case(
            "W61b",
            "Same laptop: must the ICO be told?",
            (
                "Nobody has yet recorded whether a risk to people is likely; the 72 hours "
                "are running."
            ),
            wants="ledger",
            then=ask_first(keep="ledger", question="incident.risk_likely"),
            law="UK GDPR Arts 33-34(3)(a)",
            hard=True,
        ),
    ),
    table(
        "Looks inside the practice",
        HERE,
        case(
            "W40b",
            "The look itself: receptionist opens her ex-partner's record",
            "No work reason for this client.",
            who="front_desk, none",
            to="workforce",
            purpose="operations",
            wants="identity attendance progress_note",
            no="care.relationship",
            then=do_not_send(keep="identity attendance progress_note"),
            law="Caldicott principle 4; DPA 2018 s170",
            seen=False,
        ),
    ),
    table(
        "By when, and what may be assumed",
        HERE.but(
            to="police",
            purpose="abuse_report",
        ),
        case(
            "SPEC-301",
            "Nobody knows whether the duty of 2026 has begun",
            "The assumption that it has not opens nothing; the permission stands on its own.",
            to="child_protection",
            wants="abuse identity",
            yes="abuse.suspected abuse.child_at_risk_now care.minimum_ok",
            no="abuse.historic client.unsafe_to_tell abuse.already_reported",
            facts={"abuse.victim": "child", "abuse.kind": "sexual", "abuse.victim_age": 9},
            then=you_may(give="abuse identity", reason="uk.child.safeguarding"),
            law="Crime and Policing Act 2026 s72 (not commenced); Working Together",
        ),
        case(
            "SPEC-302",
            "A girl says what was done to her: by the close of the next working day",
            "A registered psychologist hears it from the girl herself.",
            who="psychologist, treating",
            wants="abuse identity",
            yes=(
                "abuse.suspected practice.profession_regulated abuse.learned_professionally "
                "uk.fgm_girl_disclosed"
            ),
            no="abuse.already_reported client.unsafe_to_tell",
            facts={"abuse.victim": "child", "abuse.kind": "fgm", "abuse.victim_age": 14},
            then=you_must(
                give="abuse identity",
                reason="uk.fgm",
                owes={
                    "uk.d.fgm_when": {
                        "due": "P1D",
                        "days": "working",
                        "standard": "close of next working day",
                    }
                },
            ),
            law="Female Genital Mutilation Act 2003 s5B",
        ),
        case(
            "SPEC-303",
            "The same, already reported by a colleague",
            "One report is enough; as her sister may be next, the permission to speak remains.",
            who="psychologist, treating",
            wants="abuse identity",
            yes=(
                "abuse.suspected practice.profession_regulated abuse.learned_professionally "
                "uk.fgm_girl_disclosed abuse.already_reported abuse.child_at_risk_now "
                "care.minimum_ok"
            ),
            no="client.unsafe_to_tell",
            facts={"abuse.victim": "child", "abuse.kind": "fgm", "abuse.victim_age": 14},
            then=you_may(give="abuse identity", reason="uk.child.safeguarding"),
            law="Female Genital Mutilation Act 2003 s5B(5)",
        ),
    ),
    table(
        "Act first, review after",
        HERE.but(to="crisis_team", purpose="emergency"),
        case(
            "SPEC-304",
            "About to die, and not able to decide",
            "The client is at the bridge and makes no sense; the crisis team can be there.",
            wants="risk identity",
            yes=(
                "threat.serious threat.imminent recipient.able_to_prevent uk.capacity_doubtful "
                "recipient.identity_verified"
            ),
            facts={"threat.target": "self"},
            then=you_may(
                give="risk identity",
                reason="uk.self_harm.capacity_absent_or_others",
                by_when="PT24H",
                owes={
                    "uk.self_harm.capacity_absent_or_others.review": {
                        "kind": "review",
                        "due": "PT24H",
                    }
                },
            ),
            law="Mental Capacity Act 2005 ss1-3; GMC Confidentiality",
        ),
        case(
            "SPEC-305",
            "About to die, able to decide, refuses",
            "The rule was not seen in print: it waits for a lawyer, and names the ways that stay.",
            wants="risk identity",
            yes=(
                "threat.serious threat.imminent recipient.able_to_prevent client.capacity "
                "uk.limit_explained threat.less_intrusive_insufficient uk.counsel_confirmed"
            ),
            no="uk.capacity_doubtful uk.others_at_risk",
            facts={"threat.target": "self"},
            then=ask_first(
                keep="risk identity",
                question="signed:uk/uk.self_harm.capacity_refuses",
                says=[
                    "Contested: No source lets a capable adult's refusal be overridden",
                    "Call Samaritans",
                ],
            ),
            law="GMC Confidentiality; Mental Capacity Act 2005 ss1-3",
            hard=True,
            seen=False,
        ),
    ),
]
