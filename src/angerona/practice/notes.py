"""Notes of a session: one form, several sections, an entry for each class under one heading.

A form keeps its note once, however often it is sent: the id of each entry comes from the id of the
form. What was kept under it with another text is never taken for kept.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from angerona.ciphers.encoding import digest
from angerona.errors import BadInput, Conflicting
from angerona.gate.gathering import JOINT, Wish
from angerona.gate.keeping import Draft
from angerona.gate.results import Kept, Shown
from angerona.practice.clients import known_authority
from angerona.practice.drafts import draft_kept
from angerona.rules.answer import Permit
from angerona.sealed.compartments import COMPARTMENT_OF, EVENTS, compartment_of
from angerona.sealed.entries import checked_words
from angerona.sealed.holding import names_held
from angerona.words import CLASSES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from angerona.gate.door import Door
    from angerona.rules.answer import AskFirst, Refuse
    from angerona.sealed.drafts import NoteDraft, NoteSection
    from angerona.sealed.entries import EntryPlace
    from angerona.sealed.vault import Visit

_ENTRY: Final = "angerona/note/entry/v1"
_ID_BYTES: Final = 16


def keep_note(
    door: Door,
    visit: Visit,
    client_id: bytes,
    draft_id: bytes,
    note: NoteDraft,
    *,
    after: str = "",
    facts: Mapping[str, bool | int | str] = MappingProxyType({}),
) -> tuple[Kept, ...] | AskFirst | Refuse:
    """Keep a note, all of it or, where the rules refuse a part, nothing; then the draft is gone.

    `after` is the mark of the saving that the form goes on from (`save_draft`). What another window
    saved since stays a draft, where it says something else. `facts`: as for a look.
    Raises `BadInput` for a note that says nothing or too much, and for one that its form kept
    before with another text; `Unknown` as `Door.keep`.
    """
    drafts = [
        Draft(
            wanted=wanted,
            heading=note.heading,
            text=checked_words(note.heading, text),
            entry_id=_entry_id(client_id, draft_id, wanted),
            facts=facts,
        )
        for wanted, text in by_class(note.sections).items()
    ]
    if not drafts:
        raise BadInput("text", "is empty", "something to keep")
    for draft in drafts:
        wish = Wish(wants=(draft.wanted,), purpose=draft.purpose, facts=facts, as_author=True)
        if not isinstance(door.preview(visit, client_id, wish).answer, Permit):
            refused = door.keep(visit, client_id, draft)
            if not isinstance(refused, Kept):
                return refused
    kept = []
    for draft in drafts:
        done = _kept_once(door, visit, client_id, draft)
        if isinstance(done, Kept):
            kept.append(done)
        elif done is not None:
            return done
    draft_kept(visit, client_id, draft_id, note, after=after)
    return tuple(kept)


def by_class(sections: Iterable[NoteSection]) -> dict[str, str]:
    """What is to be kept, by class: sections of one class one under the other, as they came.

    What stands above a section goes with it; a section without text is left out.
    """
    found: dict[str, list[str]] = {}
    for one in sections:
        if text := one.text.strip():
            found.setdefault(one.wanted, []).append(f"{one.says}\n{text}" if one.says else text)
    return {wanted: "\n\n".join(texts) for wanted, texts in found.items()}


def writable(visit: Visit, client_id: bytes) -> tuple[str, ...]:
    """The classes for which this person holds the key, in their order. Raises `Unknown`."""
    authority = known_authority(visit, client_id)
    held, own = names_held(visit, authority), visit.unlocked.person_id
    classes = (JOINT,) if authority.client.parties else tuple(CLASSES)

    def name(wanted: str) -> str:
        return compartment_of(wanted, author_id=own, record_id=client_id)

    def is_held(wanted: str) -> bool:
        begins = wanted == "shared_record" and not authority.sheet.newest(name(wanted))
        return name("progress_note" if begins else wanted) in held

    return tuple(one for one in classes if COMPARTMENT_OF[one] != EVENTS and is_held(one))


def _kept_once(
    door: Door, visit: Visit, client_id: bytes, draft: Draft
) -> Kept | AskFirst | Refuse | None:
    """Keep an entry; nothing where this very text was kept under its id before."""
    try:
        return door.keep(visit, client_id, draft)
    except Conflicting:
        entry_ids = [] if draft.entry_id is None else [draft.entry_id]

    def first(rows: Iterable[EntryPlace]) -> tuple[EntryPlace, ...]:
        return tuple(one for one in rows if one.version == 1)

    found = door.look(
        *(visit, client_id),
        purpose=draft.purpose,
        entry_ids=entry_ids,
        facts=draft.facts,
        pick=first,
    )
    if not isinstance(found, Shown):
        return found
    if [(entry.heading, entry.text) for _, entry in found.entries] != [(draft.heading, draft.text)]:
        raise BadInput(
            CLASSES[draft.wanted],
            "was kept from this form before, and read otherwise",
            "an addendum to what was kept, or a new note",
        )
    return None


def _entry_id(client_id: bytes, draft_id: bytes, wanted: str) -> bytes:
    return digest(_ENTRY, client_id, draft_id, wanted)[:_ID_BYTES]
