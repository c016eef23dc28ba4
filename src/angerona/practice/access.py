"""A copy of the record, or the record for another program: what goes, what is kept back and why.

What the rules let the client have is decided by the gate. Of that, whoever treats may keep back
single entries, each for a reason that a law in force knows, and passages, each of which leaves a
mark. Then the copy is ready: the client takes it in the own pages, or a member hands it over. It is
a disclosure like any other, made when it is handed over, from the facts of that moment. What was
kept back for a reason that can be looked at again is decided a second time by somebody else.
"""

from __future__ import annotations

import datetime
import io
import os
import zipfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from angerona.errors import BadInput, NotPermitted, Unknown
from angerona.gate.gathering import Wish
from angerona.gate.paring import LeftOut
from angerona.gate.results import Prepared, Shown
from angerona.notices.packet_files import produced, sign_packet
from angerona.notices.packet_pages import pages_of
from angerona.notices.packets import ID_BYTES, Cover, Part, prepare
from angerona.notices.structured import in_words
from angerona.notices.typesetting import is_installed
from angerona.packs.texts import load_texts, names_in
from angerona.practice.asked_for import ASKER, IN_PLACE, READY, asker_in, for_asker
from angerona.practice.clients import CLINICAL, known_authority
from angerona.practice.exporting import file_name
from angerona.practice.matters import Step, advance, settle
from angerona.practice.members import OFFICER
from angerona.practice.rights import (
    RIGHT,
    RIGHTS,
    check_answerable,
    complaint_lines,
    keep_letter,
    reason_named,
)
from angerona.practice.who_looked import who
from angerona.rules.answer import Permit
from angerona.words import PROCESS_NOTES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from angerona.gate.door import Door
    from angerona.gate.results import Previewed
    from angerona.notices.packet_files import SignedPacket
    from angerona.notices.packets import Packet
    from angerona.practice.matters import Matter
    from angerona.rules.answer import AskFirst, Refuse
    from angerona.sealed.entries import EntryPlace
    from angerona.sealed.vault import Visit

COPIES: Final = frozenset({"copy", "portable", "review"})
"""The rights that end in a copy."""
WHY_MAX: Final = 1_500
CONTACT_MAX: Final = 300
PASSAGES_MAX: Final = 200
PAPER: Final = "a4"
_SEEING: Final = frozenset({"treating", "supervisor"})
_FORBIDDEN_TO_REVIEW: Final = frozenset({"trainee", "unlicensed"})
"""Clinical roles that cannot look again: it takes a licence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What is decided of a copy.

    `kept_back`: entries (16 bytes) that do not go, each with the key of a reason of
    `rights.reasons`. `left_out`: of entries that go, passages that do not, as they stand. `facts`:
    what was established, as for a look. `why` and `contact` (whom to ask here, with telephone) are
    what the client reads where anything is kept back; `letter` then too. `outside`: who looked
    again, where nobody here could.
    """

    kept_back: Mapping[bytes, str] = field(default_factory=dict)
    left_out: Mapping[bytes, tuple[str, ...]] = field(default_factory=dict)
    facts: Mapping[str, bool | int | str] = field(default_factory=dict)
    why: str = ""
    contact: str = ""
    letter: str = ""
    outside: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class CopyFile:
    """A copy as it is handed over: one file that holds the pages, the data and the files."""

    name: str
    data: bytes


def wish_for(door: Door, matter: Matter, facts: Mapping[str, bool | int | str]) -> Wish:
    """What the gate is asked for a copy: every class of the record, to whoever asks for it.

    Process notes are wanted where the client asked for them, and of a second look what was kept
    back the first time.
    """
    content = matter.content
    places = door.vault.places(_client(matter))
    entries = content.get("again")
    classes = dict.fromkeys(
        one.wanted
        for one in places
        if (one.entry_id.hex() in entries if entries else _is_asked_for(one, content))
    )
    if not classes:
        raise BadInput("the record", "holds nothing yet")
    received = datetime.datetime.fromisoformat(content["received"])
    wish = Wish(
        wants=tuple(classes),
        purpose="client_request",
        to="client",
        facts={**facts, "recipient.identity_verified": bool(content["checked"])},
        moments=dict.fromkeys(("the request", "request", "receipt"), received),
    )
    return for_asker(content, wish)


def previewed(
    door: Door, visit: Visit, matter: Matter, facts: Mapping[str, bool | int | str]
) -> Previewed:
    """What the rules let go of it, and what stays. Raises `NotPermitted`, and as `Door.preview`."""
    if _tied(visit, matter).isdisjoint(_SEEING) and OFFICER not in visit.person.row.posts:
        raise NotPermitted
    return door.preview(visit, _client(matter), wish_for(door, matter, facts))


def decide_copy(
    door: Door, visit: Visit, matter: Matter, decision: Decision
) -> Matter | AskFirst | Refuse | None:
    """Decide what goes; the copy is ready then. Gives nothing where nothing goes: it is settled.

    For whoever treats the client; a second look for somebody with a licence who had no part in the
    first. Raises `BadInput`, `NotPermitted`, and as `Door.preview`.
    """
    _check_may_decide(visit, matter, decision)
    check_answerable(matter)
    found = previewed(door, visit, matter, decision.facts)
    if not isinstance(found.answer, Permit):
        return found.answer
    offered = {one.entry_id: one for one in _of(matter, found.would_go)}
    for entry_id, key in decision.kept_back.items():
        if entry_id not in offered:
            raise BadInput("kept back", "names an entry that would not go anyhow")
        if reason_named(door, "copy", key) is None:
            raise BadInput("reason", "is given by no law in force here", "let it go")
    going = [one for one in offered.values() if one.entry_id not in decision.kept_back]
    stays = bool(decision.kept_back or _of(matter, found.would_stay))
    for place, words in (("why", decision.why), ("contact", decision.contact)):
        if stays and not words.strip():
            raise BadInput(place, "is missing where something is kept back", "what a client reads")
    content = {
        **matter.content,
        READY: [one.entry_id.hex() for one in going],
        "kept_back": {one.hex(): key for one, key in decision.kept_back.items()},
        "gaps": _gaps(door, visit, matter, going, decision),
        "facts": dict(decision.facts),
        "why": _short("why", decision.why, WHY_MAX),
        "contact": _short("contact", decision.contact, CONTACT_MAX),
        "by": visit.unlocked.person_id.hex(),
        **(
            {"outside": _short("who looked", decision.outside, CONTACT_MAX)}
            if decision.outside
            else {}
        ),
    }
    if stays:
        keep_letter(
            door, visit, matter, f"Our answer: {RIGHTS[content[RIGHT]].what}", decision.letter
        )
    if not going:
        settle(visit, matter, _answered(content, "refused"))
        return None
    count = len(decision.kept_back)
    how = {"how": f"kept back: {count}"} if count else {}
    said = {RIGHT: content[RIGHT], **how}
    return advance(
        visit, matter, Step(what="decided what the copy holds", said=said, content=content)
    )


def take_copy(door: Door, visit: Visit, matter: Matter, *, how: str) -> CopyFile:
    """Make the copy that was decided and hand it over; the matter is settled then.

    By the client in the own pages, or by a member, who says `how` it is given. It is refused where
    the rules do not let go any more what was decided. Raises `BadInput`, `NotPermitted`,
    `Conflicting`, and as `Door.release`.
    """
    content, client_id = matter.content, _client(matter)
    if READY not in content:
        raise BadInput("the copy", "is not ready")
    asker = asker_in(content)
    if asker is not None and visit.person.row.client_id is not None:
        raise NotPermitted  # it was made for somebody else
    prepared = door.release(
        visit,
        client_id,
        wish_for(door, matter, content["facts"]),
        entry_ids=[bytes.fromhex(one) for one in content[READY]],
        left_out=[
            LeftOut(bytes.fromhex(one), version, tuple((first, past) for first, past in spans))
            for one, (version, spans) in content["gaps"].items()
        ],
        recipient=asker.name if asker else door.vault.authority(client_id).client.name,
    )
    if not isinstance(prepared, Prepared):
        raise BadInput("the copy", "may not go as it was decided any more", "decide it again")
    try:
        packet = _packet(door, visit, matter, prepared)
        signed = sign_packet(packet, signer=door.vault.keyset.signer(), paper=PAPER)
        data = _packed(door, client_id, prepared, signed, content)
    except BaseException:
        door.failed(prepared, visit.at, why="the copy was not made")
        raise
    carried = [one.duty for one in packet.statements]
    door.handed_over(
        prepared,
        visit.at,
        how=how,
        packet_id=packet.packet_id,
        carried=carried,
        produced=produced(signed),
    )
    stays = prepared.permit.classes.keys() - prepared.permit.released
    partly = bool(content["kept_back"] or stays)
    settle(visit, matter, _answered(content, "partly" if partly else "granted"))
    return CopyFile(f"copy-{packet.short_id}.zip", data)


def can_take_it_oneself(door: Door, matter: Matter) -> bool:
    """Whether the client's own keys open all that goes: what an author keeps apart, they do not."""
    going = set(matter.content.get(READY, ()))
    places = door.vault.places(_client(matter))
    return bool(going) and not any(
        one.wanted in PROCESS_NOTES and one.entry_id.hex() in going for one in places
    )


def reviewable(door: Door, said: Mapping[str, Any]) -> dict[str, str]:
    """Of what a line says was kept back, what can be looked at again: entry to who looks."""
    found = {}
    for entry, key in said.get("kept_back", {}).items():
        reason = reason_named(door, "copy", key)
        if reason is not None and reason.is_reviewable:
            found[entry] = reason.review
    return found


def again_from(door: Door, visit: Visit, client_id: bytes, answered: bytes) -> dict[str, Any]:
    """What a second look is about, for `rights.Asked.more`: an answered copy, by its matter's id.

    Raises `Unknown` where that kept nothing back that can be looked at again.
    """
    known_authority(visit, client_id)
    for line in visit.vault.ledger.lines_of(client_id):
        body = line.body
        if line.kind == RIGHT and body.get("matter") == answered.hex() and "kept_back" in body:
            entries = reviewable(door, body)
            if entries:
                return {"again": entries, "denied_by": body["decided"]}
    raise Unknown


def packet_of(
    door: Door, visit: Visit, prepared: Prepared, *, name: str, blanks: Mapping[str, str]
) -> Packet:
    """The packet of what was opened for the client."""
    practice = door.vault.practice()
    return prepare(
        prepared.permit,
        ask=prepared.gathered.ask,
        packs=door.packs,
        texts=load_texts(),
        cover=Cover(practice=practice.row.name, prepared_by=who(visit.person.described), name=name),
        parts=[Part.of(place, text, practice.zone) for place, text in prepared.entries],
        blanks=blanks,
        packet_id=os.urandom(ID_BYTES),
        at=practice.local(visit.at),
    )


def _packet(door: Door, visit: Visit, matter: Matter, prepared: Prepared) -> Packet:
    name = door.vault.authority(_client(matter)).client.name
    values = _values(door, matter)
    asked = {
        blank
        for one in load_texts()
        if one.kind == "statement" and one.duty in {owed.id for owed in prepared.permit.duties}
        for blank in names_in(one.says)
    }
    blanks = {blank: values[blank] for blank in asked if values.get(blank)}
    return packet_of(door, visit, prepared, name=name, blanks=blanks)


def _values(door: Door, matter: Matter) -> dict[str, str]:
    """What is known for the blanks of statements, by their names."""
    content = matter.content
    again = [
        reason.review
        for key in content["kept_back"].values()
        if (reason := reason_named(door, "copy", key)) is not None and reason.is_reviewable
    ]
    review = "; ".join(dict.fromkeys(again)) or "by this law, nobody: you can complain"
    outside = complaint_lines(door)
    return {
        "why a part is kept back": content["why"],
        "review of the decision": review,
        "whom to complain to here, with telephone": content["contact"],
        "how to complain to the Secretary": outside[0] if outside else "",
    }


def _packed(
    door: Door,
    client_id: bytes,
    prepared: Prepared,
    signed: SignedPacket,
    content: Mapping[str, Any],
) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("copy.json", signed.as_json())
        if content[RIGHT] != "portable" and is_installed():
            packed.writestr("copy.pdf", pages_of(signed))
        for place, text in prepared.entries:
            if text.attachment is not None:
                with packed.open(f"files/{file_name(place, text)}", "w") as file:
                    door.fetch(client_id, prepared, place.entry_id, file)  # type: ignore[arg-type]  # it is written to, and no more
    return target.getvalue()


def _gaps(
    door: Door,
    visit: Visit,
    matter: Matter,
    going: Sequence[EntryPlace],
    decision: Decision,
) -> dict[str, tuple[int, list[tuple[int, int]]]]:
    """Where the passages stand that do not go: of each entry, its version and the characters."""
    if not decision.left_out:
        return {}
    here = {one.entry_id for one in going}
    if not here.issuperset(decision.left_out):
        raise BadInput("passages", "are of an entry that does not go")
    found = door.look(
        visit,
        _client(matter),
        purpose="treatment",
        entry_ids=decision.left_out,
        facts=decision.facts,
    )
    if not isinstance(found, Shown):
        raise NotPermitted
    return {
        place.entry_id.hex(): (
            place.version,
            _spans(in_words(text.text), decision.left_out[place.entry_id]),
        )
        for place, text in found.entries
    }


def _spans(text: str, passages: tuple[str, ...]) -> list[tuple[int, int]]:
    """Every place where one of the passages stands, joined where they overlap."""
    found: list[tuple[int, int]] = []
    for passage in passages[:PASSAGES_MAX]:
        first = text.find(passage)
        if not passage.strip() or first < 0:
            raise BadInput("passages", "one does not stand in its entry", "copied as it stands")
        while first >= 0:
            found.append((first, first + len(passage)))
            first = text.find(passage, first + len(passage))
    joined: list[tuple[int, int]] = []
    for first, past in sorted(found):
        if joined and first < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(past, joined[-1][1]))
        else:
            joined.append((first, past))
    return joined


def _answered(content: Mapping[str, Any], outcome: str) -> Step:
    kept = content["kept_back"]
    said: dict[str, object] = {RIGHT: content[RIGHT], "outcome": outcome, "decided": content["by"]}
    if "outside" in content:
        said["outside"] = content["outside"]
    whom = "the client"
    if ASKER in content:
        whom, said[ASKER] = IN_PLACE, True
    did = "refused" if outcome == "refused" else "gave"
    return Step(
        what=f"{did} {whom} {RIGHTS[content[RIGHT]].what}",
        said={**said, **({"kept_back": kept, "how": f"kept back: {len(kept)}"} if kept else {})},
    )


def _check_may_decide(visit: Visit, matter: Matter, decision: Decision) -> None:
    """Whoever treats; of a second look, somebody with a licence who did not decide the first."""
    if matter.kind != RIGHT or matter.content[RIGHT] not in COPIES:
        raise NotPermitted
    again = "again" in matter.content
    if _tied(visit, matter).isdisjoint(_SEEING if again else {"treating"}):
        raise NotPermitted
    if not again or decision.outside.strip():
        return
    licensed = CLINICAL.intersection(visit.person.row.roles) - _FORBIDDEN_TO_REVIEW
    if not licensed or visit.unlocked.person_id.hex() == matter.content["denied_by"]:
        raise BadInput(
            "who looks again",
            "decided the first time, or has no licence",
            "another clinician, or the name of somebody outside who looked",
        )


def _tied(visit: Visit, matter: Matter) -> set[str]:
    authority = known_authority(visit, _client(matter))
    return set(authority.relations(visit.unlocked.person_id, visit.at))


def _is_asked_for(place: EntryPlace, content: Mapping[str, Any]) -> bool:
    return place.wanted not in PROCESS_NOTES or bool(content.get("notes"))


def _of(matter: Matter, places: Sequence[EntryPlace]) -> list[EntryPlace]:
    """Those of the entries that the matter is about."""
    again = matter.content.get("again")
    return [one for one in places if again is None or one.entry_id.hex() in again]


def _client(matter: Matter) -> bytes:
    if matter.client_id is None:
        raise NotPermitted
    return matter.client_id


def _short(place: str, text: str, most: int) -> str:
    said = text.strip()
    if len(said) > most:
        raise BadInput(place, "is too long", f"up to {most} characters")
    return said
