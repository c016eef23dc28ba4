"""Taking a record along: everything one may read of it, in forms that need no software of ours.

Nobody is locked in: whoever treats a client can take the record out at any time, as JSON, as pages
and with its files. It is a look like any other, and a second line says that a copy was taken before
the copy is given. What is written out is in clear, and no longer in this software's keeping.
"""

from __future__ import annotations

import datetime
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from angerona.errors import BadInput, Unknown, one_of
from angerona.gate.results import Shown
from angerona.notices.paragraphs import day, moment, paragraphs
from angerona.notices.structured import in_words
from angerona.notices.typesetting import typeset
from angerona.practice.caseload import short_id
from angerona.practice.clients import check_treating, known_authority
from angerona.practice.paper import FOR, announce_copy, mark
from angerona.sealed.zones import is_day
from angerona.words import CLASSES, RELATIONS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from angerona.gate.door import Door
    from angerona.practice.paper import Purpose
    from angerona.rules.answer import AskFirst, Refuse
    from angerona.sealed.authority import Authority
    from angerona.sealed.entries import EntryPlace, EntryText
    from angerona.sealed.vault import Visit

FORM: Final = "angerona-record-1"
"""What the JSON says it is (docs/FORMATS.md)."""
ENDING_CHARACTERS_MAX: Final = 5


@dataclass(frozen=True, slots=True, repr=False)
class Copy:
    """A record taken out: `document` is what the JSON holds; the files are opened one by one."""

    client_id: bytes
    document: Mapping[str, Any]
    mark: str
    """What stands across each page; empty for the client's own copy."""
    _door: Door
    _shown: tuple[Shown, ...]

    def as_json(self) -> bytes:
        """The document as JSON, in UTF-8."""
        return json.dumps(self.document, indent=1, ensure_ascii=False).encode()

    def as_pages(self, *, paper: str) -> bytes:
        """The same as a tagged PDF. Raises `MissingExtra`, `PrintFailure`."""
        at = datetime.datetime.fromisoformat(self.document["copied"])
        zone = self._door.vault.practice().zone
        return typeset("record.typ", self.pages(paper=paper, zone=zone), at=at)

    def pages(self, *, paper: str, zone: datetime.tzinfo) -> dict[str, Any]:
        """What the typesetter is given, times by a clock."""
        return {**_pages(self.document, paper, zone), "mark": self.mark}

    @property
    def file_bytes(self) -> int:
        """How much its files hold together."""
        texts = [text for shown in self._shown for _, text in shown.entries]
        return sum(text.attachment.size for text in texts if text.attachment is not None)

    @property
    def files(self) -> tuple[str, ...]:
        """The files of its entries, each by the name that the document gives it."""
        return tuple(one["file"] for one in self.document["entries"] if one["file"])

    def fetch(self, name: str, target: BinaryIO) -> None:
        """Open one of the files into `target`. Raises as `Door.fetch`."""
        for shown in self._shown:
            for place, text in shown.entries:
                if text.attachment is not None and file_name(place, text) == name:
                    self._door.fetch(self.client_id, shown, place.entry_id, target)
                    return
        raise Unknown


def copy_record(
    door: Door,
    visit: Visit,
    client_id: bytes,
    *,
    purpose: Purpose | None = None,
    is_one: bool = True,
    facts: Mapping[str, bool | int | str] | None = None,
) -> Copy | AskFirst | Refuse:
    """Copy what this person may read of a record, and what he or she keeps apart in it.

    It is for whoever treats, who says what for (`paper.py`), and for the client, whose copy holds
    no facts on file (`on_file.py`) and needs no purpose. `is_one`: whether it is destroyed or filed
    by itself.
    Raises `NotPermitted` for others who may be spoken to of the client, and as `Door.look`.
    """
    authority = known_authority(visit, client_id)
    if authority.client.person_id != visit.unlocked.person_id:
        check_treating(visit, authority)
        if purpose is None:
            raise BadInput("what for", "is missing", one_of(FOR))
    found = door.look(visit, client_id, purpose="treatment", facts=facts)
    if not isinstance(found, Shown):
        return found
    looks = [found]
    seen = {place.entry_id for place, _ in found.entries}
    mine = {
        one.entry_id
        for one in door.vault.places(client_id)
        if one.author_id == visit.unlocked.person_id and one.entry_id not in seen
    }
    if mine:
        own = door.look(visit, client_id, purpose="treatment", entry_ids=mine, facts=facts)
        if isinstance(own, Shown):
            looks.append(own)
    classes = {place.wanted for one in looks for place, _ in one.entries}
    announce_copy(visit, client_id, classes, purpose, one=is_one)
    document = _document(door, door.vault.authority(client_id), looks, visit)
    marked = "" if purpose is None else mark(visit, purpose)
    return Copy(client_id, document, marked, door, tuple(looks))


def _document(door: Door, authority: Authority, looks: list[Shown], visit: Visit) -> dict[str, Any]:
    vault, client = door.vault, authority.client
    is_own = client.person_id == visit.unlocked.person_id  # a fact may be what the law keeps back
    entries = sorted(
        (one for shown in looks for one in shown.entries),
        key=lambda one: (one[1].written, one[0].place),
    )
    return {
        "form": FORM,
        "practice": vault.practice().row.name,
        "copied": visit.at.isoformat(),
        "by": visit.person.row.name,
        "client": {
            "id": authority.client_id.hex(),
            "name": client.name,
            "since": client.since.isoformat(),
            "contact": dict(client.contact),
            "facts": {} if is_own else authority.facts_on(vault.practice().local(visit.at).date()),
        },
        "people": [
            {
                "name": vault.person(tie.person_id).row.name,
                "relation": tie.relation,
                "since": tie.since.isoformat(),
                "until": tie.until.isoformat() if tie.until else None,
            }
            for tie in sorted(authority.ties.values(), key=lambda tie: tie.since)
        ],
        "consents": authority.documents(),
        "entries": [_entry(place, text) for place, text in entries],
    }


def _entry(place: EntryPlace, text: EntryText) -> dict[str, Any]:
    return {
        "id": place.entry_id.hex(),
        "version": place.version,
        "class": place.wanted,
        "heading": text.heading,
        "written": text.written.isoformat(),
        "author": text.author_name,
        "text": text.text,
        "file": file_name(place, text) if text.attachment else None,
    }


def file_name(place: EntryPlace, text: EntryText) -> str:
    """A name that cannot leave the folder it is written to, and never stands for two files."""
    given = text.attachment.name if text.attachment else ""
    _, dot, ending = given.rpartition(".")
    is_plain = ending.isascii() and ending.isalnum() and len(ending) <= ENDING_CHARACTERS_MAX
    return place.entry_id.hex() + (f".{ending.lower()}" if dot and is_plain else "")


def _pages(document: Mapping[str, Any], paper: str, zone: datetime.tzinfo) -> dict[str, Any]:
    """What the pages say, each time by the practice's clock."""
    client = document["client"]
    copied, since = (
        datetime.datetime.fromisoformat(one).astimezone(zone)
        for one in (document["copied"], client["since"])
    )
    facts = [
        ["Practice", document["practice"]],
        ["Copied", f"{moment(copied)}, by {document['by']}"],
        ["Client since", day(since)],
        *([[name.capitalize(), said] for name, said in client["contact"].items()]),
        *([[RELATIONS[one["relation"]].capitalize(), one["name"]] for one in document["people"]]),
    ]
    return {
        "paper": paper,
        "title": client["name"],
        "short_id": short_id(bytes.fromhex(client["id"])),
        "facts": facts,
        "parts": [_part(one, zone) for one in document["entries"]],
    }


def _part(entry: Mapping[str, Any], zone: datetime.tzinfo) -> dict[str, Any]:
    kind = CLASSES[entry["class"]]
    written = datetime.datetime.fromisoformat(entry["written"])
    when = day(written) if is_day(written) else moment(written.astimezone(zone))
    return {
        "title": entry["heading"] or f"{kind[:1].upper()}{kind[1:]}",
        "facts": [
            ["Kind", kind],
            ["Written", f"{when}, by {entry['author']}"],
            *([["File", entry["file"]]] if entry["file"] else []),
        ],
        "paragraphs": paragraphs(in_words(entry["text"])),
    }
