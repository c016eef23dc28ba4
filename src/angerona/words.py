"""The closed lists of words, each with the way a person reads it.

A word that is not here is an error (facts are in rules/facts.py, or declared by a pack).
`docs/GLOSSARY.md` explains each word at more length and a test keeps it complete. Lists grow by a
record in docs/adr/.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping


def _words(**said: str) -> Mapping[str, str]:
    return MappingProxyType(said)


CLASSES: Final = _words(
    attendance="attendance (being a client, session dates)",
    identity="name and contact",
    billing="billing",
    history="personal history",
    diagnosis="diagnosis",
    treatment_plan="treatment plan",
    progress_note="session notes",
    psychotherapy_note="process notes kept apart",
    assessment="tests and assessments",
    medication="medication",
    substance_use="substance use",
    substance_use_counseling_note="substance-use counselling notes",
    risk="risk and safety plan",
    abuse="concern about abuse or neglect",
    third_party="what was told by or about others",
    shared_record="couple, family or group record",
    correspondence="letters, messages and documents",
    sexual_violence="sexual-assault counselling",
    gender_history="gender history",
    report_summary="summary report",
    fitness_opinion="opinion on fitness",
    legal="lawyers' papers",
    ledger="who looked",
)

EVERYTHING: Final = "everything"

NAMED_ONE_BY_ONE: Final = frozenset(
    {
        "psychotherapy_note",
        "substance_use",
        "substance_use_counseling_note",
        "sexual_violence",
        "third_party",
        "shared_record",
        "gender_history",
        "legal",
        "ledger",
    }
)
"""Classes that a consent to "everything" never names (docs/LANGUAGE.md section 6)."""

PROCESS_NOTES: Final = frozenset({"psychotherapy_note", "substance_use_counseling_note"})
"""Notes kept apart by their author: 45 CFR 164.501 and 42 CFR 2.11.

A consent to them is a consent of its own kind.
"""

ROLES: Final = _words(
    psychiatrist="psychiatrist",
    physician="physician",
    psychologist="psychologist",
    psychotherapist="psychotherapist",
    counselor="counsellor",
    social_worker="social worker",
    marriage_family_therapist="marriage and family therapist",
    nurse="nurse",
    trainee="trainee",
    unlicensed="unlicensed staff",
    privacy_officer="privacy officer",
    front_desk="front desk",
    biller="biller",
    researcher="researcher",
    client="client",
    representative="representative",
    system="the system itself",
)

RELATIONS: Final = _words(
    author="author of the note",
    treating="treating clinician",
    covering="covering clinician",
    on_call="clinician on call",
    supervisor="supervisor",
    consultant="consultant",
    care_team="member of the care team",
    former_clinician="former clinician",
    none="no tie to the client",
)

PURPOSES: Final = _words(
    treatment="treatment",
    care_coordination="coordinating care",
    emergency="an emergency",
    payment="payment",
    operations="running the practice",
    supervision="supervision",
    training="training",
    legal_proceeding="a legal proceeding",
    law_enforcement="law enforcement",
    protection="protecting someone from harm",
    abuse_report="a report of abuse or neglect",
    oversight="oversight of the practice",
    public_health="public health",
    research="research",
    client_request="the client's own request",
    family_involvement="involving the family",
    employment="employment",
    education="education",
    insurance="insurance",
    immigration="immigration",
    death_inquiry="an inquiry into a death",
    marketing="marketing",
    national_security="national security",
)

INSTRUMENTS: Final = _words(
    none="nothing in hand",
    own_initiative="the practice's own initiative",
    oral_request="a spoken request",
    written_request="a written request",
    client_agreement="the client's spoken agreement",
    consent="a consent form",
    subpoena_attorney="a lawyer's subpoena",
    subpoena_court="a court's subpoena",
    grand_jury_subpoena="a grand-jury subpoena",
    administrative_subpoena="an agency's subpoena",
    court_order="a court order",
    protective_order="a protective order",
    search_warrant="a search warrant",
    administrative_warrant="an administrative warrant",
    statutory_demand="a demand under a statute",
    discovery_request="a discovery request",
    power_of_attorney="a power of attorney",
)

RECIPIENTS: Final = _words(
    workforce="a colleague in the practice",
    client="the client",
    co_client="the other member of a couple, family or group",
    representative="the client's representative",
    parent="a parent",
    guardian_ad_litem="a guardian ad litem",
    family="family",
    friend="a friend",
    person_at_risk="the person at risk",
    person_able_to_help="someone able to help",
    treating_provider="another treating provider",
    emergency_services="emergency services",
    crisis_team="the crisis team",
    hospital="a hospital",
    county_mental_health_director="the county mental-health director",
    payer="the health plan or payer",
    insurer="an insurer",
    collections="a debt collector",
    health_information_exchange="a health information exchange",
    part2_intermediary="an intermediary under 42 CFR Part 2",
    employer="the employer",
    occupational_health="occupational health",
    school="the school",
    school_police="school police",
    police="the police",
    prosecutor="the prosecutor",
    immigration="immigration authorities",
    corrections="prison or jail",
    court="the court",
    opposing_attorney="the other side's lawyer",
    client_attorney="the client's lawyer",
    own_attorney="the practice's own lawyer",
    child_protection="child protection",
    adult_protection="adult protection",
    ombudsman="an ombudsman",
    licensing_board="the licensing board",
    oversight_agency="an oversight agency",
    data_protection_authority="the data-protection authority",
    public_health="the public-health authority",
    coroner="the coroner or medical examiner",
    researcher="a researcher",
    supervisor="an outside supervisor",
    business_associate="a contractor bound to secrecy",
    probation="probation",
    military="military command",
    driving_authority="the driving authority",
    firearms_authority="the firearms authority",
    national_security="a national-security agency",
    estate="the executor or administrator",
    media="the media",
    public="the public",
    other="someone else",
)

ACTS: Final = _words(
    hand_over="hand over or show",
    erase="erase",
    amend="amend",
    restrict="restrict",
    notify="notify",
)

LIMITS: Final = _words(
    consent="consent",
    harm="imminent risk of harm",
    abuse="suspected abuse or neglect",
    court="a court's order",
    care="care inside the practice",
    client="the client's own right",
    other="another legal duty",
)

FORCES: Final = _words(may="may", must="must")
SCOPES: Final = _words(
    named="what was named",
    minimum="the least that serves",
    ordered="what was ordered",
)
DUTY_KINDS: Final = _words(
    notice="tell",
    deadline="by a time",
    statement="say",
    form="a form",
    record="write down",
    second_reader="second reader",
    counsel="ask a lawyer",
    verify="check",
    review="review",
    account="account of disclosures",
)
MODES: Final = _words(
    prohibited="must not",
    required="must",
    discretionary="may",
)
EVENTS: Final = _words(
    release="when something is handed over",
    refusal="when nothing is handed over",
    withheld="when a part is kept back",
    conflict="when two laws disagree",
)
DEFAULTS: Final = _words(
    closed="forbids what it does not permit",
    defer="leaves the rest to other law",
)
OUTCOMES: Final = _words(
    require="You must.",
    permit="You may; you do not have to.",
    ask="One thing decides:",
    deny="Do not send this.",
    conflict="Two laws disagree.",
)
VERDICTS: Final = _words(
    conflict="two laws disagree",
    barred="keep back",
    open="depends on an answer",
    must="must go",
    may="may go",
)
"""In the order in which a passage takes the verdict of one of its classes."""

SIGNERS: Final = _words(
    client="the client",
    parent="a parent",
    representative="a representative",
)
RIGHT_KINDS: Final = _words(
    access="see the record, and have a copy",
    portability="have it in a form that another program reads",
    amendment="have it corrected",
    restriction="have something kept from somebody",
    restriction_paid="keep from the plan what was paid in full",
    accounting="know to whom something went",
    erasure="have it erased",
    complaint="complain",
    answer="have an answer",
    channel="be reached in another way",
    withdraw_consent="take a consent back",
    objection="be heard in court",
    opt_out="stay out of sharing",
    research_opt_out="stay out of research",
    minor_consent="consent alone, while a minor",
    sign_up="have a way in, while a minor",
    notice="be told",
    ledger="see who looked",
    recording="not be recorded without permission",
    care="have care without signing",
)
"""What a right of a pack gives; several packs at once give the same, each by its own clock."""
ORDER_SIGNERS: Final = _words(
    judge="a judge",
    clerk="a clerk",
    attorney="a lawyer",
    officer="an officer",
    agency="an agency",
)
LOCAL_LAWS: Final = _words(state="state", province="province", nation="country")

LINES: Final = _words(
    look="someone looked",
    disclosure="something is to be handed over",
    handed_over="it was handed over",
    failed="it was not handed over after all",
    refusal="an ask was refused",
    kept="something was written and kept",
    grant="someone was given a part of the record",
    revocation="someone lost a part of the record",
    consent="a consent was given, changed or withdrawn",
    keys="keys were made or replaced",
    request="someone outside asked",
    danger="whether somebody is in danger was weighed",
    report="a suspicion of abuse or neglect was weighed",
    right="the client asked for something that is the client's right",
    incident="something went wrong, and it was looked into",
    hold="a legal hold was put on the record, or lifted",
    notice="the client was told",
    done="something that was owed was done",
    second_reading="a second reader was asked, or has answered",
    emergency="someone looked in an emergency",
    call="whoever is on call was asked to reach the client",
    quorum="the key holders were asked to open a record",
    opened="the key holders opened a record together",
    erased="a part of the record was erased",
    sign_in="someone signed in",
    sign_out="someone signed out",
    failed_sign_in="someone failed to sign in",
    member="a member joined, changed or left",
    setting="the practice changed a setting",
    backup="a backup was made",
    restored="the records were restored from a backup",
    oversight="something was put to the privacy officer, or settled there",
    held="a line is held back from a client's list, because the law delays it",
    blank="nothing; a blank line",
)
"""The kinds of a line in the ledger; the kind stands only inside the line's sealed body."""

SPEAKING_PURPOSES: Final = frozenset({"protection", "emergency", "abuse_report"})
"""Purposes under limit harm or abuse: an Answer to them is never a bare refusal."""


ATTRIBUTES: Final = MappingProxyType(
    {
        "to": RECIPIENTS,
        "purpose": PURPOSES,
        "instrument": INSTRUMENTS,
        "act": ACTS,
        "by.role": ROLES,
        "by.relation": RELATIONS,
        "wanted": CLASSES,
    }
)
"""What an expression may read of the Ask itself, with the words each can be."""

DERIVED: Final = _words(
    **{
        "law.requires": "Does the law require this?",
        "law.permits": "Does the law permit this?",
        "law.forbids": "Does the law forbid this?",
        "consent.covers": "Is there a consent in force for this class, recipient and purpose?",
        "consent.signer_ok": "Is the consent signed by someone entitled to?",
        "consent.form_ok": "Has the consent every element this law demands?",
        "consent.names_psychotherapy_notes": "Does a consent name the process notes?",
        "consent.names_substance_use": "Does a consent name the substance-use record?",
        "consent.withholds": "Has the practice agreed, at the client's request, to keep this back?",
    }
)
"""Facts worked out for each class and never stated in an Ask."""
