"""What clients ask for by right: what is open, taking one down, its page, and the answers."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Final

from angerona.errors import BadInput, NotPermitted, Unknown
from angerona.gate.gathering import Wish
from angerona.notices.letters import (
    Letterhead,
    draft,
    fitting_letters,
    open_blanks,
    set_letter,
)
from angerona.notices.paragraphs import day
from angerona.packs.texts import Occasion, load_texts
from angerona.practice.access import COPIES
from angerona.practice.accounting import SUSPENSION, Account, account_of
from angerona.practice.asked_for import (
    READY,
    asker_in,
    check_stands,
    is_stranger,
    may_know_of,
)
from angerona.practice.colleagues import colleagues
from angerona.practice.corrections import correct, place_statement
from angerona.practice.erasure_asked import erase_all, itemised, refuse_in_part
from angerona.practice.matters import Step, advance, found, open_matters
from angerona.practice.restrictions import (
    Wanted,
    agree,
    must_agree,
    refuse,
)
from angerona.practice.rights import (
    HOWS,
    OUTCOMES,
    RIGHT,
    RIGHTS,
    Asked,
    answer,
    ask,
    check_identity,
    complaint_lines,
    extend,
    longer,
    reasons,
    rules_of,
)
from angerona.practice.zones import FIRST, read_moment
from angerona.rules.answer import AskFirst, Refuse
from angerona.web import asked_for
from angerona.web.answers import answered, stated
from angerona.web.choices import Fixed
from angerona.web.records import head_of
from angerona.web.turn import MEMBER, Download, Moved, Page, Route, Turn, read_id
from angerona.words import CLASSES, RECIPIENTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from angerona.packs.texts import Text
    from angerona.practice.matters import Matter
    from angerona.rules.answer import Answer
    from angerona.web.turn import Result

WAYS: Final = Fixed(HOWS)
TAKEN_DOWN: Final = Fixed({name: one.says for name, one in RIGHTS.items() if name != "review"})
FROM_WHOM: Final = Fixed({name: says for name, says in RECIPIENTS.items() if name != "client"})
_ENTRY_ID: Final = "the long word after “entries” in the address of “Add to this”"
ANSWERS: Final = Fixed({"granted": "yes", "partly": "yes, in part", "refused": "no"})
PLAN_PURPOSES: Final = ("payment", "operations", "insurance")
USES: Final = (
    *("treatment", "care_coordination", "payment", "operations", "supervision", "training"),
    *("research", "family_involvement", "employment", "education", "insurance", "marketing"),
)
"""The purposes from which something can be kept."""
PAPER: Final = "a4"
_LETTERS: Final[Mapping[tuple[str, str], str]] = {
    ("copy", "granted"): "copy_given",
    ("copy", "partly"): "copy_in_part",
    ("copy", "refused"): "copy_refused",
    ("portable", "granted"): "copy_given",
    ("portable", "partly"): "copy_in_part",
    ("portable", "refused"): "copy_refused",
    ("review", "granted"): "copy_given",
    ("review", "partly"): "copy_in_part",
    ("review", "refused"): "copy_refused",
    ("correction", "granted"): "correction_made",
    ("correction", "refused"): "correction_refused",
    ("restriction", "granted"): "restriction_agreed",
    ("restriction", "refused"): "restriction_refused",
    ("accounting", "granted"): "accounting",
    ("erasure", "granted"): "erasure_done",
    ("erasure", "partly"): "erasure_in_part",
    ("erasure", "refused"): "erasure_in_part",
    ("complaint", "granted"): "complaint_received",
}
"""Which letter answers which right, by the kinds of `packs.texts.TO_CLIENTS`."""


def all_open(turn: Turn) -> Page:
    """What clients have asked for and nobody has answered yet, what is due first at the top."""
    return Page("rights.html", {"head": None, "rights": listed(turn, None), "restrictions": ()})


def new(turn: Turn, problem: BadInput | None = None) -> Page:
    """The form by which a right is taken down for a client who asks in another way."""
    says = {
        "head": head_of(turn),
        "kinds": TAKEN_DOWN,
        "people": asked_for.who_can_ask(turn, turn.id_of("client")),
        "ways": WAYS,
        "from_whom": FROM_WHOM,
        "typed": turn.form,
        "now": turn.local.strftime("%Y-%m-%dT%H:%M"),
        "entry": turn.form.text("entry") or turn.asked.get("entry", ""),
        "problem": problem,
    }
    return Page("right_new.html", says, 422 if problem else 200)


def take(turn: Turn) -> Result:
    """Take it down; its time runs from when it was asked."""
    head, form = head_of(turn), turn.form
    right = form.choice("right", TAKEN_DOWN)
    asked = Asked(
        right=right,
        text=form.text("text"),
        how=form.choice("how", WAYS),
        received=read_moment("when it was asked", form.text("received"), turn.zone, which=FIRST),
        checked=form.text("checked"),
        more={**_more_given(turn, right), **asked_for.more_of_asker(turn, head.client_id)},
    )
    matter_id, _ = ask(turn.door, turn.visit, head.client_id, asked)
    return Moved(f"/rights/{matter_id.hex()}", done="taken-down")


def _more_given(turn: Turn, right: str) -> dict[str, object]:
    """As `more_of`, where an id is typed by hand and may be missing or miscopied."""
    try:
        return more_of(turn, right)
    except Unknown:
        raise BadInput("the id of the entry", "is not given, or not whole", _ENTRY_ID) from None


def more_of(turn: Turn, right: str) -> dict[str, object]:
    """What a right needs besides, from its form. Raises `BadInput`, `Unknown`."""
    form = turn.form
    if right in {"copy", "portable"}:
        return {"notes": form.text("notes") == "yes"}
    if right in {"correction", "statement"}:
        return {"entry": read_id(form.text("entry")).hex()}
    if right == "restriction":
        paid = form.text("paid") == "yes"
        wanted = Wanted(
            classes=form.several("classes"),
            to=form.several("to"),
            purposes=PLAN_PURPOSES if paid else USES,
            paid=paid,
        )
        return wanted.as_json()
    return {}


def one(turn: Turn, problem: BadInput | None = None) -> Page:
    """A right: what is asked, by when, what stands in the way, and the ways to answer."""
    matter = right_of(turn)
    right = matter.content[RIGHT]
    no_place = is_stranger(turn.door, turn.visit, matter)
    outcome = turn.form.text("outcome") or ("refused" if no_place else "granted")
    says = {
        "matter": matter,
        "right": right,
        "kind": RIGHTS[right],
        "reasons": reasons(turn.door, right),
        "longer": None if no_place else longer(turn.door, matter),
        "extension": turn.form.text("reasons") or _text(turn, matter, "extension"),
        "steps": [step for rule in rules_of(turn.door, right) for step in rule.steps],
        "answers": ANSWERS,
        "is_copy": right in COPIES,
        "is_ready": READY in matter.content,
        "must": must_agree(turn.door, Wanted.of(matter)) if right == "restriction" else "",
        "must_stay": _what_is_kept(turn, matter),
        "people": [(who.person_id.hex(), who.row.name) for who in colleagues(turn.visit)],
        "outside": complaint_lines(turn.door),
        "letter": turn.form.text("letter") or letter_for(turn, matter, outcome),
        "outcome": outcome,
        "typed": turn.form,
        "problem": problem,
        **asked_for.says_of(turn, matter),
    }
    return Page("right.html", says, 422 if problem else 200)


def right_of(turn: Turn) -> Matter:
    """The matter of the address, if it is a right to be answered. Raises `Unknown`."""
    matter = found(turn.visit, turn.id_of("asked"), (RIGHT,))
    if matter.content[RIGHT] == SUSPENSION:
        raise NotPermitted
    return matter


def identify(turn: Turn) -> Result:
    """Write down how it was made sure who asks."""
    matter = check_identity(turn.door, turn.visit, right_of(turn), turn.form.text("checked"))
    return _back(matter, "kept")


def take_longer(turn: Turn) -> Result:
    """Take more time, with the reasons in a letter."""
    text = turn.form.text("reasons")
    _check_filled(text)
    matter = extend(turn.door, turn.visit, right_of(turn), text)
    return _back(matter, "longer")


def pass_on(turn: Turn) -> Result:
    """Let a colleague see to it, or look again."""
    matter = right_of(turn)
    person_id = read_id(turn.form.text("handler"))
    name = turn.door.vault.person(person_id).row.name
    step = Step(
        what=f"asked {name} to see to it",
        said={RIGHT: matter.content[RIGHT]},
        handler_id=person_id,
    )
    return _back(advance(turn.visit, matter, step), "passed-on")


def write(turn: Turn) -> Result:
    """Begin the letter that fits what is answered: its text, with what is known filled in."""
    matter = right_of(turn)
    outcome = turn.form.choice("outcome", OUTCOMES)
    if outcome != "refused":
        check_stands(turn.door, turn.visit, matter)
    page = one(turn)
    text = letter_for(turn, matter, outcome)
    if matter.content[RIGHT] == "accounting" and "[what was shared]" in text:
        facts = {**stated(turn), "recipient.identity_verified": True}
        found_ = account_of(turn.door, turn.visit, matter.client_id or b"", facts=facts)
        if not isinstance(found_, Account):
            return _asks(turn, matter, found_, facts)
        known = may_know_of(turn.door, turn.visit, matter)
        told = found_ if known is None else found_.about(known)
        text = text.replace("[what was shared]", told.as_text())
    return Page(page.template, {**page.says, "letter": text, "outcome": outcome})


def print_letter(turn: Turn) -> Result:
    """The letter as a PDF, in the words that stand in the form. Raises `BadInput` for a blank."""
    matter = right_of(turn)
    outcome = turn.form.choice("outcome", OUTCOMES)
    if outcome != "refused":
        check_stands(turn.door, turn.visit, matter)
    fitting = _fitting(turn, matter, outcome)
    if fitting is None:
        raise BadInput("letter", "has no form here", "another answer")
    head = Letterhead(practice=turn.door.vault.practice().row.name, to=asked_for.addressee(matter))
    text = turn.form.text("letter")
    return Download(
        "letter.pdf",
        "application/pdf",
        set_letter(fitting, text, head=head, at=turn.local, paper=PAPER),
    )


def settle(turn: Turn) -> Result:
    """Answer: yes, in part or no, each in the way of its right; the client reads the letter."""
    matter, form = right_of(turn), turn.form
    outcome = form.choice("outcome", OUTCOMES)
    letter, reason = form.text("letter"), form.text("reason")
    _check_filled(letter)
    back = Moved(f"/clients/{(matter.client_id or b'').hex()}/rights", done="right-answered")
    right = matter.content[RIGHT]
    door, visit, facts = turn.door, turn.visit, stated(turn)
    given: object = None
    if outcome == "refused" and is_stranger(door, visit, matter):
        answer(door, visit, matter, outcome, letter)
    elif right in {"correction", "statement"} and outcome == "granted":
        if right == "correction":
            text = form.text("correction")
            given = correct(door, visit, matter, text, letter=letter, facts=facts)
        else:
            given = place_statement(door, visit, matter, facts=facts)
    elif right == "restriction" and outcome != "partly":
        if outcome == "granted":
            agree(door, visit, matter, letter=letter)
        else:
            refuse(door, visit, matter, letter=letter, reason=reason)
    elif right == "erasure" and outcome != "refused":
        given = _erase(turn, matter, outcome, letter)
        back = Moved("/rights", done="right-answered")
    else:
        answer(door, visit, matter, outcome, letter, reason=reason)
    if isinstance(given, AskFirst | Refuse):
        return _asks(turn, matter, given, facts)
    return back


def letter_for(turn: Turn, matter: Matter, outcome: str) -> str:
    """The letter that fits, as far as it can be filled; what is open stands in brackets."""
    return _text(turn, matter, asked_for.letter_kind(turn, matter, outcome, _LETTERS))


def _text(turn: Turn, matter: Matter, kind: str) -> str:
    fitting = _of_kind(turn, matter, kind) if kind else None
    if fitting is None:
        return ""
    names = {blank.name for blank in fitting.blanks}
    known = {name: said for name, said in _known(turn, matter).items() if name in names and said}
    return draft(fitting, known).text


def _known(turn: Turn, matter: Matter) -> dict[str, str]:
    content, outside = matter.content, complaint_lines(turn.door)
    received = datetime.datetime.fromisoformat(content["received"]).astimezone(turn.zone)
    ends = longer(turn.door, matter) or matter.due
    return {
        "request date": day(received),
        "sender": turn.person.row.name,
        "what is asked": RIGHTS[content[RIGHT]].what,
        "answer by": day(ends.astimezone(turn.zone)) if ends else "",
        "from day": day(turn.local),
        "what is closed": ", ".join(CLASSES[name] for name in content.get("classes", ())),
        "closed to": ", ".join(RECIPIENTS[name] for name in content.get("to", ())),
        "how to complain to the secretary": outside[0] if outside else "",
        "authority": "\n".join(outside),
        "what is kept": _what_is_kept(turn, matter),
    }


def _what_is_kept(turn: Turn, matter: Matter) -> str:
    """What has to stay where an erasure is asked for, as whoever asks may know of it."""
    if matter.content[RIGHT] != "erasure":
        return ""
    known = may_know_of(turn.door, turn.visit, matter)
    return itemised(turn.door, turn.visit, matter.client_id or b"", known)


def _fitting(turn: Turn, matter: Matter, outcome: str) -> Text | None:
    kind = asked_for.letter_kind(turn, matter, outcome, _LETTERS)
    return _of_kind(turn, matter, kind) if kind else None


def _of_kind(turn: Turn, matter: Matter, kind: str) -> Text | None:
    to = "payer" if matter.content.get("paid") else "client"
    asker = asker_in(matter.content)
    to = asker.to if asker and kind == asked_for.NO_PLACE else to
    occasion = Occasion(packs=turn.door.vault.practice().row.packs, to=to)
    return next(iter(fitting_letters(load_texts(), kind, occasion)), None)


def _check_filled(letter: str) -> None:
    if blank := open_blanks(letter):
        raise BadInput("letter", f"[{blank[0].name}] is not filled", "fill it, or take it out")


def _erase(turn: Turn, matter: Matter, outcome: str, letter: str) -> Answer | None:
    form = turn.form
    if outcome == "granted":
        why, facts = "the client asked, and nothing keeps it", stated(turn)
        done = erase_all(turn.door, turn.visit, matter, reason=why, facts=facts)
        return None if done.written is not None else done.answer
    refuse_in_part(
        turn.door,
        turn.visit,
        matter,
        letter=letter,
        reason=form.text("reason"),
        forget_contact=form.text("forget") == "yes",
    )
    return None


def _asks(turn: Turn, matter: Matter, given: Answer, facts: Mapping[str, bool | int | str]) -> Page:
    client_id = matter.client_id or b""
    wish = Wish(wants=("history",), purpose="client_request", to="client", facts=facts)
    page = answered(turn, client_id, wish, given)
    typed = [(name, turn.form.text(name)) for name in ("outcome", "letter", "reason", "correction")]
    return Page(page.template, {**page.says, "typed": typed}, page.status)


def listed(turn: Turn, client_id: bytes | None) -> list[Matter]:
    """What is open, of one client or of all that one sees; a suspension is none of it."""
    mine = open_matters(turn.visit, (RIGHT,), client_id=client_id)
    return [one for one in mine if one.content[RIGHT] != SUSPENSION]


def _back(matter: Matter, done: str) -> Moved:
    return Moved(f"/rights/{matter.matter_id.hex()}", done=done)


ROUTES: Final = (
    Route(method="GET", path="/rights", do=all_open, face=MEMBER),
    Route(method="GET", path="/rights/{asked}", do=one, face=MEMBER),
    Route(method="POST", path="/rights/{asked}/identity", do=identify, face=MEMBER, again=one),
    Route(method="POST", path="/rights/{asked}/longer", do=take_longer, face=MEMBER, again=one),
    Route(method="POST", path="/rights/{asked}/pass-on", do=pass_on, face=MEMBER, again=one),
    Route(method="POST", path="/rights/{asked}/write", do=write, face=MEMBER, again=one),
    Route(method="POST", path="/rights/{asked}/print", do=print_letter, face=MEMBER, again=one),
    Route(
        method="POST",
        path="/rights/{asked}/answer",
        do=settle,
        face=MEMBER,
        again=one,
        step_up=True,
    ),
    Route(method="GET", path="/clients/{client}/rights/new", do=new, face=MEMBER),
    Route(method="POST", path="/clients/{client}/rights/new", do=take, face=MEMBER, again=new),
)
