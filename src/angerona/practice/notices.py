"""Telling the client what was asked, seen or disclosed: whether, by which way, in which words.

Where the law forbids telling, nothing is sent, whatever is pressed: it is weighed again at the
moment of telling (`rules/client_notice.py`). Where it is left open, somebody chooses, with a reason
either way. What is told goes by a way that the client allows (`contact.py`), and never to pages
that are quiet. The words are kept in the record first, under an id that belongs to the duty; the
line that ends the duty follows, with whatever says that something waits. So what was begun and
broken off is done once when it is tried again.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from angerona.ciphers.derive import derived
from angerona.errors import BadInput, Conflicting, NotPermitted, Unknown, one_of
from angerona.gate.keeping import Draft
from angerona.gate.owing import LOOK, TELL_LATER
from angerona.notices.letters import draft as filled
from angerona.notices.letters import fitting_letters, open_blanks
from angerona.notices.paragraphs import day
from angerona.packs.texts import Occasion, Text, load_texts
from angerona.practice.contact import carries, contact_of
from angerona.practice.duties import duty_of, ended, tells_client
from angerona.practice.messages import CORRESPONDENCE, TEXT_MAX, mail_for, pages_closed
from angerona.practice.paging import put_pages
from angerona.practice.representatives import ages_of
from angerona.practice.supervision import name_as_met
from angerona.practice.who_looked import in_words
from angerona.rules.ask import read_ask
from angerona.rules.client_notice import Telling, forbidding_facts, telling
from angerona.sealed.duties import OWES
from angerona.sealed.held_lines import HELD
from angerona.words import RECIPIENTS

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping

    from angerona.gate.door import Door
    from angerona.ledger.lines import OpenedLine, Written
    from angerona.practice.contact import Contact
    from angerona.rules.compile import Packs
    from angerona.sealed.authority import Authority
    from angerona.sealed.duties import Duty
    from angerona.sealed.vault import Vault, Visit
    from angerona.store import Writing

WAYS: Final[Mapping[str, str]] = {
    "pages": "A message on the client's own pages",
    "post": "A letter",
    "phone": "A phone call",
    "in_person": "In person",
}
"""By which ways a client is told something."""
PINGS: Final[Mapping[str, str]] = {
    "": "Nothing",
    "mail": "An e-mail that says only that a message waits",
    "text": "A text message of your own that says only that a message waits",
}
"""What may say besides that a message waits on the client's own pages; none says what it is."""
PING: Final = "You have a new message. Sign in when it is safe to read it."
HEADING: Final = "Notice"
NOT_TOLD: Final = "none"
"""What stands in a line in place of a way where somebody chose not to tell."""
PLAIN: Final = Text(
    id="own.notice",
    kind="disclosure_notice",
    packs=None,
    outcomes=None,
    to=None,
    purposes=None,
    instruments=None,
    says="We want you to know this.\n\nOn {day} this was written down about your record:\n\n"
    "{happened}\n\nYou can ask us why. You can see each such line in your list of who looked.",
    title="A plain notice",
)
"""The words to begin with where no letter fits."""
_ENTRY: Final = "angerona/notice/entry/v1"
_TAIL: Final = 2
_ABOUT: Final = "law"


@dataclass(frozen=True, slots=True)
class NoticeWay:
    """A way to tell somebody: a word of `WAYS`, where it leads, why it is closed, if it is.

    `where` is the end of a number or address, enough to know it by.
    """

    name: str
    where: str = ""
    closed: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Notice:
    """What the client is to be told, or not: what happened, what the law says of telling, the ways.

    `words` to begin with, the fittest first: the id of a text, its title, and what it says.
    `contact` and `ways` are not there for whoever may not see how to reach the client.
    """

    duty: Duty
    client: str
    happened: str
    telling: Telling
    words: tuple[tuple[str, str, str], ...]
    contact: Contact | None
    ways: tuple[NoticeWay, ...]

    @property
    def is_choice(self) -> bool:
        """Whether the law leaves it open, so that a reason is owed either way."""
        return bool(self.duty.row.duty["mode"] == "discretionary")

    @property
    def is_forbidden(self) -> bool:
        """Whether the client must not be told now."""
        return self.telling.mode == "prohibited"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Sent:
    """How the client is told: a word of `WAYS`, the words, what says that they wait (`PINGS`).

    `reason` is owed where the law leaves it open; `facts` answer what is asked first;
    `never_read`: that what the client said must never be done was read.
    """

    way: str
    text: str
    ping: str = ""
    reason: str = ""
    facts: Mapping[str, bool] = field(default_factory=dict)
    never_read: bool = False


def notice_of(
    door: Door,
    visit: Visit,
    client_id: bytes,
    duty_id: bytes,
    facts: Mapping[str, bool] | None = None,
) -> Notice | None:
    """What is to be told the client, and how it can be; nothing where it was done before.

    With a line that it was asked how to reach the client. Raises `Unknown` as `duty_of`, and for a
    duty to tell somebody else.
    """
    duty = notice_duty(visit, client_id, duty_id)
    if duty is None:
        return None
    vault, contact, ways = visit.vault, None, tuple[NoticeWay, ...]()
    authority = vault.authority(client_id)
    with suppress(NotPermitted):
        contact = contact_of(visit, client_id)
        ways = ways_to(contact, authority)
    took_place = happened(vault, duty)
    return Notice(
        duty,
        name_as_met(visit, authority),
        took_place,
        _telling(door, visit, duty, facts or {}),
        _words(vault, duty, took_place),
        contact,
        ways,
    )


def ways_to(contact: Contact, authority: Authority) -> tuple[NoticeWay, ...]:
    """Every way, each open or closed as the client has said. Speaking in person is always open.

    It is all that is open once the client has died: somebody may act in the client's place, and
    whoever opens the letters is nobody who was told of.
    """
    return tuple(_way(contact, authority, name) for name in WAYS)


def _way(contact: Contact, authority: Authority, name: str) -> NoticeWay:
    if name == "in_person":
        return NoticeWay(name)
    if name == "pages":
        return NoticeWay(name, closed=pages_closed(authority))
    address = " ".join(contact.address(name).split())
    closed = ""
    if authority.client.standing.death is not None:
        closed = "the client has died"
    elif not contact.is_said:
        closed = "nothing was said yet of how to reach the client"
    elif not contact.way(name).allowed:
        closed = "the client does not want it"
    elif not carries(contact.way(name), _ABOUT):
        closed = "the client wants it for other things only"
    elif not address:
        closed = "nothing is on file"
    return (
        NoticeWay(name, closed=closed) if closed else NoticeWay(name, f"\u2026 {address[-_TAIL:]}")
    )


def send_notice(
    door: Door, visit: Visit, client_id: bytes, duty_id: bytes, sent: Sent
) -> Written | None:
    """Tell the client, and mark that as done; nothing is done where it was done before.

    The words go into the record, for the client to read there; by phone or in person they are the
    note of what was said. Raises `Unknown`, `NotPermitted` for whoever may not see how to reach the
    client, and `BadInput` where the law forbids telling, where something must be known first, for
    a way that is closed, for words that are missing or have a gap.
    """
    notice = notice_of(door, visit, client_id, duty_id, sent.facts)
    if notice is None:
        return None
    if notice.contact is None:
        raise NotPermitted
    may_be_told(notice.telling)
    way = _checked(notice, notice.contact, sent)
    authority, vault = visit.vault.authority(client_id), visit.vault
    says: dict[str, object] = {"way": way.name, "said": notice.happened}
    says |= {name: one for name, one in (("where", way.where), ("ping", sent.ping)) if one}
    if notice.is_choice:
        says["reason"] = vault.reason_sealed(client_id, sent.reason)
    mail = mail_for(authority, visit.at, about=_ABOUT) if sent.ping == "mail" else []
    entry_id = derived(duty_id, _ENTRY, vault.practice_id)[:16]
    kept = Draft(wanted=CORRESPONDENCE, heading=HEADING, text=sent.text, entry_id=entry_id)
    with suppress(Conflicting):  # an earlier try got this far
        door.deposit(visit, client_id, kept)
    says["entry"] = entry_id.hex()

    def change(writing: Writing) -> None:
        put_pages(vault, mail, writing)

    with suppress(Conflicting):
        return ended(visit, notice.duty, says=says, change=change)
    return None


def leave_untold(visit: Visit, client_id: bytes, duty_id: bytes, reason: str) -> Written | None:
    """Choose not to tell the client, where the law leaves that open, with a reason.

    Raises `BadInput` where telling is no choice, and for a reason that says nothing; `Unknown`.
    """
    duty = notice_duty(visit, client_id, duty_id)
    if duty is None:
        return None
    if duty.row.duty["mode"] != "discretionary":
        raise BadInput("notice", "is not left open by the law", "to tell the client")
    sealed = visit.vault.reason_sealed(client_id, reason)
    says = {"way": NOT_TOLD, "said": happened(visit.vault, duty), "reason": sealed}
    with suppress(Conflicting):
        return ended(visit, duty, says=says)
    return None


def notice_duty(visit: Visit, client_id: bytes, duty_id: bytes) -> Duty | None:
    """A duty to tell a client; nothing where it was done before. Raises `Unknown`, as `duty_of`."""
    duty = duty_of(visit, client_id, duty_id)
    if duty is not None and not tells_client(duty):
        visit.vault.refused_stranger(visit.at)
        raise Unknown
    return duty


def may_be_told(found: Telling) -> None:
    """Raise `BadInput` where the law forbids telling, and while it may, for all that is known."""
    if found.mode == "prohibited":
        raise BadInput("notice", "must not be given: the law forbids telling now", "a later day")
    if found.ask_first:
        raise BadInput("notice", "hangs on what is not answered yet", one_of(found.ask_first))


def _checked(notice: Notice, contact: Contact, sent: Sent) -> NoticeWay:
    """The way, if it is open and all is there that is needed for it."""
    opened = {one.name: one for one in notice.ways if not one.closed}
    if sent.way not in opened:
        why = next((one.closed for one in notice.ways if one.name == sent.way), "is none")
        raise BadInput("way", f"is closed: {why}", one_of(opened))
    if sent.ping not in PINGS or (sent.ping and not _may_ping(contact, sent)):
        raise BadInput("word that it waits", "is not allowed by the client", "nothing")
    if contact.never and not sent.never_read:
        raise BadInput("what must never be done", "was not read", "reading it, and saying so")
    if not sent.text.strip() or len(sent.text) > TEXT_MAX:
        raise BadInput("words", "are missing or too many", f"1 to {TEXT_MAX} characters")
    if blanks := open_blanks(sent.text):
        raise BadInput("words", f"have a gap: [{blanks[0].name}]", "words in its place")
    if notice.is_choice and not sent.reason.strip():
        raise BadInput("reason", "is missing", "a few words: the law leaves this to you")
    return opened[sent.way]


def _may_ping(contact: Contact, sent: Sent) -> bool:
    may = carries(contact.way(sent.ping), _ABOUT) and bool(contact.address(sent.ping))
    return sent.way == "pages" and may


def weighed_now(
    packs: Packs, vault: Vault, duty: Duty, facts: Mapping[str, bool], at: datetime.datetime
) -> Telling:
    """What the law says of telling at a moment; of `facts` only what is asked counts.

    Whether a delay is on does not count here. What forbade it once is asked anew where a line was
    held back. Raises `BadAsk` for a pack that is not loaded any more.
    """
    row, rule = duty.row, duty.row.duty
    if "asked" not in rule:
        return Telling(rule["mode"], (), ())
    authority, practice = vault.authority(row.client_id), vault.practice()
    signed = authority.documents_on(practice.local(at).date(), ages_of(vault, packs))
    known = dict(rule["asked"]["facts"])
    events = rule["events"]

    def weighed(stated: Mapping[str, object]) -> Telling:
        raw = {
            **rule["asked"],
            "at": practice.local(at).isoformat(),
            "consents": signed,
            "facts": {**known, **stated, **authority.client.facts},
        }
        ask = read_ask(raw, packs.facts, packs.packs)
        if rule["id"] == TELL_LATER and not stated:
            for one in forbidding_facts(ask, packs, rule["grounds"], events):
                known.pop(one, None)
            raw["facts"] = {**known, **authority.client.facts}
            ask = read_ask(raw, packs.facts, packs.packs)
        return telling(ask, packs, rule["grounds"], events)

    found, stated = weighed({}), dict[str, object]()
    while more := {one: facts[one] for one in found.ask_first if one in facts}:
        stated |= more
        found = weighed(stated)
    return found


def is_held(duty: Duty, at: datetime.datetime) -> bool:
    """Whether a delay is on: the client's list keeps silent of it."""
    return duty.row.held_until is not None and at < duty.row.held_until


def _telling(door: Door, visit: Visit, duty: Duty, facts: Mapping[str, bool]) -> Telling:
    """What the law says of telling now: while a delay is on it is forbidden, whatever is known."""
    found = weighed_now(door.packs, visit.vault, duty, facts, visit.at)
    if not is_held(duty, visit.at):
        return found
    cite = duty.row.duty.get("cite")
    return Telling("prohibited", found.ask_first, (cite,) if cite else ())


def happened(vault: Vault, duty: Duty) -> str:
    """What the line of the act says, as the client reads it."""
    rule, digest = duty.row.duty, duty.digest(vault.practice_id)
    if "said" in rule:
        return str(rule["said"])
    zone = vault.practice().zone
    for subject_id in (duty.row.client_id, vault.practice_id):
        lines = [
            one for one in vault.ledger.lines_of(subject_id) if digest in one.body.get(OWES, ())
        ]
        if lines:
            return in_words([_as_told(lines[0])], zone)[0].sentence
    return str(rule["what"])


def _as_told(line: OpenedLine) -> OpenedLine:
    """A line that is held back, as it will stand on the client's list."""
    return replace(line, kind=line.body.get(HELD, line.kind))


def _words(vault: Vault, duty: Duty, took_place: str) -> tuple[tuple[str, str, str], ...]:
    """The words to begin with: of the letters that fit, and plain ones."""
    when = day(duty.row.at.astimezone(vault.practice().zone))
    plain = PLAIN.says.format(day=when, happened=took_place)
    asked = duty.row.duty.get("asked", {})
    known = {"shared on": when, "looked on": when, "recipient": RECIPIENTS.get(asked.get("to"), "")}
    letters = (
        (one.id, one.title, filled(one, _of_blanks(one, known)).text) for one in _letters(duty)
    )
    return (*letters, (PLAIN.id, PLAIN.title, plain))


def _of_blanks(letter: Text, known: Mapping[str, str]) -> dict[str, str]:
    """What is known of the blanks of a letter."""
    names = {blank.name for blank in letter.blanks}
    return {name: value for name, value in known.items() if name in names}


def _letters(duty: Duty) -> tuple[Text, ...]:
    rule = duty.row.duty
    if "asked" not in rule:
        return ()
    kind = "look_notice" if duty.row.act == LOOK else "disclosure_notice"
    if rule["id"] == TELL_LATER:
        kind = "late_notice"
    named = ("packs", "to", "purpose", "instrument")
    occasion = Occasion(**{name: rule["asked"][name] for name in named})
    return fitting_letters(load_texts(), kind, occasion)
