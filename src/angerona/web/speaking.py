"""What leaves under a matter: its questions, what is chosen, its passages, a last look, a packet.

These pages serve every kind of matter in which somebody may be told something; where each begins,
and how it ends, stands with its kind.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from angerona.errors import BadInput, Conflicting, NotAgreed, NotPermitted, Unknown, Unopenable
from angerona.gate.results import Previewed, Proposed, Shown
from angerona.gate.waiting import waits
from angerona.notices.packet_files import PAPERS
from angerona.notices.packet_locks import new_passphrase, read_passphrase
from angerona.notices.packets import blanks_of
from angerona.packs.texts import load_texts
from angerona.practice.answers import headline, owed, reasons
from angerona.practice.handing_over import FORMS, HandedOver, Outgoing
from angerona.practice.legal_holds import PROCESS
from angerona.practice.matters import found
from angerona.practice.narrowing import letter_that_narrows
from angerona.practice.ordered import ordered
from angerona.practice.preparing import as_it_goes, look_at
from angerona.practice.requests import answer_with
from angerona.practice.second_readers import ask_reader, readers, stand_in
from angerona.practice.speaking import (
    agreed_to_less,
    ask_again,
    asked_in,
    choose,
    found_out,
    is_agreed,
    least,
    leaving_of,
    next_question,
    of_the_days,
    proposed,
    sparing,
    take_as_agreed,
    told,
    wish_of,
)
from angerona.practice.told import hand_over_in_writing
from angerona.practice.who_looked import who
from angerona.rules.answer import AskFirst
from angerona.web.choices import said_as
from angerona.web.fulfilling import limits_of
from angerona.web.turn import (
    MEMBER,
    READS,
    Download,
    Moved,
    Page,
    Route,
    Turn,
    faces_of,
    read_id,
)
from angerona.words import CLASSES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from angerona.gate.door import Door
    from angerona.practice.answers import Told
    from angerona.practice.matters import Matter
    from angerona.practice.speaking import Asked
    from angerona.rules.answer import Refuse
    from angerona.rules.compile import Packs
    from angerona.sealed.entries import EntryPlace, EntryText
    from angerona.sealed.vault import Visit
    from angerona.web.turn import Result

    Leaves = Callable[[Door, Visit, Matter, Outgoing], HandedOver | AskFirst | Refuse]

LEAVES: Final[Mapping[str, Leaves]] = {
    "request": answer_with,
    "danger": hand_over_in_writing,
    "report": hand_over_in_writing,
}
"""How each kind of matter hands over what was chosen."""
HOME: Final[Mapping[str, str]] = {
    "request": "/requests",
    "danger": "/dangers",
    "report": "/reports",
}
"""Under which address each kind has its own page."""
DONT_KNOW: Final = "unknown"
AGAIN: Final = "again"
"""What stands for an answer where one is taken back, and the rules ask once more."""
_YES_NO: Final = {"yes": True, "no": False}
WAYS: Final = (
    *("by post", "by hand", "by secure mail", "by fax", "through their portal"),
    "as a file",
)
"""By which way something leaves, in words for the ledger."""
DIGITS_MAX: Final = 9


@dataclass(frozen=True, slots=True)
class Chosen:
    """An entry that may go, as the page lists it; its words where they could be looked at.

    `is_changed`: after passages of it were left out.
    """

    place: EntryPlace
    entry: EntryText | None
    is_ticked: bool
    gaps: int
    is_changed: bool


def matter_of(turn: Turn) -> Matter:
    """The matter of the address, of those in which something can leave. Raises `Unknown`."""
    return found(turn.visit, turn.id_of("matter"), tuple(LEAVES))


def home_of(matter: Matter) -> str:
    """The page of a matter."""
    return f"{HOME[matter.kind]}/{matter.matter_id.hex()}"


def said_of(turn: Turn, matter: Matter) -> dict[str, object]:
    """What every page of a matter says of the rules: the answer, why, what decides next."""
    asked = asked_in(matter)
    if matter.client_id is None:
        return {"told": None, "question": None, "asked": asked}
    now = told(turn.door, turn.visit, matter)
    return {
        "told": now,
        "asked": asked,
        "headline": headline(now),
        "reasons": reasons(now) if READS & faces_of(turn.person) else (),
        "owed": owed(now),
        "question": next_question(now, asked),
        "known": known_of(now, asked.facts),
        "unknown": unknown_of(now.packs, asked),
    }


def known_of(now: Told, facts: Mapping[str, bool | int | str]) -> list[tuple[str, str, str]]:
    """What was found out: the fact, its question, the answer in words."""
    said = {True: "yes", False: "no"}
    found = ((name, value) for name, value in facts.items() if name in now.packs.facts)
    return [
        (name, now.packs.facts[name].ask, said[it] if isinstance(it, bool) else said_as(it))
        for name, it in found
    ]


def unknown_of(packs: Packs, asked: Asked) -> list[tuple[str, str]]:
    """What somebody said is not known: the fact, and its question."""
    return [(one, packs.facts[one].ask) for one in asked.unknown if one in packs.facts]


def answer_question(turn: Turn) -> Result:
    """Keep an answer to what the rules ask; "I don't know" is one. Or take one back."""
    matter, form = matter_of(turn), turn.form
    fact = turn.door.packs.facts.get(form.text("fact"))
    if fact is None:
        raise BadInput("an answer", "answers no question that is asked here")
    given = form.text("value")
    if given == AGAIN:
        return Moved(home_of(ask_again(turn.door, turn.visit, matter, fact.key)))
    value: bool | int | str | None
    if given == DONT_KNOW:
        value = None
    elif fact.type == "bool":
        value = _YES_NO[form.choice("value", _YES_NO)]
    elif fact.type == "int":
        if not (given.isascii() and given.isdigit() and len(given) <= DIGITS_MAX):
            raise BadInput("the number", "is none", f"digits alone, up to {DIGITS_MAX}")
        value = int(given)
    else:
        value = form.choice("value", fact.values)
    matter = found_out(turn.door, turn.visit, matter, {fact.key: value})
    return Moved(home_of(matter))


def choosing(turn: Turn, problem: BadInput | None = None) -> Result:
    """What may go, entry by entry, with the least that serves ticked; of the rest nothing."""
    matter = matter_of(turn)
    previewed = _previewed(turn, matter)
    asked = asked_in(matter)
    words = _words(turn, matter, frozenset(one.entry_id for one in previewed.would_go))
    if words is None:
        return _shut(matter, problem)
    going = of_the_days(asked, previewed.would_go, words, turn.zone)
    if problem is not None and turn.form.several("entry"):
        ticked = frozenset(bytes.fromhex(one) for one in turn.form.several("entry") if _is_id(one))
    elif asked.chosen is not None:
        ticked = frozenset(map(bytes.fromhex, asked.chosen))
    else:
        ticked = least(going, sparing(previewed))
    before = {one.entry: one.version for one in asked.passages}
    items = [
        Chosen(
            one,
            words.get(one.entry_id),
            is_ticked=one.entry_id in ticked,
            gaps=len(out_of(matter, one)),
            is_changed=before.get(one.entry_id.hex(), one.version) != one.version,
        )
        for one in reversed(going)
    ]
    says = {
        "matter": matter,
        "home": home_of(matter),
        "asked": asked,
        "kinds": {name: [one for one in items if one.place.wanted == name] for name in CLASSES},
        "must_choose": bool(previewed.to_choose),
        "unopened": previewed.unopened,
        "problem": problem,
    }
    return Page("matter_choose.html", says, 422 if problem else 200)


def _shut(matter: Matter, problem: BadInput | None) -> Page:
    """For whom may not look at what goes, nor learn of which kinds it is."""
    says = {
        "matter": matter,
        "home": home_of(matter),
        "asked": asked_in(matter),
        "problem": problem,
    }
    return Page("matter_shut.html", says, 422 if problem else 200)


def chosen(turn: Turn) -> Result:
    """Keep what was chosen."""
    ids = [read_id(one) for one in turn.form.several("entry")]
    matter = choose(turn.visit, matter_of(turn), ids)
    return Moved(f"/matters/{matter.matter_id.hex()}/leaves")


def leaves(turn: Turn, problem: BadInput | None = None) -> Result:
    """The last look: exactly what leaves, to whom, on what terms; and who must agree first."""
    matter = matter_of(turn)
    if not READS & faces_of(turn.person):
        return _shut(matter, problem)
    try:
        now = proposed(turn.door, turn.visit, matter)
        if not isinstance(now, Proposed):
            return Moved(home_of(matter))
        shown = as_it_goes(turn.door, turn.visit, matter, now)
    except BadInput as wrong:  # what was chosen cannot go so any more
        return choosing(turn, problem or wrong)
    going = shown if isinstance(shown, tuple) else ()
    seen_ids = {place.entry_id for place, _ in going}
    agreed = not now.is_awaited or is_agreed(turn.visit, matter, now)
    says = {
        **said_of(turn, matter),
        "matter": matter,
        "home": home_of(matter),
        "going": going,
        "unseen": [one for one in now.going if one.entry_id not in seen_ids],
        "seen": now.seen,
        "is_awaited": now.is_awaited and not agreed,
        "agreed": [
            (one.duty_id, who(one.row.duty["reader"]), one.row.duty["terms"])
            for one in agreed_to_less(turn.visit, matter, now)
        ]
        if now.is_awaited
        else [],
        "named": ordered(turn.door, turn.visit, matter)
        if asked_in(matter).instrument in PROCESS
        else (),
        "narrowing": letter_that_narrows(turn.door, turn.visit, matter)
        if matter.kind == "request"
        else "",
        "waits": waits(now.gathered, now.permit, turn.door.packs, turn.at),
        "readers": []
        if agreed
        else readers(
            turn.visit, matter.duty.row.client_id, recipient=leaving_of(turn.door, matter).recipient
        ),
        "limits": limits_of(turn, matter, asked_in(matter).to, in_writing=True)
        if LEAVES[matter.kind] is hand_over_in_writing
        else [],
        "words": new_passphrase(),
        "ways": WAYS,
        "papers": PAPERS,
        "blanks": blanks_of(now.permit.duties, load_texts()),
        "typed": turn.form,
        "problem": problem,
    }
    return Page("matter_leaves.html", says, 422 if problem else 200)


def release(turn: Turn) -> Result:
    """Hand it over: exactly what was looked at, or nothing."""
    matter, form = matter_of(turn), turn.form
    is_locked = form.text("locked") == "yes"
    outgoing = Outgoing(
        leaving=leaving_of(turn.door, matter),
        reference=asked_in(matter).reference,
        blanks={
            name.removeprefix("blank:"): form.text(name)
            for name in form.fields
            if name.startswith("blank:") and form.text(name)
        },
        form=form.choice("form", FORMS, default="pdf"),
        paper=form.choice("paper", PAPERS, default="a4"),
        is_locked=is_locked,
        words=read_passphrase(form.text("words")) if is_locked else "",
        how=form.choice("how", WAYS),
        seen=form.text("seen"),
        is_kept=True,
        fulfils=frozenset(form.several("done")),
    )
    try:
        made = LEAVES[matter.kind](turn.door, turn.visit, matter, outgoing)
    except Unopenable:
        allowed = "whoever treats the client hands it over: pass it on"
        raise BadInput("keys", "to what was chosen are not yours", allowed) from None
    except NotAgreed:
        allowed = "ask a colleague to read it, below"
        raise BadInput("second reader", "has not agreed to exactly this", allowed) from None
    except Conflicting:
        return Moved(f"/matters/{matter.matter_id.hex()}/leaves", done="look-again")
    if not isinstance(made, HandedOver):
        return Moved(home_of(matter))
    return Download(made.file_name, made.media_type, made.data, again="/packets")


def ask_second(turn: Turn) -> Result:
    """Ask a colleague to read what would leave; where nobody can, say who outside was asked."""
    matter, form = matter_of(turn), turn.form
    leaving, client_id = leaving_of(turn.door, matter), matter.duty.row.client_id
    if form.text("consultant"):
        stand_in(
            *(turn.door, turn.visit, client_id, leaving),
            consultant=form.text("consultant"),
            reason=form.text("why"),
        )
        return Moved(f"/matters/{matter.matter_id.hex()}/leaves", done="stood-in")
    reader_id = read_id(form.text("reader"))
    ask_reader(turn.door, turn.visit, client_id, leaving, reader_id, why=form.text("why"))
    return Moved(f"/matters/{matter.matter_id.hex()}/leaves", done="asked")


def as_agreed(turn: Turn) -> Result:
    """Take over the choice that a second reader agreed to."""
    agreed_id = read_id(turn.form.text("agreed"))
    matter = take_as_agreed(turn.door, turn.visit, matter_of(turn), agreed_id)
    return Moved(f"/matters/{matter.matter_id.hex()}/leaves", done="as-agreed")


def _previewed(turn: Turn, matter: Matter) -> Previewed:
    if matter.client_id is None:
        raise Unknown
    return turn.door.preview(turn.visit, matter.client_id, wish_of(turn.door, matter))


def _words(turn: Turn, matter: Matter, going: frozenset[bytes]) -> dict[bytes, EntryText] | None:
    """The words of what may go, for whoever may look at them.

    Without words where the rules ask something first; nothing for who may not look, or has no key.
    """
    if not going:
        return {}
    try:
        shown = look_at(turn.door, turn.visit, matter, going)
    except (NotPermitted, Unknown, Unopenable):
        return None
    match shown:
        case Shown():
            return {place.entry_id: entry for place, entry in shown.entries}
        case AskFirst():
            return {}
        case _:
            return None


def entry_of(turn: Turn, matter: Matter) -> tuple[EntryPlace, EntryText]:
    """The entry of the address, if it may go. Raises `Unknown`."""
    entry_id = turn.id_of("entry")
    previewed = _previewed(turn, matter)
    places = {one.entry_id: one for one in previewed.would_go}
    entry = (_words(turn, matter, frozenset({entry_id})) or {}).get(entry_id)
    if entry_id not in places or entry is None:
        raise Unknown
    return places[entry_id], entry


def out_of(matter: Matter, place: EntryPlace) -> tuple[tuple[int, int], ...]:
    """What is left out so far of an entry as it stands."""
    for one in asked_in(matter).passages:
        if one.entry == place.entry_id.hex() and one.version == place.version:
            return one.spans
    return ()


def _is_id(given: str) -> bool:
    try:
        read_id(given)
    except Unknown:
        return False
    return True


ROUTES: Final = (
    Route(method="POST", path="/matters/{matter}/answers", do=answer_question, face=MEMBER),
    Route(method="GET", path="/matters/{matter}/choose", do=choosing, face=MEMBER),
    Route(method="POST", path="/matters/{matter}/choose", do=chosen, face=MEMBER, again=choosing),
    Route(method="GET", path="/matters/{matter}/leaves", do=leaves, face=MEMBER),
    Route(
        method="POST",
        path="/matters/{matter}/leaves",
        do=release,
        face=MEMBER,
        again=leaves,
        step_up=True,
    ),
    Route(
        method="POST",
        path="/matters/{matter}/reader",
        do=ask_second,
        face=MEMBER,
        again=leaves,
    ),
    Route(method="POST", path="/matters/{matter}/agreed", do=as_agreed, face=MEMBER, again=leaves),
)
