"""Who looked, in plain sentences: each line of the ledger as a client reads it.

A line that was written by another release may lack something or say more; then its sentence says
what it can, and never fails.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from angerona.notices.paragraphs import day
from angerona.practice.caseload import short_id
from angerona.practice.deeds import (
    COUNTED,
    KEYS_SAID,
    PINGS,
    READ_AFTERWARDS,
    REFUSED,
    SEEN,
    WAYS,
)
from angerona.rules.because import listed
from angerona.sealed.zones import hour_of
from angerona.words import (
    CLASSES,
    INSTRUMENTS,
    LIMITS,
    LINES,
    PURPOSES,
    RECIPIENTS,
    RELATIONS,
    ROLES,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from angerona.ledger.lines import OpenedLine

    Body = Mapping[str, Any]

ERASED: Final = "What stood here was erased; that something did still counts."
_MANY: Final = 6


@dataclass(frozen=True, slots=True)
class Said:
    """One line: its place from 1, its time (none if it was erased), its kind, its sentence.

    `by` is the id of who did it, in hexadecimal digits; `rules` are the grounds that permitted it.
    """

    place: int
    at: datetime.datetime | None
    kind: str
    sentence: str
    by: str = ""
    rules: tuple[str, ...] = ()


def in_words(lines: Iterable[OpenedLine], zone: datetime.tzinfo) -> list[Said]:
    """Each line with its time and its sentence, by a clock.

    A line that follows up another says which.
    """
    found = list(lines)
    times = {one.event_id.hex(): one.at for one in found}
    return [_said(one, times, zone) for one in found]


def _said(
    line: OpenedLine, times: Mapping[str, datetime.datetime | None], zone: datetime.tzinfo
) -> Said:
    place = line.leaf.place + 1
    if line.kind is None:
        return Said(place, None, "erased", ERASED)
    announced = times.get(str(line.body.get("announced")))
    when = _at(announced.astimezone(zone)) if announced else "an earlier day"
    body = {**line.body, "announced": when}
    for name in ("until", "to_day"):
        if name in body:
            body[name] = _until(body[name], zone)
    say = _SENTENCES.get(line.kind, _other(line.kind))
    sentence = say(body)
    return Said(
        place,
        line.at.astimezone(zone) if line.at else None,
        line.kind,
        f"{sentence[:1].upper()}{sentence[1:]}",
        by=_id_of(line.body.get("by")),
        rules=_texts(line.body.get("rules")),
    )


def _at(when: datetime.datetime) -> str:
    return f"{day(when)} at {hour_of(when, when.tzinfo or datetime.UTC)}"


def _until(given: object, zone: datetime.tzinfo) -> datetime.datetime | None:
    """When something ends, as a line says it; nothing where it has no end, or none is read."""
    try:
        return datetime.datetime.fromisoformat(str(given)).astimezone(zone)
    except ValueError:
        return None


def _id_of(person: object) -> str:
    return str(person.get("id", "")) if isinstance(person, dict) else ""


def _texts(given: object) -> tuple[str, ...]:
    return tuple(str(one) for one in given) if isinstance(given, list | tuple) else ()


def who(person: object) -> str:
    """A person as a line names one: name, and profession at that time."""
    if not isinstance(person, dict):
        return "somebody"
    roles = [ROLES.get(role, role) for role in _texts(person.get("roles"))]
    return f"{person.get('name', 'somebody')}{f' ({listed(roles)})' if roles else ''}"


def _look(body: Body) -> str:
    by, purpose = who(body.get("by")), _purpose(body)
    match body.get("what"):
        case str(what) if what in SEEN:
            return f"{by} saw {SEEN[what]}{_more(body)}."
        case "listed":
            return f"{by} saw which entries there are{purpose}."
        case "copied":
            copied = _classes(body.get("classes"))
            return f"{by} took a copy of {copied} out of this system{_for(body)}."
        case "packet again":
            return f"{by} had the file of{_packet(body) or ' a packet'} once more."
        case str(what) if what in COUNTED:
            count = body.get("clients", body.get("records", "some"))
            return f"{by} {COUNTED[what].format(count)}{_for(body)}."
        case what:
            by += ", as the second reader," if what == "to read second" else ""
            purpose = f", {what}" if str(what).startswith("to answer") else purpose
            return f"{by} looked at {_classes(body.get('classes'))}{purpose}.{_no_key(body)}"


def _for(body: Body) -> str:
    """What something was put on paper for."""
    return f", {body['for']}" if "for" in body else ""


def _more(body: Body) -> str:
    """How often besides the line before, in its minute."""
    count = body.get("more")
    return f", {count} more times in the same minute" if count else ""


def _disclosure(body: Body) -> str:
    by = who(body.get("by"))
    if body.get("what") == "receipt":
        return f"{by} made the proof of who looked, for the client to take home."
    return (
        f"{by} prepared {_classes(body.get('classes'))} to hand over to "
        f"{_recipient(body)}{_purpose(body)}{_instrument(body)}.{_gaps(body)}{_no_key(body)}"
    )


def _packet(body: Body) -> str:
    packet = str(body.get("packet", ""))
    return f" packet {short_id(bytes.fromhex(packet))}" if _is_id(packet) else ""


def _handed_over(body: Body) -> str:
    named = f",{packet}" if (packet := _packet(body)) else ""
    how = body.get("how", "")
    return (
        f"{who(body.get('by'))} handed over what was prepared on {body['announced']}"
        f"{f' ({how}{named})' if how else named}."
    )


def _failed(body: Body) -> str:
    why = body.get("why")
    return (
        f"What was announced on {body['announced']} came to nothing"
        f"{f': {why}' if why else ''}. Nothing was shown and nothing left."
    )


def _refusal(body: Body) -> str:
    by, wanted = who(body.get("by")), _classes(body.get("wanted"))
    refused = REFUSED.get(str(body.get("outcome")), "Refused.")
    if str(body.get("to", "workforce")) not in {"workforce", "client"}:
        return (
            f"{_recipient(body)} asked for {wanted}{_purpose(body)}{_instrument(body)}; "
            f"{by} put the question. {refused}"
        )
    asked = "write" if body.get("what") == "kept" else "see"
    return f"{by} asked to {asked} {wanted}{_purpose(body)}. {refused}"


def _kept(body: Body) -> str:
    wrote = {"brought": "brought in", "amended": "amended"}.get(str(body.get("what")), "wrote")
    return f"{who(body.get('by'))} {wrote}: {_classes(body.get('classes'))}."


def _done(body: Body) -> str:
    """A duty that was done, the telling of the client among them."""
    how = body.get("how")
    return (
        f"{who(body.get('by'))} did what was owed: {body.get('what', 'something')}"
        f"{f' ({how})' if how else ''}."
    )


def _notice(body: Body) -> str:
    """That the client was told, by which way and of what; or that somebody chose not to, yet."""
    by, way = who(body.get("by")), str(body.get("way", ""))
    of = f": \u201c{body['said']}\u201d" if body.get("said") else "."
    if way == "none":
        return f"{by} chose not to tell the client of this{of}"
    if way == "later":
        until = f" until {_at(last)}" if (last := body.get("to_day")) else ""
        return f"{by} put off telling the client of this{until}{of}"
    if way not in WAYS:
        return _done(body)
    where = f" ({body['where']})" if body.get("where") else ""
    ping = PINGS.get(str(body.get("ping", "")), "")
    return f"{by} told the client {WAYS[way]}{where}{ping}{of}"


def _call(body: Body) -> str:
    """That somebody was called, and nothing of what was written."""
    names = listed(_texts(body.get("called")) or ("nobody",))
    return f"A call for help went to {names}, because of this: {body.get('what', 'something')}."


def _grant(body: Body) -> str:
    by = who(body.get("by"))
    if body.get("what") == "consent":
        to = _recipients(body)
        return f"{by} put a consent on file: {_classes(body.get('classes'))}, to {to}."
    if body.get("what") == "consent completed":
        return f"{by} answered what the law asks about a consent, to {_recipients(body)}."
    if body.get("what") == "own way in":
        return f"{by} gave the client a way in to these pages."
    if body.get("what") == "own way in renewed":
        return f"{by} gave the client a new way in, in person; the former one opens nothing."
    until = body.get("until")
    return (
        f"{by} let {who(body.get('whom'))} in as {_relation(body)}"
        f"{f', until {_at(until)}' if until else ''}."
    )


_TOLD_OR_NOT: Final = {
    "consent ended, to be told": "those who got something are told that a consent ended",
    "consent ended, not to be told": "those who got something are not told that a consent ended",
}


def _revocation(body: Body) -> str:
    by = who(body.get("by"))
    if body.get("what") == "consent taken back":
        return f"{by} took a consent back, as the client wished."
    if body.get("what") == "consent refused":
        to = _recipients(body)
        return f"{by} wrote down a no: {_classes(body.get('classes'))}, to {to}."
    if body.get("what") == "keys taken back":
        return f"{by} took back the last keys of {who(body.get('whom'))}."
    if told := _TOLD_OR_NOT.get(str(body.get("what"))):
        return f"{by} wrote down that {told}."
    if body.get("what") == "consent narrowed":
        to = _recipients(body)
        return f"{by} narrowed a consent to {_classes(body.get('classes'))}, to {to}."
    return f"{by} ended the tie of {who(body.get('whom'))} as {_relation(body)}."


def _keys(body: Body) -> str:
    by = who(body.get("by"))
    match body.get("what"):
        case "record opened":
            treating = who(body.get("treating"))
            return f"{by} opened this record{' and' if treating == by else f'; {treating}'} treats."
        case "opening requested":
            limit = LIMITS.get(str(body.get("limit")), "a limit of silence")
            return f"{by} asked the key holders to open a part of the record ({limit})."
        case str(what) if what in KEYS_SAID:
            return f"{by} {KEYS_SAID[what]}."
        case what:
            return f"{by}: {what}." if what else f"{LINES['keys']}."


def _second_reading(body: Body) -> str:
    by, why = who(body.get("by")), body.get("why")
    said = f": {why}" if why else ""
    leaves = f"{_classes(body.get('classes'))}, to {_named(body, 'recipient')}"
    match body.get("what"):
        case "asked":
            return f"{by} asked {who(body.get('whom'))} to read before it leaves: {leaves}{said}."
        case "agreed":
            return f"{by} read as the second reader and agreed: {leaves}{said}."
        case "narrowed":
            return f"{by} read as the second reader and agreed to less: {leaves}{said}."
        case "objected":
            return f"{by} read as the second reader and objected: {leaves}{said}."
        case "passed on" | "stepped aside" | "read afterwards" as what:
            return _reading_after(body, str(what), f"{leaves}{said}")
        case _:
            consultant = body.get("consultant", "somebody outside")
            return (
                f"{by} wrote down why this should leave, having asked {consultant}, since nobody "
                f"here can read it second: {leaves}."
            )


def _reading_after(body: Body, what: str, leaves: str) -> str:
    """A reading that went on to somebody else, or that came after what could not wait."""
    by = f"{who(body['by'])} " if "by" in body else ""
    if what == "read afterwards":
        found = READ_AFTERWARDS.get(str(body.get("found")), "said what was found")
        asked = f", having asked {body['consultant']}" if "consultant" in body else ""
        return f"{by}read afterwards what had left{asked}, and {found}: {leaves}."
    whom = f"{who(body['whom'])} is asked to read second" if "whom" in body else "nobody is left"
    if what == "stepped aside":
        return f"{by}stepped aside, and {whom}: {leaves}."
    before = f", in place of {who(body['from'])}" if "from" in body else ""
    passed = f"{by}passed a reading on: " if by else ""
    return f"{passed}{whom}{before}: {leaves}."


def _matter(body: Body) -> str:
    """A step of a matter: what was done, and who had asked for what, as far as the line says."""
    how = f" ({body['how']})" if body.get("how") else ""
    facts = [one.replace(".", " ").replace("_", " ") for one in _texts(body.get("facts"))]
    answered = f" ({listed(facts)})" if facts else ""
    done = f"{who(body.get('by'))} {body.get('what', 'saw to something')}{answered}{how}"
    if "to" not in body:
        return f"{done}{_instrument(body)}."
    whom = _named(body, "recipient")
    if "purpose" not in body:
        return f"{done}; {whom}."
    wanted = _classes(body["wanted"]) if "wanted" in body else "everything there is"
    asked = f"{whom[:1].upper()}{whom[1:]} asked for {wanted}"
    return f"{done}. {asked}{_purpose(body)}{_instrument(body)}."


def _setting(body: Body) -> str:
    by = who(body.get("by"))
    match body.get("what"):
        case "how to reach":
            return f"{by} changed how to be reached."
        case "read about staying unseen":
            return f"{by} read how to stay unseen."
        case "who is close":
            return f"{by} noted which members are close to the client, and so decide nothing."
        case "when the treatment ended":
            return f"{by} put down when the treatment ended."
        case what:
            return f"{by} chose {what}." if what else f"{LINES['setting']}."


def _opened(body: Body) -> str:
    seats = listed(_texts(body.get("seats")) or ("some",))
    limit = LIMITS.get(str(body.get("limit")), "a limit of silence")
    return (
        f"Key holders {seats} opened a part of the record together for {who(body.get('by'))} "
        f"({limit}), until {_at(until) if (until := body.get('until')) else 'a time'}."
    )


def _other(kind: str) -> Callable[[Body], str]:
    def say(body: Body) -> str:
        by = f" ({who(body['by'])})" if "by" in body else ""
        return f"{LINES.get(kind, kind.replace('_', ' '))}{by}."

    return say


_SENTENCES: Final[Mapping[str, Callable[[Body], str]]] = {
    "look": _look,
    "disclosure": _disclosure,
    "handed_over": _handed_over,
    "failed": _failed,
    "refusal": _refusal,
    "kept": _kept,
    "call": _call,
    "done": _done,
    "second_reading": _second_reading,
    **dict.fromkeys(("request", "danger", "report", "right", "incident", "hold"), _matter),
    "notice": _notice,
    "grant": _grant,
    "revocation": _revocation,
    "keys": _keys,
    "setting": _setting,
    "opened": _opened,
}


def _classes(names: object) -> str:
    found = [CLASSES.get(str(one), str(one)) for one in names] if isinstance(names, list) else []
    if len(found) > _MANY:
        return f"{len(found)} kinds of information"
    return listed(found) if found else "something"


def _gaps(body: Body) -> str:
    """How many passages of entries were left out."""
    found = body.get("passages")
    counts = found.values() if isinstance(found, dict) else ()
    count = sum(one for one in counts if isinstance(one, int))
    return f" Passages left out: {count}." if count else ""


def _no_key(body: Body) -> str:
    """What stayed shut although it was permitted."""
    shut = body.get("no_key")
    return f" Not opened: {_classes(shut)}, for want of a key." if shut else ""


def _recipients(body: Body) -> str:
    """To whom something may go."""
    return listed(RECIPIENTS.get(one, one) for one in _texts(body.get("to")) or ("nobody",))


def _recipient(body: Body) -> str:
    return _named(body, "what")


def _named(body: Body, where: str) -> str:
    """A recipient by kind, and by the name that stands under a key of the body."""
    kind = RECIPIENTS.get(str(body.get("to")), "someone")
    named = body.get(where)
    alone = ", for the judge alone to read" if body.get("in_camera") else ""
    return f"{kind} ({named}){alone}" if named and named != kind else f"{kind}{alone}"


def _purpose(body: Body) -> str:
    said = PURPOSES.get(str(body.get("purpose")))
    return f", for {said}" if said else ""


def _instrument(body: Body) -> str:
    said = INSTRUMENTS.get(str(body.get("instrument")))
    return f", on {said}" if said and body["instrument"] != "none" else ""


def _relation(body: Body) -> str:
    return RELATIONS.get(str(body.get("relation")), "a colleague")


def _is_id(digits: str) -> bool:
    try:
        return len(bytes.fromhex(digits)) > 0
    except ValueError:
        return False
