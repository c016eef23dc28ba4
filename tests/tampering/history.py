"""A practice with a history: three moments of the same files, to put rows back from.

`early`: as it was prepared. `middle`: Stan supervises Ada and covers Otto, an insurer has Ada's
consent, two lines of hers are held, she comes twice, and Theo treats Gwen too. `late`: Stan's ties
have ended, the one to Otto by himself, so that keys have to turn; the consent is taken back, an
appointment cancelled, a note was amended, and more was written; the first of the held lines was
told, and Gwen was erased. Heads of both moments are remembered elsewhere.
"""

import datetime
import functools
import io
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from angerona.ledger.lines import Line
from angerona.practice import erasure
from angerona.practice.calendar import NewAppointment, cancel_appointment, make_appointment
from angerona.practice.consents import keep_consent, take_back_consent
from angerona.practice.ties import begin_tie, end_tie
from angerona.practice.upkeep import keep_up
from angerona.sealed.held_lines import hold
from prepared_practice import AT, Prepared, prepared

CONSENT = {
    "by": "client",
    "form": "hipaa_authorization",
    "classes": ["diagnosis", "attendance"],
    "to": ["insurer"],
    "purposes": ["insurance"],
    "from": "2026-01-01",
    "until": "2026-12-31",
    "revoked": None,
    "elements": {},
}
HELD = ("the first that is held", "the second")
UNTIL = AT + datetime.timedelta(days=90)
BLANKS = 160
"""So many blank lines that the first tiles are full."""


@dataclass(frozen=True)
class History:
    """The three moments, and the heads remembered at two of them."""

    early: Prepared
    middle: Prepared
    late: Prepared
    remembered: tuple
    gwen: bytes


@functools.cache
def history():
    """Made when first asked for, once in a process."""
    folder = Path(tempfile.mkdtemp(prefix="angerona-history-"))
    early = prepared().copied(folder / "early")
    middle = early.copied(folder / "middle")
    ada = early.clients["Ada"]
    with middle.opened() as practice, practice.visit("Tess") as visit:
        tie_id = begin_tie(visit, ada, practice.people["Stan"], "supervisor", until=None)
        consent_id = keep_consent(visit, ada, CONSENT)
        blanks = [Line(ada, "blank")] * BLANKS
        practice.vault.ledger.append_all(blanks, AT, authority={}, changes=None).result()
        for what in HELD:
            line = Line(ada, "look", {"what": what})
            hold(practice.vault, line, AT, until=UNTIL, authority=None)
        gwen = practice.client("Gwen Invented", treating="Theo")
        practice.keep("Theo", gwen, "progress_note", "One", file=io.BytesIO(b"1"), file_name="1")
        new = NewAppointment(person_id=practice.people["Tess"], starts=AT, minutes=50)
        _, second = (make_appointment(visit, ada, new) for _ in range(2))
        with practice.visit("Theo") as theo:
            stan = practice.people["Stan"]
            covers = begin_tie(theo, early.clients["Otto"], stan, "covering", until=None)
        heads = [practice.vault.ledger.checkpoint(AT)]
    late = middle.copied(folder / "late")
    with late.opened() as practice, practice.visit("Tess") as visit:
        end_tie(visit, ada, tie_id)
        take_back_consent(visit, ada, consent_id)
        cancel_appointment(visit, second)
        with practice.visit("Stan") as stan:
            end_tie(stan, late.clients["Otto"], covers)
        note = next(one for one in practice.vault.places(ada) if one.wanted == "progress_note")
        practice.keep("Tess", ada, "progress_note", "As she put it later", amends=note.entry_id)
        practice.keep("Tess", ada, "risk", "The plan has changed")
        practice.look("Nina", ada)
        erasure._erase(visit, practice.vault.authority(gwen), {"what": "erasure"})  # noqa: SLF001 -- as though the law had said yes
        keep_up(practice.vault, AT)
        heads.append(practice.vault.ledger.checkpoint(AT))
        practice.look("Tess", ada)
        practice.look("Theo", late.clients["Otto"])
    return History(early, middle, late, tuple(heads), gwen)


def put_away():
    """Remove the files of the history, if it was made."""
    if history.cache_info().currsize:
        shutil.rmtree(history().early.folder.parent)
        history.cache_clear()
