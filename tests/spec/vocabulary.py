"""The few words in which the specification is written.

A module of this folder holds the cases of one pack: those for which it is the most local law.
`tables` lists them, one table for each question that people bring. A table begins with what is
usual in it; each case then shows only what matters:

    case(
        "N174",                                    its name, for ever
        "Judge's order, VA",                       its title
        "Signed, served, names the court.",        what happened
        who="privacy_officer, none",               role and relation of who would hand it over
        to="court",                                who would receive it
        purpose="legal_proceeding",                what for
        paper="court_order",                       what it rests on
        wants="progress_note psychotherapy_note",  what is asked for
        yes="order.signed_by_judge order.served",  facts established as so,
        no="record.privileged",                    and as not so;
        facts={"client.age": 15},                  facts with another value;
        unknown="client.restriction",              usual facts that nobody established here
        then=you_must(give="progress_note", keep="psychotherapy_note", reason="us-va.order"),
        law="Va. Code 32.1-127.1:03(D)",
    )

`then` says the answer in the words people read: `you_must`, `you_may`, `ask_first`,
`do_not_send`, `laws_disagree`. `reason` names grounds of which one must be met, `bar` locks of
which one must be on, `question` facts of which one must be asked, `by_when` a time that must be
among the duties, `tell_client` whether the client is to be told. What is not said is not checked.

Two marks: `hard=True` where careful people get it wrong at first, `seen=False` where the answer
rests on a text that nobody has seen yet.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

MORNING = "2026-11-23T10:00:00Z"

AUTHORIZATION = (
    "info_described discloser_named recipient_named purpose_each expiry signature_date "
    "signer_authority st_revoke st_conditioning st_redisclosure plain_language"
)
"""What a whole authorization holds under 45 CFR 164.508(c)."""
GENERAL = "capacity informed recipient_named scope_named voluntary"
"""What a consent at common law holds."""
GDPR = "explicit informed specific voluntary withdrawal_told"
"""What an explicit consent holds under GDPR Articles 7 and 9(2)(a)."""


@dataclass(frozen=True)
class Usual:
    """What every case of a table shares, unless it says otherwise."""

    packs: str
    who: str = ""
    to: str = ""
    purpose: str = ""
    paper: str = "none"
    facts: dict = field(default_factory=dict)

    def but(self, *, yes="", no="", facts=None, unknown="", **other):
        """The same with something changed or added."""
        return replace(self, facts=_known(self.facts, yes, no, facts, unknown), **other)


@dataclass(frozen=True)
class Case:
    """One case: a story, the Ask it comes to, and what must be answered."""

    id: str
    title: str
    story: str
    ask: dict
    expect: dict
    citation: str
    hard: bool
    verified: bool
    note: str

    def as_scenario(self):
        """The case in the form of a file of scenarios."""
        return {
            "id": self.id,
            "title": self.title,
            "story": self.story,
            "ask": self.ask,
            "expect": {key: self.expect[key] for key in EXPECTED},
            "citation": self.citation,
            "hard": self.hard,
            "verified": self.verified,
        }


@dataclass(frozen=True)
class Table:
    """The cases of one question."""

    question: str
    cases: tuple


EXPECTED = (
    "outcome",
    "release",
    "withhold",
    "grounds_any",
    "locks_any",
    "notice",
    "deadline",
    "questions_any",
)


def usually(packs, *, yes="", no="", facts=None, **other):
    """What is usual in a module; tables refine it with `.but(...)`."""
    return Usual(packs=packs, facts=_known({}, yes, no, facts, ""), **other)


def table(question, usual, *cases):
    """One question, with the cases that answer it."""
    return Table(question, tuple(made(usual) for made in cases))


def case(  # noqa: PLR0913 -- one keyword for each thing a case may say
    name, title, story, *, then, law, hard=False, seen=True, note="", **shown
):
    """One case; it becomes whole when its table says what is usual."""

    def made(usual):
        return Case(
            id=name,
            title=title,
            story=story,
            ask=_ask(usual, **shown),
            expect=then,
            citation=law,
            hard=hard,
            verified=seen,
            note=note,
        )

    return made


def _ask(  # noqa: PLR0913 -- one keyword for each thing a case may say
    usual,
    *,
    wants,
    packs=None,
    at=MORNING,
    who=None,
    to=None,
    purpose=None,
    paper=None,
    yes="",
    no="",
    facts=None,
    unknown="",
    consents=(),
    orders=None,
    **rest,
):
    role, relation = (_one_or_more(part) for part in (who or usual.who).split(","))
    ask = {
        "packs": (packs or usual.packs).split(),
        "at": at,
        "by": {"role": role, "relation": relation},
        "to": to or usual.to,
        "purpose": purpose or usual.purpose,
        "instrument": paper or usual.paper,
        "wants": wants.split() if isinstance(wants, str) else list(wants),
    }
    ask["consents"] = [made(ask) for made in _listed(consents)]
    if orders is not None:
        ask["orders"] = [made(ask) for made in _listed(orders)]
    ask["facts"] = _known(usual.facts, yes, no, facts, unknown)
    return ask | rest


def _one_or_more(words):
    found = words.split()
    return found[0] if len(found) == 1 else found


def _listed(one_or_more):
    return [one_or_more] if callable(one_or_more) else list(one_or_more)


def _known(usual, yes, no, facts, unknown):
    known = {key: value for key, value in usual.items() if key not in unknown.split()}
    known |= dict.fromkeys(yes.split(), True)
    known |= dict.fromkeys(no.split(), False)
    return known | (facts or {})


def passage(name, classes):
    """A marked part of an entry, and every class that is in it."""
    return {"passage": name, "classes": classes.split()}


def consent(  # noqa: PLR0913 -- one keyword for each thing a case may say
    *,
    classes=None,
    to=None,
    purposes=None,
    signed_by="client",
    form="hipaa_authorization",
    has=AUTHORIZATION,
    plus="",
    lacks="",
    start="2026-06-01",
    until="2027-06-01",
    revoked=None,
):
    """A consent on file; unless it says otherwise, for just what is asked, and whole."""

    def made(ask):
        elements = dict.fromkeys(f"{has} {plus}".split(), True)
        return {
            "by": signed_by,
            "form": form,
            "classes": ask["wants"] if classes is None else classes.split(),
            "to": [ask["to"]] if to is None else to.split(),
            "purposes": [ask["purpose"]] if purposes is None else purposes.split(),
            "from": start,
            "until": until,
            "revoked": revoked,
            "elements": elements | dict.fromkeys(lacks.split(), False),
        }

    return made


def general_consent(
    *, has=GENERAL, form="general", start="2026-09-01", until="2027-08-31", **other
):
    """A consent on file outside the United States."""
    return consent(has=has, form=form, start=start, until=until, **other)


def order(
    *,
    classes=None,
    to=None,
    kind=None,
    signed_by="judge",
    start="2026-11-01",
    until="2027-01-31",
    **flags,
):
    """An order in hand; unless it says otherwise, a judge's, in force, for just what is asked."""

    def made(ask):
        return {
            "kind": ask["instrument"] if kind is None else kind,
            "signed_by": signed_by,
            "classes": ask["wants"] if classes is None else classes.split(),
            "to": [ask["to"]] if to is None else to.split(),
            "from": start,
            "until": until,
        } | flags

    return made


def you_must(**said):
    """The law demands it."""
    return _answer("require", **said)


def you_may(**said):
    """It is allowed, not demanded."""
    return _answer("permit", **said)


def ask_first(**said):
    """One thing decides."""
    return _answer("ask", **said)


def do_not_send(**said):
    """Silence."""
    return _answer("deny", **said)


def laws_disagree(**said):
    """One says must, the other says no: silence, the privacy officer and a lawyer."""
    return _answer("conflict", **said)


def _answer(  # noqa: PLR0913 -- one keyword for each thing a case may say
    outcome,
    *,
    give="",
    keep="",
    reason="",
    bar="",
    tell_client=None,
    by_when=None,
    question="",
    **more,
):
    """`more` is checked of the product alone: see `MORE` in test_spec.py."""
    return {
        "outcome": outcome,
        "release": give.split(),
        "withhold": keep.split(),
        "grounds_any": reason.split(),
        "locks_any": bar.split(),
        "notice": tell_client,
        "deadline": by_when,
        "questions_any": question.split(),
    } | more
