"""Letters, messages and documents of a client: what was written to and fro, and files taken in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from angerona.errors import BadInput
from angerona.gate.gathering import Wish
from angerona.gate.keeping import Draft
from angerona.gate.results import Kept, Shown, latest
from angerona.practice.clients import check_lives
from angerona.practice.documents import DOCUMENT_BYTES_MAX, TAKEN, keep_document
from angerona.practice.messages import tell_of_message
from angerona.practice.notes import writable
from angerona.web.answers import answered, as_kept, stated
from angerona.web.form_drafts import saving, with_drafts, with_typed
from angerona.web.records import head_of
from angerona.web.timeline import timeline
from angerona.web.turn import Moved, Page, Route, Turn
from angerona.words import CLASSES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from angerona.sealed.entries import EntryPlace
    from angerona.web.turn import Result

CLASS: Final = "correspondence"


def messages(turn: Turn, problem: BadInput | None = None) -> Page:
    """Everything of the class, newest first, and a box to write to the client."""
    head, form = head_of(turn), turn.form

    def pick(rows: Sequence[EntryPlace]) -> tuple[EntryPlace, ...]:
        return tuple(one for one in latest(rows) if one.wanted == CLASS)

    purpose = "supervision" if head.hidden else "treatment"
    facts = stated(turn)
    found = turn.door.look(turn.visit, head.client_id, purpose=purpose, facts=facts, pick=pick)
    if not isinstance(found, Shown):
        wish = Wish(wants=(CLASS,), purpose=purpose, facts=facts)
        return answered(turn, head.client_id, wish, found, head=head)
    authority = turn.door.vault.authority(head.client_id)
    says = {
        "head": head,
        "months": timeline(found.entries, turn.zone, newest_first=True),
        "has_way_in": authority.client.person_id is not None,
        "may_write": CLASS in writable(turn.visit, head.client_id)
        and authority.client.standing.death is None,
        "has_died": authority.client.standing.death is not None,
        "subject": form.text("subject"),
        "text": form.text("text"),
        "me": turn.person.person_id,
        "problem": problem,
    }
    return Page("messages.html", says, 422 if problem else 200)


def send(turn: Turn) -> Result:
    """Keep a message to the client: it stands on the client's own pages from now on."""
    form, head = turn.form, head_of(turn)
    if "text" not in form.fields:  # it answers what was asked before the page
        return with_drafts(messages)(turn)
    draft = Draft(
        wanted=CLASS, heading=form.text("subject"), text=form.text("text"), facts=stated(turn)
    )
    _check_writable(turn, head.client_id, CLASS)
    check_lives(turn.door.vault.authority(head.client_id))
    with tell_of_message(turn.visit, head.client_id):
        kept = turn.door.keep(turn.visit, head.client_id, draft)
    if not isinstance(kept, Kept):
        return answered(turn, head.client_id, as_kept(draft), kept, head=head)
    return Moved(f"/clients/{head.client_id.hex()}/messages", done="message")


def document(turn: Turn, problem: BadInput | None = None) -> Page:
    """The form for a file, with what was typed where something was wrong; the file is not kept."""
    head, form = head_of(turn), turn.form
    may = writable(turn.visit, head.client_id)
    says = {
        "head": head,
        "wanted": form.text("class") or CLASS,
        "heading": form.text("heading"),
        "text": form.text("text"),
        "writable": {name: CLASSES[name] for name in may},
        "taken": tuple(TAKEN.values()),
        "most": DOCUMENT_BYTES_MAX // 1_000_000,
        "problem": problem,
    }
    return Page("document.html", says, 422 if problem else 200)


def take_in(turn: Turn) -> Result:
    """Keep a file, cleaned of what it says beside its content."""
    head, form = head_of(turn), turn.form
    wanted = form.choice("class", CLASSES)
    _check_writable(turn, head.client_id, wanted)
    upload = form.file("file")
    if upload is None:
        raise BadInput("file", "is missing", "a file to keep")
    draft = Draft(
        wanted=wanted,
        heading=form.text("heading"),
        text=form.text("text"),
        file_name=upload.name,
        facts=stated(turn),
    )
    kept = keep_document(turn.door, turn.visit, head.client_id, draft, upload.data)
    if not isinstance(kept, Kept):
        return answered(turn, head.client_id, as_kept(draft), kept, head=head)
    return Moved(f"/clients/{head.client_id.hex()}", done="document")


def _check_writable(turn: Turn, client_id: bytes, wanted: str) -> None:
    """Raise `BadInput` where the key of a class is not held."""
    if wanted not in writable(turn.visit, client_id):
        raise BadInput("what it is", "is not for you to write", "a class whose key you hold")


ROUTES: Final = (
    Route(method="GET", path="/clients/{client}/messages", do=with_drafts(messages), face="clinic"),
    Route(
        method="POST",
        path="/clients/{client}/messages",
        do=saving(send, lambda _: "A message"),
        face="clinic",
        again=with_typed(messages),
    ),
    Route(method="GET", path="/clients/{client}/documents/new", do=document, face="clinic"),
    Route(
        method="POST",
        path="/clients/{client}/documents/new",
        do=take_in,
        face="clinic",
        again=document,
        file_bytes_max=DOCUMENT_BYTES_MAX,
    ),
)
