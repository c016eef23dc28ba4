"""The facts every pack may use: key, type and the question to ask.

Further facts are declared by the pack that needs them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact that may be established: its key, type, question, and how it may be used.

    `type` is `bool`, `int` or `enum`; `values` the words of an enum; `screening` asks it early;
    `default` is what may be assumed where assuming it closes; `reads` names the order fact that
    gives its value from order documents.
    """

    key: str
    type: str
    ask: str
    values: tuple[str, ...] = ()
    screening: bool = False
    default: bool | int | str | None = None
    reads: str = ""
    telling: bool = False


INT_LIMIT: Final = 10_000
"""Numbers in facts are ages and counts of people; anything larger is a mistake."""


_TELLING: Final = frozenset(
    {"client.agrees", "client.objects", "threat.necessary", "care.minimum_ok"}
)


def _facts(*rows: Fact) -> Mapping[str, Fact]:
    return MappingProxyType(
        {
            row.key: replace(row, telling=row.key.startswith("recipient.") or row.key in _TELLING)
            for row in rows
        }
    )


def _yes_no(key: str, ask: str, *, screening: bool = False) -> Fact:
    return Fact(key, "bool", ask, screening=screening)


CORE_FACTS: Final = _facts(
    Fact("client.age", "int", "How old is the client?"),
    _yes_no("client.deceased", "Has the client died?"),
    _yes_no("client.capacity", "Can the client decide about this now?"),
    _yes_no("client.mature_minor", "Is the minor mature enough to decide about this?"),
    _yes_no(
        "client.consented_own_care",
        "Did the client, as a minor, lawfully consent to this care alone?",
    ),
    _yes_no("client.agrees", "Has the client agreed to this telling?"),
    _yes_no("client.objects", "Has the client objected to this telling, now or earlier?"),
    _yes_no("client.unsafe_to_tell", "Would telling the client put someone in danger?"),
    _yes_no("client.in_custody", "Is the client in lawful custody now?"),
    _yes_no("client.paid_out_of_pocket", "Did the client pay for this in full?"),
    _yes_no("client.restriction", "Has the practice agreed to a restriction that covers this?"),
    _yes_no("client.party_to_case", "Is the client a party to the case?"),
    _yes_no(
        "client.put_mental_state_at_issue", "Did the client put his or her mental state at issue?"
    ),
    _yes_no(
        "recipient.identity_verified",
        "Was it checked, by a channel you looked up, that the asker is who they say they are?",
        screening=True,
    ),
    _yes_no("recipient.able_to_prevent", "Is this someone able to prevent or lessen the harm?"),
    _yes_no("recipient.is_target", "Is this the person threatened?"),
    _yes_no(
        "recipient.involved_in_care", "Is this person involved in the client's care or its payment?"
    ),
    _yes_no(
        "recipient.suspected_abuser",
        "Is this person suspected of abusing or endangering the client?",
    ),
    _yes_no(
        "recipient.has_legal_authority",
        "Has this person shown legal authority for this (papers seen, power active now)?",
    ),
    _yes_no("recipient.named_in_order", "Does the order name this recipient?"),
    _yes_no("threat.made", "Did the client communicate a threat?"),
    _yes_no("threat.serious", "Is the threat to life or body serious?", screening=True),
    _yes_no("threat.imminent", "Is the harm imminent?"),
    Fact(
        "threat.target",
        "enum",
        "Who is threatened: the client, someone known, a group, a place, someone unnamed, all?",
        ("self", "identified_person", "identifiable_group", "location", "unnamed", "public"),
    ),
    _yes_no("threat.intent", "Does the client appear to intend it?"),
    _yes_no("threat.ability", "Is the client able to carry it out?"),
    _yes_no(
        "threat.told_by_family",
        "Did a close relative, or someone who knows the client, tell of the threat?",
    ),
    _yes_no("threat.necessary", "Is this telling necessary to prevent or lessen the harm?"),
    _yes_no(
        "threat.less_intrusive_insufficient",
        "Have gentler steps failed, or would they clearly not be enough?",
    ),
    _yes_no("threat.retracted", "Has the threat been taken back, believably?"),
    _yes_no(
        "abuse.suspected",
        "Is there reasonable cause to suspect abuse, neglect or exploitation?",
        screening=True,
    ),
    Fact(
        "abuse.victim",
        "enum",
        "Who may be the victim: a child, an elder, a dependent adult, another adult, the client?",
        ("child", "elder", "dependent_adult", "adult", "self"),
    ),
    _yes_no("abuse.victim_is_client", "Is the client the victim?"),
    Fact("abuse.victim_age", "int", "How old is the victim?"),
    Fact(
        "abuse.kind",
        "enum",
        "What kind: physical, sexual, neglect, emotional, financial, FGM, other?",
        ("physical", "sexual", "neglect", "emotional", "financial", "fgm", "other"),
    ),
    _yes_no(
        "abuse.child_at_risk_now", "Is any child at risk today, from this person or otherwise?"
    ),
    _yes_no("abuse.historic", "Did it end in the past?"),
    _yes_no("abuse.victim_objects", "Does the victim object to a report?"),
    _yes_no("abuse.already_reported", "Has the practice already reported this?"),
    _yes_no("abuse.perpetrator_has_access", "Can the person suspected still reach the victim?"),
    _yes_no("abuse.learned_professionally", "Was it learned in professional work?"),
    _yes_no("abuse.client_is_perpetrator", "Is the client the person suspected?"),
    _yes_no(
        "order.signed_by_judge",
        "Is the order signed by a judge (not a clerk, not a lawyer)?",
        screening=True,
    ),
    _yes_no("order.served", "Was it properly served on the practice?"),
    _yes_no("order.covers_these", "Does the order expressly cover these classes of information?"),
    _yes_no("order.names_notes", "Does the order name the process notes expressly?"),
    _yes_no("order.secrecy", "Does a court or a statute forbid telling the client?"),
    _yes_no("order.hearing_held", "Was there a hearing?"),
    _yes_no(
        "order.part2_findings", "Does the order carry the findings that 42 CFR Part 2 demands?"
    ),
    _yes_no("order.subpoena_attached", "Is there also a subpoena or like mandate?"),
    _yes_no(
        "order.privilege_decided",
        "Has the court decided on privilege for these items?",
    ),
    _yes_no("order.privilege_waived", "Has the client waived privilege?"),
    _yes_no("order.protective_order", "Is there a qualified protective order?"),
    _yes_no("subpoena.notice_to_client", "Was the client given written notice of the subpoena?"),
    _yes_no(
        "subpoena.objection_period_over",
        "Is the time to object over, with no objection left open?",
    ),
    _yes_no(
        "subpoena.certified",
        "Has the party certified in writing that the notice procedure is complete?",
    ),
    _yes_no("warrant.judicial", "Is the warrant signed by a judge?", screening=True),
    _yes_no("record.part2", "Is this a record of a substance-use programme under 42 CFR Part 2?"),
    _yes_no("record.psychotherapy_separate", "Are the process notes kept apart?"),
    _yes_no("record.by_asker", "Did the asker write this record?"),
    _yes_no("record.joint", "Does it come from a joint session?"),
    _yes_no("record.all_parties_consent", "Has everyone in the record agreed?"),
    _yes_no("record.privileged", "Is it privileged?"),
    _yes_no(
        "care.relationship", "Does the person looking have a care or work reason for this client?"
    ),
    _yes_no("care.emergency", "Is there a medical emergency?", screening=True),
    _yes_no("care.supervision_assigned", "Is this supervisor assigned to this client's case?"),
    _yes_no("care.break_glass_reason", "Has a reason for emergency access been written down?"),
    _yes_no("care.minimum_ok", "Is it limited to what this recipient needs for this purpose?"),
    _yes_no("crime.serious", "Is the crime serious and violent?"),
    _yes_no("crime.on_premises", "Did it happen on the premises or against staff?"),
    _yes_no(
        "crime.missing_person",
        "Has a missing-person report been made, and is this only to find the person?",
    ),
    _yes_no("crime.imminent_flight", "Is a suspect about to flee?"),
    _yes_no(
        "oversight.lawful_authority",
        "Is the agency authorised by law for this, and was the authority seen?",
    ),
    _yes_no(
        "oversight.about_practice", "Is the inquiry about the professional who wrote these notes?"
    ),
    _yes_no("research.approved", "Is there a documented waiver or approval?"),
    _yes_no("research.opted_out", "Has the client opted out of research?"),
    _yes_no("practice.covered_entity", "Is the practice a covered entity under HIPAA?"),
    _yes_no(
        "practice.profession_regulated",
        "Is the professional registered with a statutory regulator?",
    ),
    _yes_no(
        "purpose.established",
        "Has the practice itself established that this is the purpose, not only the asker's word?",
    ),
    _yes_no("incident.at_business_associate", "Did it happen at a contractor?"),
    _yes_no(
        "incident.breach",
        "Was there loss of, or unauthorised access to, or disclosure of, personal data?",
    ),
    _yes_no("incident.excluded", "Is it one of the excepted good-faith cases?"),
    _yes_no("incident.high_risk", "Is a high risk (or serious harm) to the person likely?"),
    _yes_no("incident.impermissible", "Was it looked at, used or given out without leave?"),
    _yes_no(
        "incident.low_probability",
        "Do the points to weigh show a low probability that it was compromised?",
    ),
    _yes_no("incident.notice_would_harm", "Would the notice itself harm the person?"),
    Fact("incident.people", "int", "How many people are affected?"),
    Fact("incident.people_in_one_state", "int", "How many of them live in one state?"),
    _yes_no("incident.police_delay", "Have the police asked to delay the notice?"),
    _yes_no("incident.risk_likely", "Is a risk to the person likely?"),
    _yes_no("incident.risk_removed", "Has the risk been removed since?"),
    _yes_no("incident.unintelligible", "Was the data unreadable to whoever has it?"),
    _yes_no(
        "incident.unsecured",
        "Was the information unsecured: not enciphered, or the key went with it?",
    ),
)

ORDER_FACTS: Final = (
    "order.covers_these",
    "recipient.named_in_order",
    "order.signed_by_judge",
    "warrant.judicial",
    "order.part2_findings",
    "order.names_notes",
    "order.secrecy",
)
"""Facts that order documents give for each class (docs/LANGUAGE.md section 7)."""
