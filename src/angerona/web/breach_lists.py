"""Whom an incident may concern: where to look, how far it is, the list; and a notice for each."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Final

from angerona.errors import BadInput
from angerona.practice.breach_clocks import CLIENT, notifications
from angerona.practice.breach_letters import (
    answer_untold,
    filled,
    hold_notice,
    issue,
    letter_of,
    letter_pdf,
    letter_to,
    propose_untold,
    sent,
    to_send,
    untold,
    write,
)
from angerona.practice.breach_scopes import KEYS, PLACES, Place, members, sessions_of
from angerona.practice.breach_searches import (
    go_on,
    keep,
    leave_out,
    listed,
    listed_csv,
    places_of,
    search,
    search_of,
    what_of,
)
from angerona.practice.breaches import incident
from angerona.practice.caseload import known_to
from angerona.practice.matters import SECOND
from angerona.practice.notices import WAYS
from angerona.practice.zones import read_moment
from angerona.web.breaches import left_of
from angerona.web.people import last_day
from angerona.web.turn import MEMBER, Download, Moved, Page, Route, Turn, read_id

if TYPE_CHECKING:
    from collections.abc import Callable

    from angerona.practice.breach_clocks import Notification
    from angerona.practice.caseload import Known
    from angerona.practice.matters import Matter
    from angerona.web.turn import Result

_LETTER: Final = "letter.pdf"
_FIELDS: Final = ("by", "person", "client", "packet", "keys", "since", "until", "session")


def where(turn: Turn, problem: BadInput | None = None) -> Page:
    """Where it was looked already, and the form for one more place."""
    matter, form, visit = _matter(turn), turn.form, turn.visit
    people = {one.hex(): name for one, name in members(visit)}
    typed = {name: form.text(name) for name in _FIELDS}
    begun = matter.content["happened"] or matter.content["discovered"]
    start = datetime.datetime.fromisoformat(begun).astimezone(turn.zone)
    whose = typed["person"] or turn.asked.get("person", "")
    sessions = sessions_of(visit, read_id(whose)) if whose in people else []
    says = {
        "matter": matter,
        "places": list(enumerate(places_of(matter))),
        "said": PLACES,
        "keys": KEYS,
        "people": people,
        "clients": {one.client_id.hex(): one.name for one in _clients(turn)},
        "typed": {
            **typed,
            "person": whose,
            "since": typed["since"] or f"{start:%Y-%m-%dT%H:%M}",
            "until": typed["until"] or f"{turn.local:%Y-%m-%dT%H:%M}",
        },
        "sessions": {f"{one.isoformat()}/{end.isoformat()}": (one, end) for one, end in sessions},
        "problem": problem,
    }
    return Page("incident_where.html", says, 422 if problem else 200)


def _clients(turn: Turn) -> list[Known]:
    return sorted(known_to(turn.visit), key=lambda one: (one.name.casefold(), one.client_id))


def look(turn: Turn) -> Result:
    """Look in one more place, or in those there are once more."""
    matter, form = _matter(turn), turn.form
    act = form.choice("act", ("add", "again", "leave-out"), default="add")
    if act == "leave-out":
        number = form.text("number")
        place = int(number) if number.isascii() and number.isdigit() else -1
        leave_out(turn.visit, turn.door.packs, matter, place, why=form.text("why"))
        return Moved(f"{_at(matter)}/where", done="left-out")
    search(turn.visit, matter, _place(turn) if act == "add" else None)
    return _slice(turn, matter)


def _place(turn: Turn) -> Place:
    form = turn.form
    by = form.choice("by", PLACES, says="what to look for")
    since, until = _moments(turn, by)
    return Place(
        by=by,
        since=since,
        until=until,
        person=form.text("person") if by in {"person", "session", "stolen"} else "",
        client=form.text("client") if by == "client" else "",
        packet=form.text("packet") if by == "packet" else "",
        keys=form.choice("keys", KEYS) if by == "stolen" else "",
    )


def _moments(turn: Turn, by: str) -> tuple[datetime.datetime, datetime.datetime]:
    form = turn.form
    if by == "session":
        first, _, last = form.text("session").partition("/")
        try:
            return datetime.datetime.fromisoformat(first), datetime.datetime.fromisoformat(last)
        except ValueError:
            raise BadInput("session", "is not chosen", "one of the member's sessions") from None
    since = read_moment("from", form.text("since"), turn.zone)
    until = read_moment("until", form.text("until"), turn.zone)
    return since, min(until, turn.at) if until - turn.at < datetime.timedelta(minutes=1) else until


def progress(turn: Turn, problem: BadInput | None = None) -> Result:
    """How far the looking is."""
    matter = _matter(turn)
    held = search_of(turn.visit, matter)
    if held is None:
        return Moved(f"{_at(matter)}/where")
    if held.is_over:
        return Moved(f"{_at(matter)}/list")
    says = {
        "matter": matter,
        "gone_through": held.done,
        "total": held.total,
        "what": "lines and clients are looked through",
        "found": len(held.rows),
        "problem": problem,
    }
    return Page("incident_progress.html", says, 422 if problem else 200)


def next_slice(turn: Turn) -> Result:
    """Look through the next part."""
    return _slice(turn, _matter(turn))


def _slice(turn: Turn, matter: Matter) -> Moved:
    if go_on(turn.visit, matter).is_over:
        keep(turn.visit, turn.door.packs, matter)
        return Moved(f"{_at(matter)}/list", done="looked")
    return Moved(f"{_at(matter)}/where/now")


def people(turn: Turn, problem: BadInput | None = None) -> Page:
    """The list: by name as far as one may know it, and how many others."""
    matter = _matter(turn)
    held = search_of(turn.visit, matter)
    is_whole = held is not None and held.is_over
    seen, others = listed(turn.visit, matter) if is_whole else ([], 0)
    says = {
        "matter": matter,
        "is_whole": is_whole,
        "found": matter.content["found"],
        "seen": [(one, what_of(one.row)) for one in seen],
        "others": others,
        "held": matter.content["held"],
        "tells": _client_tells(turn, matter),
        "typed": turn.form,
        "problem": problem,
    }
    return Page("incident_list.html", says, 422 if problem else 200)


def _client_tells(turn: Turn, matter: Matter) -> list[Notification]:
    every = notifications(turn.door.vault, turn.door.packs, matter.content)
    return [one for one in every if one.to == CLIENT]


def people_taken(turn: Turn) -> Result:
    """The list as a file."""
    seen, others = listed(turn.visit, _matter(turn))
    data = listed_csv(seen, others, turn.zone)
    return Download("list.csv", "text/csv; charset=utf-8", data)


def held_back(turn: Turn) -> Result:
    """Let one client's notice wait."""
    matter, form = _matter(turn), turn.form
    until = last_day(form.text("until"), turn.zone)
    if until is None:
        raise BadInput("until", "is no day", "a day such as 2026-03-31")
    packs, client = turn.door.packs, read_id(form.text("client"))
    hold_notice(turn.visit, packs, matter, client, until, why=form.text("why"))
    return Moved(f"{_at(matter)}/list", done="held")


def letters(turn: Turn, problem: BadInput | None = None) -> Page:
    """What all letters say, blank by blank; and the letter to an authority or to the media."""
    matter, visit, packs = _matter(turn), turn.visit, turn.door.packs
    tells = notifications(turn.door.vault, packs, matter.content)
    kinds = list(dict.fromkeys(one.to for one in tells)) or [CLIENT]
    made = [(to, *filled(visit, packs, matter, to)) for to in kinds]
    blanks = {blank.name: blank for _, letter, _ in made for blank in letter.blanks}
    kept = matter.content.get("letter", {})
    form = turn.form
    rules = [one.telling.rule for one in tells]
    says = {
        "matter": matter,
        "blanks": [
            (one, form.text(f"blank:{name}") if problem else kept.get(name, ""))
            for name, one in blanks.items()
        ],
        "letters": [one for one in made if one[0] != CLIENT],
        "demands": list(dict.fromkeys(demand for rule in rules for demand in rule.contents)),
        "problem": problem,
    }
    return Page("incident_letters.html", says, 422 if problem else 200)


def letters_written(turn: Turn) -> Result:
    """Keep what all letters say."""
    matter, form = _matter(turn), turn.form
    values = {
        name.removeprefix("blank:"): form.text(name)
        for name in form.fields
        if name.startswith("blank:")
    }
    write(turn.visit, turn.door.packs, matter, values)
    return Moved(f"{_at(matter)}/letters", done="written")


def letter_printed(turn: Turn) -> Result:
    """A letter to an authority or to the media as it was edited, as a PDF."""
    _matter(turn)
    form = turn.form
    letter = letter_to(turn.visit, turn.door.packs, form.text("to"))
    data = letter_pdf(turn.visit, letter, form.text("text"), to=form.text("address"))
    return Download(_LETTER, "application/pdf", data)


def given_out(turn: Turn, problem: BadInput | None = None) -> Page:
    """The notices of an incident that are still to go, and how far the giving out is."""
    matter = _matter(turn)
    held = search_of(turn.visit, matter)
    says = {
        "matter": matter,
        "notices": [
            (one, left_of(turn, one.duty.row.due)) for one in to_send(turn.visit, matter.matter_id)
        ],
        "issued": matter.content["issued"],
        "untold": untold(turn.visit, matter),
        "has_second": bool(matter.content[SECOND]),
        "me": turn.person.person_id.hex(),
        "gone_through": held.issued if held else 0,
        "total": len(held.rows) if held else 0,
        "problem": problem,
    }
    return Page("incident_notices.html", says, 422 if problem else 200)


def give_out(turn: Turn) -> Result:
    """Give the next part of the clients a notice of their own."""
    matter = _matter(turn)
    done, total = issue(turn.visit, turn.door.packs, matter)
    return Moved(f"{_at(matter)}/notices", done="given-out" if done >= total else "")


def untold_proposed(turn: Turn) -> Result:
    """Write down why one client need not be told."""
    matter, form = _matter(turn), turn.form
    propose_untold(
        turn.visit,
        turn.door.packs,
        matter,
        read_id(form.text("notice")),
        why=form.text("why"),
        consultant=form.text("consultant"),
    )
    return Moved(f"{_at(matter)}/notices", done="proposed")


def untold_answered(turn: Turn) -> Result:
    """Agree as the second person that one client is not told, or object."""
    matter, form = _matter(turn), turn.form
    agrees = form.choice("agrees", ("yes", "no")) == "yes"
    notice_id, packs = read_id(form.text("notice")), turn.door.packs
    answer_untold(turn.visit, packs, matter, notice_id, agrees=agrees, why=form.text("why"))
    return Moved(f"{_at(matter)}/notices", done="second-said")


def notice(turn: Turn, problem: BadInput | None = None) -> Page:
    """One client's letter, to be read and edited, and how he or she may be reached."""
    found = letter_of(turn.visit, turn.id_of("notice"))
    form = turn.form
    says = {
        "letter": found,
        "text": form.text("text") if problem else found.filled.text,
        "way": form.text("way"),
        "ways": WAYS,
        "never_read": form.text("never_read") == "yes",
        "waits": _waits(turn, found.owing.duty.row.held_until),
        "problem": problem,
    }
    return Page("incident_notice.html", says, 422 if problem else 200)


def _waits(turn: Turn, until: datetime.datetime | None) -> datetime.datetime | None:
    return until if until is not None and until > turn.at else None


def notice_sent(turn: Turn) -> Result:
    """Keep the letter as it went, and note by which way."""
    form = turn.form
    sent(
        turn.door,
        turn.visit,
        turn.id_of("notice"),
        form.text("way"),
        text=form.text("text"),
        never_read=form.text("never_read") == "yes",
    )
    return Moved("/incidents", done="client-told")


def notice_printed(turn: Turn) -> Result:
    """One client's letter as it was edited, as a PDF."""
    found = letter_of(turn.visit, turn.id_of("notice"))
    data = letter_pdf(turn.visit, found.letter, turn.form.text("text"))
    return Download(_LETTER, "application/pdf", data)


def _matter(turn: Turn) -> Matter:
    return incident(turn.visit, turn.id_of("incident"))


def _at(matter: Matter) -> str:
    return f"/incidents/{matter.matter_id.hex()}"


def _get(path: str, do: Callable[[Turn], Result]) -> Route:
    return Route(method="GET", path=path, do=do, face=MEMBER)


def _post(
    path: str,
    do: Callable[[Turn], Result],
    again: Callable[[Turn, BadInput], Result],
    *,
    step_up: bool = False,
) -> Route:
    return Route(method="POST", path=path, do=do, face=MEMBER, again=again, step_up=step_up)


_ONE: Final = "/incidents/{incident}"
ROUTES: Final = (
    _get(f"{_ONE}/where", where),
    _post(f"{_ONE}/where", look, where),
    _get(f"{_ONE}/where/now", progress),
    _post(f"{_ONE}/where/now", next_slice, progress),
    _get(f"{_ONE}/list", people),
    _post(f"{_ONE}/list", people_taken, people, step_up=True),
    _post(f"{_ONE}/list/wait", held_back, people),
    _get(f"{_ONE}/letters", letters),
    _post(f"{_ONE}/letters", letters_written, letters),
    _post(f"{_ONE}/letters/paper", letter_printed, letters),
    _get(f"{_ONE}/notices", given_out),
    _post(f"{_ONE}/notices", give_out, given_out),
    _post(f"{_ONE}/notices/not-told", untold_proposed, given_out),
    _post(f"{_ONE}/notices/not-told/answer", untold_answered, given_out, step_up=True),
    _get("/incident-notices/{notice}", notice),
    _post("/incident-notices/{notice}", notice_sent, notice),
    _post("/incident-notices/{notice}/paper", notice_printed, notice),
)
