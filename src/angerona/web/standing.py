"""How a client stands: age, maturity, who may act in the client's place, death. Seen by few."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from angerona.errors import BadInput
from angerona.gate.gathering import Wish, gather
from angerona.practice.answers import Told, headline
from angerona.practice.deaths import goes_on, record_death, take_back_death
from angerona.practice.maturity import CARES, find_mature, set_born
from angerona.practice.representatives import (
    NewRepresentative,
    ages_of,
    check_again,
    end_representative,
    enter_representative,
    freeze,
    representatives_in,
    standing_of,
    thaw,
)
from angerona.sealed.standing import ASKS_AS, POWERS, STANDINGS
from angerona.web.choices import Fixed
from angerona.web.records import head_of
from angerona.web.turn import MEMBER, Moved, Page, Route, Turn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from angerona.practice.representatives import Stands
    from angerona.rules.answer import Answer
    from angerona.sealed.standing import Changed, Standing
    from angerona.web.turn import Form, Result

SAID: Final = Fixed({"": "not asked yet", "yes": "yes", "no": "no"})
ACTS: Final = ("checked", "ended", "frozen", "thawed")
_TYPED: Final = (
    *("born", "name", "standing", "paper", "since", "until", "review"),
    *("care", "mature", "own_consent", "why", "day", "source"),
)
_SAYS: Final = {"yes": True, "no": False, "": None}
_SEEN: Final[Mapping[str, bool | int | str]] = {"recipient.identity_verified": True}
_PAPER: Final[Mapping[str, bool | int | str]] = {**_SEEN, "recipient.has_legal_authority": True}


@dataclass(frozen=True, slots=True)
class Asking:
    """Somebody who may ask for the record, and what the rules would answer today."""

    who: str
    says: str
    because: tuple[str, ...]


def standing(turn: Turn, problem: BadInput | None = None) -> Page:
    """What is on file, what the law answers to whoever asks, and the forms that change it."""
    head = head_of(turn)
    found, form = standing_of(turn.visit, head.client_id), turn.form
    may = "treating" in head.relations or "privacy_officer" in turn.person.row.posts
    people = representatives_in(found, turn.visit, turn.door.packs)
    says = {
        "head": head,
        "found": found,
        "age": found.age_on(turn.local.date()),
        "people": people,
        "ages": [(one, found.birthday(one)) for one in ages_of(turn.door.vault, turn.door.packs)],
        "asking": list(_asking(turn, head.client_id, found, people)),
        "goes_on": goes_on(turn.door.vault, turn.door.packs) if found.death else [],
        "who": {one.by: turn.door.vault.person(one.by).row.name for one in _changes(found)},
        "standings": STANDINGS,
        "powers": POWERS,
        "cares": CARES,
        "said": SAID,
        "typed": {name: form.text(name) for name in _TYPED},
        "ticked": form.several("powers"),
        "today": turn.local.date().isoformat(),
        "may": may,
        "treats": "treating" in head.relations,
        "problem": problem,
    }
    return Page("standing.html", says, 422 if problem else 200)


def born(turn: Turn) -> Result:
    """Put the day of birth on file; an empty one takes it off."""
    head = head_of(turn)
    set_born(turn.visit, head.client_id, _day(turn.form, "born"))
    return _done(head.client_id)


def maturity(turn: Turn) -> Result:
    """Keep what was found for one kind of care."""
    head, form = head_of(turn), turn.form
    find_mature(
        turn.visit,
        head.client_id,
        form.choice("care", CARES),
        mature=_SAYS[form.choice("mature", SAID)],
        own_consent=_SAYS[form.choice("own_consent", SAID)],
        why=form.text("why"),
    )
    return _done(head.client_id)


def enter(turn: Turn) -> Result:
    """Put somebody on file who stands for the client."""
    head, form = head_of(turn), turn.form
    new = NewRepresentative(
        name=form.text("name"),
        standing=form.choice("standing", STANDINGS),
        paper=form.text("paper"),
        powers=form.several("powers"),
        since=_day(form, "since") or turn.local.date(),
        until=_day(form, "until"),
        review=_day(form, "review"),
    )
    enter_representative(turn.visit, head.client_id, new)
    return _done(head.client_id)


def change(turn: Turn) -> Result:
    """Look at a paper again, end a standing, set somebody aside in silence, or let stand again."""
    head, form, one = head_of(turn), turn.form, turn.id_of("representative")
    match form.choice("act", ACTS):
        case "checked":
            check_again(turn.visit, head.client_id, one, review=_day(form, "review"))
        case "ended":
            end_representative(turn.visit, head.client_id, one)
        case "frozen":
            freeze(turn.visit, head.client_id, one, form.text("reason"))
        case _:
            thaw(turn.visit, head.client_id, one, form.text("reason"))
    return _done(head.client_id)


def death(turn: Turn) -> Result:
    """Put a death on file, or take it back."""
    head, form = head_of(turn), turn.form
    if form.choice("act", ("died", "lives")) == "lives":
        take_back_death(turn.visit, head.client_id)
        return _done(head.client_id, "lives")
    record_death(turn.visit, head.client_id, day=_day(form, "day"), source=form.text("source"))
    return _done(head.client_id, "death")


def _changes(found: Standing) -> Iterator[Changed]:
    for row in found.representatives.values():
        yield from (row.checked, *row.log)
    yield from (one.found for one in found.maturity.values())


def _asking(
    turn: Turn, client_id: bytes, found: Standing, people: list[Stands]
) -> Iterator[Asking]:
    """Who may come and ask for the record, with the answer; nothing is opened for it."""
    for one in people:
        to = min(ASKS_AS[one.row.standing])
        wish = _wish(to, facts=_SEEN, asker=one.representative_id)
        yield _asked(turn, client_id, f"{one.row.name}, {STANDINGS[one.row.standing]}", wish)
    if found.death is not None:
        yield _asked(turn, client_id, "A personal representative with papers", _wish("estate"))
        coroner = _wish("coroner", purpose="death_inquiry", instrument="statutory_demand")
        yield _asked(
            turn, client_id, "A coroner or medical examiner, with authority shown", coroner
        )
        yield _asked(turn, client_id, "A relative", _wish("family", facts=_SEEN))
        return
    age = found.age_on(turn.local.date())
    if age is None or age < ages_of(turn.door.vault, turn.door.packs)[-1]:
        yield _asked(turn, client_id, "A parent with papers", _wish("parent"))
    yield _asked(turn, client_id, "Somebody with a power of attorney", _wish("representative"))


def _wish(
    to: str,
    *,
    purpose: str = "client_request",
    instrument: str = "written_request",
    facts: Mapping[str, bool | int | str] = _PAPER,
    asker: bytes | None = None,
) -> Wish:
    return Wish(
        wants=("progress_note",),
        to=to,
        purpose=purpose,
        instrument=instrument,
        facts=facts,
        asker=asker,
    )


def _asked(turn: Turn, client_id: bytes, who: str, wish: Wish) -> Asking:
    answer: Answer = turn.door.preview(turn.visit, client_id, wish).answer
    gathered = gather(turn.visit, turn.door.packs, client_id, wish)
    says = headline(Told(gathered.ask, answer, turn.door.packs))
    return Asking(who, says, answer.because)


def _done(client_id: bytes, done: str = "standing") -> Moved:
    return Moved(f"/clients/{client_id.hex()}/standing", done=done)


def _day(form: Form, name: str) -> datetime.date | None:
    given = form.text(name)
    if not given:
        return None
    try:
        return datetime.date.fromisoformat(given)
    except ValueError:
        raise BadInput(name, "is no day", "a day such as 2026-03-31, or none") from None


def _route(behind: str, do: Callable[[Turn], Result], *, step_up: bool = False) -> Route:
    path = f"/clients/{{client}}/standing{behind}"
    return Route(method="POST", path=path, do=do, face=MEMBER, again=standing, step_up=step_up)


ROUTES: Final = (
    Route(method="GET", path="/clients/{client}/standing", do=standing, face=MEMBER),
    _route("/born", born),
    _route("/maturity", maturity),
    _route("/representatives", enter, step_up=True),
    _route("/representatives/{representative}", change, step_up=True),
    _route("/death", death, step_up=True),
)
