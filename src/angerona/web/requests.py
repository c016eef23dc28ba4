"""Requests: the inbox, taking one down, its own page, and every answer but a packet."""

from __future__ import annotations

import contextlib
import datetime
from typing import TYPE_CHECKING, Final

from angerona.errors import BadInput, Unknown
from angerona.gate.results import Proposed
from angerona.notices.letters import (
    Letterhead,
    draft,
    file_name,
    fitting_letters,
    letter_named,
    set_letter,
)
from angerona.notices.packet_files import PAPERS
from angerona.notices.paragraphs import day
from angerona.packs.texts import SHEETS, Occasion, load_texts
from angerona.practice.absences import deputy_of, is_away
from angerona.practice.caseload import client_of, met
from angerona.practice.colleagues import colleagues
from angerona.practice.court_orders import COURT, JUDGED
from angerona.practice.legal_holds import PROCESS
from angerona.practice.members import OFFICER
from angerona.practice.narrowing import narrow, narrower
from angerona.practice.preparing import WISHED, may_wish, wished
from angerona.practice.requests import (
    ANSWERS,
    NewRequest,
    answer_without,
    inbox,
    is_about,
    may_be_told,
    pass_on,
    request,
    says_who,
    take_down,
)
from angerona.practice.speaking import Asked, asked_in, proposed, told
from angerona.practice.zones import FIRST, read_moment
from angerona.sealed.compartments import COMPARTMENT_OF, EVENTS
from angerona.web.choices import Fixed, capital
from angerona.web.records import head_of
from angerona.web.speaking import home_of, said_of
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
from angerona.words import CLASSES, INSTRUMENTS, PURPOSES, RECIPIENTS

if TYPE_CHECKING:
    from angerona.packs.texts import Text
    from angerona.practice.matters import Matter
    from angerona.practice.narrowing import Narrower
    from angerona.web.turn import Form, Result

OUTSIDE: Final = Fixed({name: says for name, says in RECIPIENTS.items() if name != "workforce"})
ON: Final = Fixed(INSTRUMENTS)
FOR: Final = Fixed(PURPOSES)
ASKED_FOR: Final = {name: says for name, says in CLASSES.items() if COMPARTMENT_OF[name] != EVENTS}
"""The classes that somebody outside can ask for."""
LETTERS: Final = ("letter", "representative_refused", "order_needed", "narrowing", "call_sheet")
"""The kinds of letters and sheets for any request that is answered with little or nothing."""
OF_PROCESS: Final = (
    *("objection", "not_a_judge", "quash_sheet", "answer_later", "in_camera"),
    "door_sheet",
)
"""The kinds for papers of process alone."""
DAYS_END: Final = "23:59"
FOR_ANOTHER: Final = frozenset(
    {"representative", "parent", "guardian_ad_litem", "estate", "family", "client_attorney"}
)
"""Who may stand on file as somebody who acts in the client's place."""
MAY_TELL: Final = {"yes": True, "no": False}


def requests(turn: Turn) -> Result:
    """What is open, what is due first at the top."""
    rows = [_row(one) for one in inbox(turn.visit)]
    return Page("requests.html", {"requests": rows, "head": None})


def of_client(turn: Turn) -> Result:
    """What is open about one client."""
    head = head_of(turn)
    rows = [_row(one) for one in inbox(turn.visit, client_id=head.client_id)]
    return Page("requests.html", {"requests": rows, "head": head})


def new(turn: Turn, problem: BadInput | None = None) -> Page:
    """The form by which a request is taken down."""
    form, client_id = turn.form, _client_given(turn)
    says = {
        "client": met(turn.visit, client_id) if client_id else None,
        "outside": OUTSIDE,
        "on": ON,
        "purposes": FOR,
        "classes": ASKED_FOR,
        "people": [(one.person_id.hex(), one.row.name) for one in colleagues(turn.visit)],
        "me": turn.person.person_id.hex(),
        "typed": form,
        "now": turn.local.strftime("%Y-%m-%dT%H:%M"),
        "problem": problem,
    }
    return Page("request_new.html", says, 422 if problem else 200)


def take(turn: Turn) -> Result:
    """Take a request down. Whom nobody here is known by, it is about nobody yet."""
    form = turn.form
    client_id = _client_given(turn) or _found(turn, form.text("about"))
    handler = form.text("handler")
    matter_id = take_down(
        turn.door,
        turn.visit,
        NewRequest(
            asked=_asked(turn, form),
            client_id=client_id,
            handler_id=read_id(handler) if handler else None,
            may_tell=MAY_TELL.get(form.text("may_tell")),
        ),
    )
    return Moved(f"/requests/{matter_id.hex()}", done="taken-down")


def one(turn: Turn, problem: BadInput | None = None) -> Page:
    """A request: what is asked, what decides next, what the rules say, and the ways to answer."""
    matter = request(turn.visit, turn.id_of("matter"))
    says = {
        **said_of(turn, matter),
        "matter": matter,
        "home": home_of(matter),
        "people": [(one.person_id.hex(), one.row.name) for one in colleagues(turn.visit)],
        "letters": _letters(turn, matter),
        "is_paper": asked_in(matter).instrument in PROCESS,
        "is_judged": asked_in(matter).instrument in JUDGED,
        "handler": _handler(turn, matter),
        "narrower": _narrower(turn, matter),
        "may_wish": _may_wish(turn, matter),
        "wished": asked_in(matter).moments.get(WISHED),
        "now": turn.local.strftime("%Y-%m-%dT%H:%M"),
        "endings": ENDINGS,
        **_on_file(turn, matter),
        "typed": turn.form,
        "problem": problem,
    }
    return Page("request.html", says, 422 if problem else 200)


def about(turn: Turn) -> Result:
    """Say whose record it is about."""
    matter = request(turn.visit, turn.id_of("matter"))
    try:
        client_id = client_of(turn.visit, turn.form.text("client"))
    except Unknown:
        allowed = "the name or id of somebody you may be spoken to about"
        raise BadInput("whose record", "is nobody's here", allowed) from None
    now = is_about(turn.door, turn.visit, matter, client_id)
    return Moved(home_of(now), done="moved" if matter.client_id not in {None, client_id} else "")


def who_asks(turn: Turn) -> Result:
    """Say who of those on file asks; nobody of them, where nothing is chosen."""
    matter, form = request(turn.visit, turn.id_of("matter")), turn.form
    asker, party = form.text("asker"), form.text("party")
    says_who(
        *(turn.door, turn.visit, matter),
        asker=read_id(asker) if asker else None,
        party=read_id(party) if party else None,
    )
    return Moved(home_of(matter))


def _on_file(turn: Turn, matter: Matter) -> dict[str, list[tuple[str, str]]]:
    """Who may act in the client's place, and the parties of a joint record, for whoever treats."""
    found: dict[str, list[tuple[str, str]]] = {"askers": [], "parties": []}
    if matter.client_id is None or not _may_know(turn, matter.client_id):
        return found
    client = turn.door.vault.authority(matter.client_id).client
    if asked_in(matter).to in FOR_ANOTHER:
        known = client.standing.representatives.items()
        found["askers"] = [(one.hex(), who.name) for one, who in known]
    found["parties"] = [(one.client_id.hex(), one.known_as) for one in client.parties]
    return found


def _narrower(turn: Turn, matter: Matter) -> Narrower | None:
    """The narrowed answer, for who may learn of which kinds something stands in a record."""
    return narrower(turn.door, turn.visit, matter) if READS & faces_of(turn.person) else None


def _may_wish(turn: Turn, matter: Matter) -> str:
    return may_wish(told(turn.door, turn.visit, matter).answer) if matter.client_id else ""


def _may_know(turn: Turn, client_id: bytes) -> bool:
    """Whether this person may see who stands for a client: whoever treats, and the officer."""
    authority = turn.door.vault.authority(client_id)
    tied = authority.relations(turn.visit.unlocked.person_id, turn.at)
    return "treating" in tied or OFFICER in turn.person.row.posts


def narrowed(turn: Turn) -> Result:
    """Answer with what may go of what was asked for: to be looked at last, and handed over."""
    matter = narrow(turn.door, turn.visit, request(turn.visit, turn.id_of("matter")))
    return Moved(f"/matters/{matter.matter_id.hex()}/leaves", done="narrower")


def wishes_first(turn: Turn) -> Result:
    """Write down when the client asked to read it first: the time runs from then."""
    matter = request(turn.visit, turn.id_of("matter"))
    at = read_moment("when", turn.form.text("wished"), turn.zone, which=FIRST)
    return Moved(home_of(wished(turn.visit, matter, at)), done="wished-first")


def hand_on(turn: Turn) -> Result:
    """Let a colleague see to it."""
    matter = request(turn.visit, turn.id_of("matter"))
    pass_on(turn.visit, matter, read_id(turn.form.text("handler")))
    return Moved("/requests", done="passed-on")


def tell(turn: Turn) -> Result:
    """Nothing forbids telling: from here on the client sees it."""
    matter = request(turn.visit, turn.id_of("matter"))
    return Moved(home_of(may_be_told(turn.visit, matter)))


def letter(turn: Turn, problem: BadInput | None = None) -> Page:
    """A letter with its blanks to fill, and its words, to be read and changed before it goes."""
    matter = request(turn.visit, turn.id_of("matter"))
    found = _letter(turn, matter)
    values = {one.name: turn.form.text(f"blank:{one.name}") for one in found.blanks}
    filled = draft(
        found, {**_values(turn, matter, found), **{k: v for k, v in values.items() if v}}
    )
    says = {
        "matter": matter,
        "home": home_of(matter),
        "asked": asked_in(matter),
        "letter": found,
        "open": filled.open,
        "text": turn.form.text("text") if problem else filled.text,
        "values": values,
        "endings": {} if found.kind in {*SHEETS, "answer_later", "narrowing"} else ENDINGS,
        "usual": _usual(found),
        "papers": PAPERS,
        "problem": problem,
    }
    return Page("request_letter.html", says, 422 if problem else 200)


def fill(turn: Turn) -> Result:
    """Fill the blanks, or set the letter as it was read."""
    if turn.form.text("act") == "fill":
        return letter(turn)
    matter = request(turn.visit, turn.id_of("matter"))
    found = _letter(turn, matter)
    asked, form = asked_in(matter), turn.form
    head = Letterhead(
        practice=turn.door.vault.practice().row.name,
        to="\n".join(one for one in (asked.name, asked.reach) if one),
        reference=asked.reference,
    )
    paper = form.choice("paper", PAPERS, default="a4")
    pdf = set_letter(found, form.text("text"), head=head, at=turn.local, paper=paper)
    return Download(file_name(found), "application/pdf", pdf)


def end(turn: Turn) -> Result:
    """End a request with nothing leaving."""
    matter = request(turn.visit, turn.id_of("matter"))
    answer = turn.form.choice("answer", ANSWERS)
    answer_without(turn.visit, matter, answer, how=turn.form.text("how"))
    return Moved("/requests", done="answered-request")


ENDINGS: Final = {
    "refused": "Refused: neither yes nor no was said",
    "objected": "An objection has gone out",
    "order_needed": "Answered that an order is needed",
    "withdrawn": "Withdrawn by whoever asked",
    "elsewhere": "Answered in another way",
}
_USUAL: Final = {"objection": "objected", "order_needed": "order_needed", "not_a_judge": "objected"}


def _usual(found: Text) -> str:
    return _USUAL.get(found.kind, "refused")


def _handler(turn: Turn, matter: Matter) -> str:
    """Who sees to it; where that one is away, who stands in."""
    vault, handler_id = turn.door.vault, matter.handler_id
    name = vault.person(handler_id).row.name
    if not is_away(vault, handler_id, turn.at):
        return name
    deputy = deputy_of(vault, handler_id, turn.at)
    if deputy is None:
        return f"{name}, who is away, and nobody stands in: pass it on now"
    return f"{name}, who is away: {deputy.row.name} stands in"


def _row(matter: Matter) -> tuple[Matter, Asked]:
    return matter, asked_in(matter)


def _client_given(turn: Turn) -> bytes | None:
    given = turn.form.text("client") or turn.asked.get("client", "")
    return read_id(given) if given else None


def _found(turn: Turn, name: str) -> bytes | None:
    """Whom a name is known by; nobody is no mistake, and looks like somebody out of reach."""
    if not name:
        return None
    try:
        return client_of(turn.visit, name)
    except (Unknown, BadInput):
        return None


def _asked(turn: Turn, form: Form) -> Asked:
    wants = [name for name in ASKED_FOR if name in form.several("wants")]
    since, until = form.text("since"), form.text("until")
    if bool(since) != bool(until):
        raise BadInput("days", "are half said", "the first day and the last, or neither")
    return Asked(
        to=form.choice("to", OUTSIDE, says="what they are"),
        purpose=form.choice("purpose", FOR, says="what for, as they say"),
        instrument=form.choice("instrument", ON, says="on what"),
        received=read_moment("received", form.text("received"), turn.zone, which=FIRST),
        wants=tuple(wants),
        answer_by=read_due(form, turn.zone),
        between=(_day(since), _day(until)) if since and until else None,
        name=form.text("name"),
        reach=form.text("reach"),
        reference=form.text("reference"),
        about=form.text("about"),
    )


def _day(given: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(given)
    except ValueError:
        raise BadInput("days", "are none", "days as 2026-03-01") from None


def read_due(form: Form, zone: datetime.tzinfo) -> datetime.datetime | None:
    """The day and hour by which an answer is due; the end of the day where no hour is named."""
    day, hour = form.text("answer_by"), form.text("answer_hour") or DAYS_END
    if not day:
        return None
    return read_moment("answer by", f"{_day(day).isoformat()}T{hour}", zone, which=FIRST)


def _letters(turn: Turn, matter: Matter) -> list[Text]:
    """The letters that fit; without a client, those that fit any outcome but yes."""
    asked = asked_in(matter)
    kinds = (*LETTERS, *(OF_PROCESS if asked.instrument in PROCESS else ()))
    outcome = told(turn.door, turn.visit, matter).answer.outcome if matter.client_id else "deny"
    occasion = Occasion(
        packs=turn.door.vault.practice().row.packs,
        outcome=outcome,
        to=asked.to,
        purpose=asked.purpose,
        instrument=asked.instrument,
    )
    texts = load_texts()
    return [found for kind in kinds for found in fitting_letters(texts, kind, occasion)[:1]]


def _letter(turn: Turn, matter: Matter) -> Text:
    found = letter_named(load_texts(), turn.given["letter"])
    if found not in _letters(turn, matter):
        raise Unknown
    return found


def _values(turn: Turn, matter: Matter, found: Text) -> dict[str, str]:
    """What the matter knows of what a letter leaves blank."""
    asked, goes = asked_in(matter), None
    if found.kind == "in_camera" and matter.client_id:
        with contextlib.suppress(BadInput):  # what goes was not chosen yet
            goes = proposed(turn.door, turn.visit, matter)
    known = {
        "sender": turn.person.row.name,
        "court": asked.name if asked.to == COURT else "",
        "case": asked.reference,
        "how many pieces": str(len(goes.going)) if isinstance(goes, Proposed) else "",
        "reference": asked.reference,
        "paper": capital(INSTRUMENTS[asked.instrument]),
        "answer by": day(matter.due.astimezone(turn.zone)) if matter.due else "",
        "purpose": PURPOSES[asked.purpose],
    }
    if found.kind == "narrowing" and (less := _narrower(turn, matter)):
        known["what is asked"] = f"{_kinds(less.asked) or 'everything there is'}{_days_of(less)}"
        known["narrower"] = f"{_kinds(less.goes)}{_days_of(less)}"
    names = {one.name for one in found.blanks}
    return {name: value for name, value in known.items() if name in names and value}


def _kinds(names: tuple[str, ...]) -> str:
    return ", ".join(CLASSES[one] for one in names)


def _days_of(less: Narrower) -> str:
    return f", from {day(less.between[0])} to {day(less.between[1])}" if less.between else ""


ROUTES: Final = (
    Route(method="GET", path="/requests", do=requests, face=MEMBER),
    Route(method="GET", path="/requests/new", do=new, face=MEMBER),
    Route(method="POST", path="/requests/new", do=take, face=MEMBER, again=new),
    Route(method="GET", path="/requests/{matter}", do=one, face=MEMBER),
    Route(method="POST", path="/requests/{matter}/about", do=about, face=MEMBER, again=one),
    Route(method="POST", path="/requests/{matter}/who-asks", do=who_asks, face=MEMBER, again=one),
    Route(method="POST", path="/requests/{matter}/narrow", do=narrowed, face=MEMBER, again=one),
    Route(method="POST", path="/requests/{matter}/wished", do=wishes_first, face=MEMBER, again=one),
    Route(method="POST", path="/requests/{matter}/pass-on", do=hand_on, face=MEMBER, again=one),
    Route(method="POST", path="/requests/{matter}/tell", do=tell, face=MEMBER),
    Route(method="POST", path="/requests/{matter}/end", do=end, face=MEMBER, again=one),
    Route(method="GET", path="/requests/{matter}/letters/{letter}", do=letter, face=MEMBER),
    Route(
        method="POST",
        path="/requests/{matter}/letters/{letter}",
        do=fill,
        face=MEMBER,
        again=letter,
    ),
    Route(method="GET", path="/clients/{client}/requests", do=of_client, face=MEMBER),
)
