"""Writing into a record: a note in sections under one heading, an addendum to what stands there."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

import msgspec

from angerona.errors import BadInput, SentBefore, Unknown
from angerona.gate.gathering import Wish
from angerona.gate.keeping import Draft
from angerona.gate.results import Kept, Shown
from angerona.practice.drafts import (
    SavedDraft,
    draft_kept,
    draft_of,
    drafts_of,
    save_draft,
    throw_away,
)
from angerona.practice.notes import by_class, keep_note, writable
from angerona.sealed.drafts import NoteDraft, NoteSection
from angerona.web.answers import answered, as_kept, stated
from angerona.web.note_forms import (
    ABOVE,
    FORMS,
    HINTS,
    OF_CLASS,
    SECTIONS_MAX,
    USUAL,
    begun,
    read_note,
)
from angerona.web.records import CLASSES_SHOWN, head_of, unfinished
from angerona.web.timeline import sessions
from angerona.web.turn import Moved, Page, Route, Turn, read_id
from angerona.words import CLASSES

if TYPE_CHECKING:
    import datetime

    from angerona.sealed.entries import EntryText
    from angerona.web.records import Head
    from angerona.web.turn import Result

ACTS: Final = ("keep", "save", "add", "quietly", "throw")
"""What a note's form can be sent for: keeping, saving the draft, one more section; the script."""
VERSION_DIGITS_MAX: Final = 9


def new_note(turn: Turn) -> Result:
    """The form for a note: empty in the form chosen, or a draft that was saved before."""
    head, asked = head_of(turn), turn.asked
    if "draft" in asked:
        saved = draft_of(turn.visit, head.client_id, read_id(asked["draft"]))
        if not isinstance(saved.draft, NoteDraft):
            raise Unknown
        return _form(turn, head, saved)
    fresh = SavedDraft(os.urandom(16), "", begun(asked.get("form", ""), turn.at))
    return _form(turn, head, fresh, form=asked.get("form", "free"))


def _form(
    turn: Turn,
    head: Head,
    saved: SavedDraft,
    *,
    form: str = "",
    problem: BadInput | None = None,
) -> Page:
    """The form over a draft; `form` is given for one that nothing was typed into yet."""
    may = writable(turn.visit, head.client_id)
    drafts = unfinished(turn, head.client_id)
    others = [(to, one) for to, one in drafts if one.draft_id != saved.draft_id]
    says = {
        "head": head,
        "saved": saved,
        "form": form,
        "forms": {name: one.says for name, one in FORMS.items()},
        "hints": HINTS,
        "above": ABOVE,
        "of_class": OF_CLASS,
        "others": others,
        "writable": {name: CLASSES[name] for name in may},
        "problem": problem,
    }
    once = saved.draft_id.hex()  # of two tabs with one draft, one keeps it
    return Page("new_note.html", says, 422 if problem else 200, once=once)


def write(turn: Turn) -> Result:
    """What the form of a note was sent for: to keep it, or to save it as a draft."""
    form, head = turn.form, head_of(turn)
    act = form.choice("act", ACTS, default="keep")
    draft_id, visit = read_id(form.text("draft")), turn.visit
    if act == "throw":
        throw_away(visit, head.client_id, draft_id)
        return Moved(f"/clients/{head.client_id.hex()}", done="thrown-away")
    note = read_note(
        form, CLASSES_SHOWN if act != "keep" else writable(visit, head.client_id), turn.at
    )
    if act == "keep":
        return _kept(turn, head, draft_id, note)
    if act == "add":
        note = _with_one_more(note)
    saved = save_draft(visit, head.client_id, draft_id, note, after=form.text("mark"))
    if act == "quietly":
        return Page("draft_saved.html", {"saved": saved})
    if act == "add":
        return _form(turn, head, saved)
    done = "draft-apart" if saved.is_apart else "draft"
    return Moved(f"/clients/{head.client_id.hex()}/notes/new?draft={saved.draft_id.hex()}", done)


def _kept(turn: Turn, head: Head, draft_id: bytes, note: NoteDraft) -> Result:
    kept = keep_note(
        *(turn.door, turn.visit, head.client_id, draft_id, note),
        after=turn.form.text("mark"),
        facts=stated(turn),
    )
    if isinstance(kept, tuple):
        return Moved(f"/clients/{head.client_id.hex()}", done="kept")
    save_draft(turn.visit, head.client_id, draft_id, note, after=turn.form.text("mark"))
    wish = Wish(
        wants=tuple(by_class(note.sections)),
        purpose="treatment",
        facts=stated(turn),
        as_author=True,
    )
    return answered(turn, head.client_id, wish, kept, head=head)


def _with_one_more(note: NoteDraft) -> NoteDraft:
    sections = (*note.sections, NoteSection(says="", wanted=USUAL, text=""))[:SECTIONS_MAX]
    return msgspec.structs.replace(note, sections=sections)


def _as_typed(turn: Turn, problem: BadInput) -> Page:
    """The form once more, with everything that was typed and what is wrong with it."""
    head, form = head_of(turn), turn.form
    note = read_note(form, CLASSES_SHOWN, turn.at)
    draft_id, mark = read_id(form.text("draft")), form.text("mark")
    if isinstance(problem, SentBefore):
        draft_id, mark = os.urandom(16), ""
    typed = SavedDraft(draft_id, mark, note)
    return _form(turn, head, typed, problem=problem)


def addendum(turn: Turn, problem: BadInput | None = None) -> Result:
    """The form for an addendum, over the entry as it stands, or over what was begun of one."""
    head, entry_id, form = head_of(turn), turn.id_of("entry"), turn.form
    facts = stated(turn)
    found = turn.door.look(
        *(turn.visit, head.client_id),
        purpose="treatment",
        entry_ids=[entry_id],
        facts=facts,
        pick=tuple,
    )
    if not isinstance(found, Shown):
        wish = Wish(wants=tuple(CLASSES), purpose="treatment", facts=facts)
        return answered(turn, head.client_id, wish, found, head=head)
    if not found.entries:
        raise Unknown
    [session] = sessions(found.entries)
    [part] = session.parts
    typed = _over(part.entry, turn.at)
    saved = SavedDraft(entry_id, "", typed)
    for one in drafts_of(turn.visit, head.client_id):
        if one.draft_id == entry_id and isinstance(one.draft, NoteDraft):
            saved, typed = one, one.draft
    says = {
        "head": head,
        "part": part,
        "saved": saved,
        "mark": form.text("mark") or saved.mark,
        "text": form.text("text") or "\n\n".join(one.text for one in typed.sections),
        "heading": form.text("heading") or typed.heading,
        "me": turn.person.person_id,
        "problem": problem,
    }
    return Page("addendum.html", says, 422 if problem else 200)


def _over(entry: EntryText, at: datetime.datetime) -> NoteDraft:
    """An addendum that nobody began yet: the entry as it stands."""
    section = NoteSection(says="", wanted=entry.wanted, text=entry.text)
    return NoteDraft(heading=entry.heading, sections=(section,), saved=at)


def amend(turn: Turn) -> Result:
    """Keep an addendum: a further version; the earlier text stays. Or save what was begun of it."""
    form, head, entry_id = turn.form, head_of(turn), turn.id_of("entry")
    here = f"/clients/{head.client_id.hex()}/entries/{entry_id.hex()}/amend"
    if not {"act", "text"} & form.fields.keys():  # it answers what was asked before the page
        return addendum(turn)
    act = form.choice("act", ("keep", "save", "quietly", "throw"), default="keep")
    draft_id = read_id(form.text("draft") or entry_id.hex())
    if act == "throw":
        throw_away(turn.visit, head.client_id, draft_id)
        return Moved(here, done="thrown-away")
    begun_of_it = _begun_addendum(turn)
    if act != "keep":
        saved = save_draft(
            turn.visit, head.client_id, draft_id, begun_of_it, after=form.text("mark")
        )
        if act == "quietly":
            return Page("draft_saved.html", {"saved": saved})
        return Moved(here, done="draft-apart" if saved.is_apart else "draft")
    draft = Draft(
        wanted=form.choice("class", CLASSES_SHOWN),
        heading=form.text("heading"),
        text=form.text("text"),
        amends=entry_id,
        over=_version(form.text("over")),
        facts=stated(turn),
    )
    kept = turn.door.keep(turn.visit, head.client_id, draft)
    if not isinstance(kept, Kept):
        save_draft(turn.visit, head.client_id, draft_id, begun_of_it, after=form.text("mark"))
        wish = as_kept(draft)
        return answered(turn, head.client_id, wish, kept, head=head)
    draft_kept(turn.visit, head.client_id, draft_id, begun_of_it, after=form.text("mark"))
    return Moved(f"/clients/{head.client_id.hex()}", done="amended")


def _version(given: str) -> int | None:
    """The version that a form was opened over. Raises `BadInput` for what is none."""
    if not given:
        return None
    if not (given.isascii() and given.isdigit() and len(given) <= VERSION_DIGITS_MAX):
        raise BadInput("the form", "names no version", "the form as it was sent")
    return int(given)


def _begun_addendum(turn: Turn) -> NoteDraft:
    """What was typed of an addendum, as its draft holds it."""
    form = turn.form
    section = NoteSection(
        says="", wanted=form.choice("class", CLASSES_SHOWN), text=form.text("text")
    )
    return NoteDraft(heading=form.text("heading"), sections=(section,), saved=turn.at)


def _again(turn: Turn, problem: BadInput) -> Page:
    page = addendum(turn, problem)
    if not isinstance(page, Page):
        raise problem
    return page


ROUTES: Final = (
    Route(method="GET", path="/clients/{client}/notes/new", do=new_note, face="clinic"),
    Route(
        method="POST",
        path="/clients/{client}/notes/new",
        do=write,
        face="clinic",
        again=_as_typed,
        resumes=True,
    ),
    Route(method="GET", path="/clients/{client}/entries/{entry}/amend", do=addendum, face="clinic"),
    Route(
        method="POST",
        path="/clients/{client}/entries/{entry}/amend",
        do=amend,
        face="clinic",
        again=_again,
    ),
)
