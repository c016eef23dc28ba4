"""Drafts of notes and other forms: saved while somebody writes, offered later, gone once kept.

Two windows may write at one draft. Whoever saves over what the other saved since does not replace
it: the newer text lies beside it as a draft of its own, and nothing that was typed is lost.
A draft is no entry and is in no record, so saving or reading one's own leaves no line.
"""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import msgspec

from angerona.errors import Unknown, Unopenable
from angerona.practice.clients import known_authority
from angerona.sealed.drafts import (
    DraftPlace,
    mark_of,
    opened_draft_row,
    sealed_draft_row,
)

if TYPE_CHECKING:
    from angerona.sealed.drafts import FormDraft, NoteDraft
    from angerona.sealed.vault import Visit
    from angerona.store import Writing


@dataclass(frozen=True, slots=True)
class SavedDraft:
    """A draft as it lies in the store: its id (16 bytes) and the mark of this saving.

    `is_apart`: somebody had saved another text under the id meanwhile, so this is a new draft.
    """

    draft_id: bytes
    mark: str
    draft: NoteDraft | FormDraft
    is_apart: bool = False


def save_draft(
    visit: Visit, client_id: bytes, draft_id: bytes, draft: NoteDraft | FormDraft, *, after: str
) -> SavedDraft:
    """Save a draft under an id that its form made; `after` is the mark of the saving before.

    Without one before, `after` is empty. Raises `Unknown` for a client this person has nothing to
    do with, `BadInput` for what is no text.
    """
    place = _place(visit, client_id, draft_id)
    known_authority(visit, client_id)
    apart = replace(place, draft_id=os.urandom(16))
    public, pair = visit.unlocked.keys.public.wrap, visit.unlocked.keys.pair
    blob, blob_apart = (sealed_draft_row(public, one, draft) for one in (place, apart))

    here = {"practice_id": visit.vault.practice_id, "client_id": client_id}

    def job(writing: Writing) -> SavedDraft:
        if not writing.rows("clients.authority", **here):
            raise Unknown  # erased meanwhile
        held = [row for (row,) in writing.rows("drafts.by_key", **place.columns)]
        if (mark_of(held[0]) if held else "") == after:
            statement = "drafts.update" if held else "drafts.insert"
            writing.run(statement, blob=blob, **place.columns)
            return SavedDraft(draft_id, mark_of(blob), draft)
        if held and _says_the_same(opened_draft_row(pair, place, held[0]), draft):
            return SavedDraft(draft_id, mark_of(held[0]), draft)
        writing.run("drafts.insert", blob=blob_apart, **apart.columns)
        return SavedDraft(apart.draft_id, mark_of(blob_apart), draft, is_apart=True)

    return visit.vault.store.write(job).result()


def drafts_of(visit: Visit, client_id: bytes) -> list[SavedDraft]:
    """One's own drafts about a client, the one saved last first.

    What was sealed to keys that one no longer has is left out. Raises `Unknown` as `save_draft`.
    """
    known_authority(visit, client_id)
    place = _place(visit, client_id, b"")
    columns = {name: value for name, value in place.columns.items() if name != "draft_id"}
    found = []
    for draft_id, blob in visit.vault.store.rows("drafts.of_author", **columns):
        with contextlib.suppress(Unopenable):
            at = replace(place, draft_id=draft_id)
            draft = opened_draft_row(visit.unlocked.keys.pair, at, blob)
            found.append(SavedDraft(draft_id, mark_of(blob), draft))
    return sorted(found, key=lambda one: one.draft.saved, reverse=True)


def draft_of(visit: Visit, client_id: bytes, draft_id: bytes) -> SavedDraft:
    """One's own draft. Raises `Unknown` where there is none, and as `save_draft`."""
    found = [one for one in drafts_of(visit, client_id) if one.draft_id == draft_id]
    if not found:
        raise Unknown
    return found[0]


def throw_away(visit: Visit, client_id: bytes, draft_id: bytes) -> None:
    """Delete one's own draft; one that is gone already is no error."""
    place = _place(visit, client_id, draft_id)
    visit.vault.store.write(lambda writing: writing.run("drafts.delete", **place.columns)).result()


def draft_kept(
    visit: Visit, client_id: bytes, draft_id: bytes, kept: NoteDraft | FormDraft, *, after: str
) -> None:
    """Delete one's own draft of what was kept or sent, but not a text saved over it since."""
    place, pair = _place(visit, client_id, draft_id), visit.unlocked.keys.pair

    def is_kept(blob: bytes) -> bool:
        if mark_of(blob) == after:
            return True
        with contextlib.suppress(Unopenable):
            return _says_the_same(opened_draft_row(pair, place, blob), kept)
        return False

    def job(writing: Writing) -> None:
        if any(is_kept(blob) for (blob,) in writing.rows("drafts.by_key", **place.columns)):
            writing.run("drafts.delete", **place.columns)

    visit.vault.store.write(job).result()


def _place(visit: Visit, client_id: bytes, draft_id: bytes) -> DraftPlace:
    return DraftPlace(visit.vault.practice_id, client_id, visit.unlocked.person_id, draft_id)


def _says_the_same(one: NoteDraft | FormDraft, other: NoteDraft | FormDraft) -> bool:
    return msgspec.structs.replace(one, saved=other.saved) == other
