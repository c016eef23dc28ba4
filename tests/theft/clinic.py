"""The doors of the clinic: notes and drafts, what stands of the care, supervision."""

import datetime
import os
from contextlib import suppress

from angerona.ciphers.encoding import digest
from angerona.errors import BadInput, SentBefore
from angerona.gate.keeping import Draft
from angerona.notices.structured import Medicine, Medicines
from angerona.practice.care import care_of, cosignatures, keep_form
from angerona.practice.diagnosis_codes import icd10cm
from angerona.practice.documents import keep_document, taken_in
from angerona.practice.drafts import draft_of, drafts_of, save_draft, throw_away
from angerona.practice.notes import by_class, keep_note, writable
from angerona.practice.searching import search
from angerona.practice.sending import Sending, forget_sent, is_act
from angerona.practice.supervision import (
    cosign,
    initials,
    is_by_initials,
    masked,
    name_shown,
)
from angerona.practice.ties import begin_tie, end_tie
from angerona.sealed.drafts import NoteDraft, NoteSection
from small_practice import AT

DAY = datetime.timedelta(days=1)


def drafts(desk):
    """A note in sections: saved as a draft, saved in two windows, thrown away, kept."""
    ada, draft_id = desk.clients["Ada"], os.urandom(16)

    def written():
        sections = tuple(
            NoteSection(says=desk.typed("says"), wanted=wanted, text=desk.typed("section"))
            for wanted in ("progress_note", "third_party")
        )
        return NoteDraft(heading=desk.typed("heading"), sections=sections, saved=AT)

    with desk.visit("Tess") as visit:
        assert "risk" in writable(visit, ada)
        first = save_draft(visit, ada, draft_id, written(), after="")
        save_draft(visit, ada, draft_id, written(), after=first.mark)
        apart = save_draft(visit, ada, draft_id, written(), after=first.mark)
        throw_away(visit, ada, apart.draft_id)
        left = save_draft(visit, ada, os.urandom(16), written(), after="")
        assert left in drafts_of(visit, ada)
        note = draft_of(visit, ada, draft_id).draft
        assert by_class(note.sections)
        keep_note(desk.door, visit, ada, draft_id, note)


def forms(desk):
    """A form that does something, sent twice, and forgotten."""
    ada, draft = (
        desk.clients["Ada"],
        Draft(wanted="progress_note", heading=desk.typed("heading"), text=desk.typed("text")),
    )
    with desk.visit("Tess") as visit:
        content, key = digest("angerona/sent/content/v1", draft.text), os.urandom(16)
        one = Sending.of(visit, "/a/page", key, content)
        assert one.before() is None
        with one.doing():
            desk.door.keep(visit, ada, draft)
        assert is_act("kept", {})
        one.done(b"/another/page")
        other = Sending.of(visit, "/a/page", key, content)
        assert other.before().result == b"/another/page"
        before = desk.vault.ledger.size
        with suppress(SentBefore), other.doing():
            desk.door.keep(visit, ada, draft)
        assert desk.vault.ledger.size == before
    forget_sent(desk.vault, AT + 9 * DAY)


def searched(desk):
    """A document is taken in, and the caseload is searched for what was typed."""
    ada, word = desk.clients["Ada"], desk.typed("searched")
    draft = Draft(
        wanted="correspondence",
        heading=desk.typed("heading"),
        text=word,
        file_name=f"{desk.typed('filename')}.txt",
    )
    content = desk.typed("document").encode()
    assert taken_in(content)[1] == content
    with desk.visit("Tess") as visit:
        keep_document(desk.door, visit, ada, draft, content)
        assert search(desk.door, visit, word).hits
        with desk.refused(BadInput):
            keep_document(desk.door, visit, ada, draft, b"<html>" + content)


def care(desk):
    """What stands of the care, changed; initials, the name, an agreement."""
    ada, sue = desk.clients["Ada"], desk.person("Sue")
    assert "F43.22" in icd10cm()
    with desk.visit("Tess") as visit:
        tie_id = begin_tie(visit, ada, sue, "supervisor", until=AT + DAY)
        over = None
        for _ in range(2):
            said = Medicine(name=desk.typed("medicine"), remark=desk.typed("remark"))
            kept = keep_form(desk.door, visit, ada, Medicines(medicines=(said,)), over=over)
            over = (kept.entry_id, kept.version)
        shown = desk.door.look(visit, ada, purpose="treatment")
        standing = care_of(shown.entries)
        assert standing.now[Medicines].place.version == 2
        with desk.refused(BadInput):
            keep_form(desk.door, visit, ada, Medicines(medicines=(Medicine(name=""),)), over=None)
    with desk.visit("Sue") as visit:
        assert is_by_initials(("supervisor",), ())
        name = name_shown(visit, ada)
        masked(desk.typed("spoken"), initials(name))
        cosign(desk.door, visit, ada, *over, desk.typed("agreed"))
    with desk.visit("Tess") as visit:
        assert cosignatures(desk.door.look(visit, ada, purpose="treatment").entries)
        end_tie(visit, ada, tie_id)
