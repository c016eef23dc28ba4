"""A client's forms: filled in alone, with help before the first question, and seen over time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from angerona.errors import Unknown
from angerona.gate.results import Shown
from angerona.notices.measures import measures
from angerona.practice.care import care_of
from angerona.practice.messages import leave_measure, own_measures
from angerona.rules.answer import AskFirst, Refuse
from angerona.web.care_forms import read_measured
from angerona.web.charts import HEIGHT, WIDTH, charts
from angerona.web.form_drafts import saving, with_drafts, with_typed
from angerona.web.help_lines import called, lines_of
from angerona.web.own_choices import turned_on
from angerona.web.own_messages import readers
from angerona.web.turn import Moved, Page, Route, Turn

if TYPE_CHECKING:
    from angerona.errors import BadInput
    from angerona.notices.measures import Measure
    from angerona.web.turn import Result


def listed(turn: Turn) -> Result:
    """The forms there are, and what was answered so far."""
    found = own_measures(turn.door, turn.visit)
    measured = care_of(found.entries).measured if isinstance(found, Shown) else ()
    says = {
        "measures": list(measures().values()),
        "charts": charts(measured),
        "width": WIDTH,
        "height": HEIGHT,
        "waits": isinstance(found, AskFirst | Refuse),
    }
    return Page("own_measures.html", says)


def measure(turn: Turn, problem: BadInput | None = None) -> Page:
    """A form to fill in, with what was answered where something is missing."""
    known, form = _known(turn), turn.form
    numbers = range(1, len(known.items) + 1)
    says = {
        "measure": known,
        "given": {number: form.text(f"answer-{number}") for number in numbers},
        "readers": readers(turn),
        "lines": lines_of(turn),
        "problem": problem,
    }
    return Page("own_measure.html", says, 422 if problem else 200)


def send(turn: Turn) -> Result:
    """Leave the answers; a positive one about suicide brings help at once."""
    form = read_measured(turn.form, _known(turn).name)
    form = msgspec.structs.replace(form, by="client")
    left = leave_measure(turn.door, turn.visit, form)
    if left.is_crisis:
        return called(turn, left.called)
    return Moved("/me/measures", done="sent")


def _known(turn: Turn) -> Measure:
    found = measures().get(turn.given["measure"])
    if found is None:
        raise Unknown
    return found


ROUTES: Final = (
    Route(method="GET", path="/me/measures", do=turned_on("measures", listed), face="client"),
    Route(
        method="GET",
        path="/me/measures/{measure}",
        do=turned_on("measures", with_drafts(measure)),
        face="client",
    ),
    Route(
        method="POST",
        path="/me/measures/{measure}",
        do=turned_on("measures", saving(send, lambda turn: _known(turn).title)),
        face="client",
        again=with_typed(measure),
    ),
)
