"""What stands of a client's care: safety plan, diagnoses, plan, medicines, measures over time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from angerona.errors import BadInput, Unknown
from angerona.gate.gathering import Wish
from angerona.gate.results import Kept, Shown, latest
from angerona.notices.measures import measures
from angerona.notices.structured import (
    GOAL_STANDINGS,
    STANDINGS,
    STEPS,
    SYSTEMS,
    Diagnoses,
    Medicines,
    Plan,
    SafetyPlan,
)
from angerona.practice.care import CARE, CLASS_OF, HEADING_OF, care_of, keep_form
from angerona.practice.diagnosis_codes import icd10cm
from angerona.web.answers import answered, stated
from angerona.web.care_forms import BLANK_ROWS, EMPTY, READERS, read_measured
from angerona.web.charts import HEIGHT, WIDTH, charts
from angerona.web.form_drafts import saving, with_drafts, with_typed
from angerona.web.records import head_of
from angerona.web.timeline import shut
from angerona.web.turn import Moved, Page, Route, Turn, read_id

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from angerona.notices.structured import Form
    from angerona.rules.answer import AskFirst, Refuse
    from angerona.sealed.entries import EntryPlace
    from angerona.web.records import Head
    from angerona.web.turn import Result

SHOWN: Final = (
    ("safety-plan", SafetyPlan),
    ("diagnoses", Diagnoses),
    ("plan", Plan),
    ("medicines", Medicines),
)
"""What the page shows beside the measures, in this order, by the last word of its address."""


def care(turn: Turn) -> Result:
    """Everything that stands, after one look at the classes it lies in."""
    head = head_of(turn)
    found = _looked(turn, head, CARE)
    if not isinstance(found, Shown):
        return _refused(turn, head, found, CARE)
    standing = care_of(found.entries)
    says = {
        "head": head,
        "shown": [(name, HEADING_OF[kind], standing.now.get(kind)) for name, kind in SHOWN],
        "alarm": standing.alarm,
        "charts": charts(standing.measured),
        "measures": list(measures().values()),
        "shut": shut(found.unopened),
        "width": WIDTH,
        "height": HEIGHT,
    }
    return Page("care.html", says)


def change(turn: Turn) -> Result:
    """The form over what stands now, or an empty one."""
    head, name = head_of(turn), turn.given["form"]
    if name not in READERS:
        raise Unknown
    kind, read = READERS[name]
    if "over" in turn.form.fields:  # a draft is gone on with
        return _form(head, name, read(turn.form), over=turn.form.text("over"))
    found = _looked(turn, head, {CLASS_OF[kind]})
    if not isinstance(found, Shown):
        return _refused(turn, head, found, {CLASS_OF[kind]})
    now = care_of(found.entries).now.get(kind)
    if now is None:
        return _form(head, name, EMPTY[name], over="")
    return _form(head, name, now.form, over=f"{now.place.entry_id.hex()}.{now.place.version}")


def keep_change(turn: Turn) -> Result:
    """Keep what the form says now; what comes without it answers what was asked before it."""
    head, name = head_of(turn), turn.given["form"]
    if name not in READERS:
        raise Unknown
    if "over" not in turn.form.fields:
        return with_drafts(change)(turn)
    kind, read = READERS[name]
    form = read(turn.form)
    kept = keep_form(
        turn.door, turn.visit, head.client_id, form, over=_over(turn), facts=stated(turn)
    )
    if not isinstance(kept, Kept):
        return _refused(turn, head, kept, {CLASS_OF[kind]})
    return Moved(f"/clients/{head.client_id.hex()}/care", done="kept")


def measure(turn: Turn, problem: BadInput | None = None) -> Page:
    """A measure to fill in with the client, with what was answered where something is missing."""
    head, known = head_of(turn), measures().get(turn.given["measure"])
    if known is None:
        raise Unknown
    given = {n: turn.form.text(f"answer-{n}") for n in range(1, len(known.items) + 1)}
    says = {
        "head": head,
        "measure": known,
        "given": given,
        "by": turn.form.text("by"),
        "problem": problem,
    }
    return Page("measure.html", says, 422 if problem else 200)


def keep_measure(turn: Turn) -> Result:
    """Keep the answers; whatever raises an alarm stands at the top of the page that follows."""
    head, name = head_of(turn), turn.given["measure"]
    if name not in measures():
        raise Unknown
    form = read_measured(turn.form, name)
    kept = keep_form(turn.door, turn.visit, head.client_id, form, over=None, facts=stated(turn))
    if not isinstance(kept, Kept):
        return _refused(turn, head, kept, {CLASS_OF[type(form)]})
    return Moved(f"/clients/{head.client_id.hex()}/care", done="kept")


def _looked(turn: Turn, head: Head, classes: Collection[str]) -> Shown | AskFirst | Refuse:
    def pick(rows: Sequence[EntryPlace]) -> tuple[EntryPlace, ...]:
        return tuple(one for one in latest(rows) if one.wanted in classes)

    purpose = "supervision" if head.hidden else "treatment"
    return turn.door.look(
        turn.visit, head.client_id, purpose=purpose, facts=stated(turn), pick=pick
    )


def _refused(turn: Turn, head: Head, answer: AskFirst | Refuse, classes: Collection[str]) -> Result:
    wish = Wish(wants=tuple(classes), purpose="treatment", facts=stated(turn))
    return answered(turn, head.client_id, wish, answer, head=head)


def _form(head: Head, name: str, form: Form, *, over: str, problem: BadInput | None = None) -> Page:
    says = {
        "head": head,
        "name": name,
        "called": HEADING_OF[type(form)],
        "held": form,
        "over": over,
        "blank": BLANK_ROWS,
        "steps": STEPS,
        "systems": SYSTEMS,
        "standings": STANDINGS,
        "goal_standings": GOAL_STANDINGS,
        "codes": icd10cm() if name == "diagnoses" else {},
        "problem": problem,
    }
    return Page("care_form.html", says, 422 if problem else 200)


def _again(turn: Turn, problem: BadInput) -> Page:
    head, name = head_of(turn), turn.given["form"]
    _, read = READERS[name]
    return _form(head, name, read(turn.form), over=turn.form.text("over"), problem=problem)


def _called(turn: Turn) -> str:
    """What a draft of a form or of a measure is called. Raises `Unknown` where there is none."""
    if "form" in turn.given and turn.given["form"] in READERS:
        return HEADING_OF[READERS[turn.given["form"]][0]]
    known = measures().get(turn.given.get("measure", ""))
    if known is None:
        raise Unknown
    return known.title


def _over(turn: Turn) -> tuple[bytes, int] | None:
    """From which version of which entry the form was made, if from any."""
    given = turn.form.text("over")
    if not given:
        return None
    digits, _, version = given.partition(".")
    if not (version.isascii() and version.isdigit()):
        raise Unknown
    return read_id(digits), int(version[:9])


ROUTES: Final = (
    Route(method="GET", path="/clients/{client}/care", do=care, face="clinic"),
    Route(method="POST", path="/clients/{client}/care", do=care, face="clinic"),
    Route(
        method="GET", path="/clients/{client}/care/{form}", do=with_drafts(change), face="clinic"
    ),
    Route(
        method="POST",
        path="/clients/{client}/care/{form}",
        do=saving(keep_change, _called),
        face="clinic",
        again=with_typed(_again),
    ),
    Route(
        method="GET",
        path="/clients/{client}/measures/{measure}",
        do=with_drafts(measure),
        face="clinic",
    ),
    Route(
        method="POST",
        path="/clients/{client}/measures/{measure}",
        do=saving(keep_measure, _called),
        face="clinic",
        again=with_typed(measure),
    ),
)
