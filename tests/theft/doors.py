"""Every door through which a person's words come into a practice, one after the other.

A new way to type something gets a function here and its place in `DOORS`; test_theft.py counts
which functions of `practice` and `gate` were called and names those that were not. Each function
is given the `Desk`: the open practice, words to type, folders to write into.
"""

import contextlib
import datetime
import io
import os
import traceback

from angerona.errors import (
    BadAsk,
    BadInput,
    NotPermitted,
    StoreFull,
    Unknown,
    WrongSignIn,
)
from angerona.gate.door import Prepared, Receipt, Shown
from angerona.gate.emergency import absorb, look_in_emergency
from angerona.gate.gathering import Wish
from angerona.gate.owing import AFTER, TELL_OR_NOT
from angerona.gate.paring import LeftOut
from angerona.practice import caseload, openings, who_looked, zones
from angerona.practice.clients import NewClient, enrol_client, establish
from angerona.practice.colleagues import colleague_of, colleagues, give_post
from angerona.practice.consents import (
    keep_consent,
    listed_consents,
    narrow_consent,
    take_back_consent,
)
from angerona.practice.documents import file_of
from angerona.practice.duties import calls_waiting, fulfil, owed
from angerona.practice.erasure import erase_client
from angerona.practice.exporting import copy_record
from angerona.practice.importing import import_notes
from angerona.practice.importing_files import found_in, notes_of_files
from angerona.practice.importing_notes import notes_of
from angerona.practice.importing_rows import read_table
from angerona.practice.members import (
    NewMember,
    add_passkey,
    change_password,
    enrol_member,
    renew_recovery_code,
    sign_in_in_emergency,
    sign_in_with_passkey,
    sign_in_with_password,
    sign_in_with_recovery_code,
    sign_out,
)
from angerona.practice.night_sheet import night_sheet
from angerona.practice.on_file import on_file
from angerona.practice.paper import end_paper, purpose_of, sheets
from angerona.practice.portal import give_way_in, questions_before_opening
from angerona.practice.roles import end_role, give_role, own_changes, set_end
from angerona.practice.ties import begin_tie
from angerona.sealed.compartments import COMPARTMENT_OF, EVENTS
from small_practice import AT
from theft.accounts import appointments, back_in, invited, paged, seconds
from theft.alarms import alarms
from theft.bringing import batches, listed_clients
from theft.clinic import care, drafts, forms, searched
from theft.commands import command_line
from theft.consents import consents
from theft.families import standing, together
from theft.keys import partings, quorum, successor, ties
from theft.leaving import made_up
from theft.matters import matters
from theft.notices import notices, reminded
from theft.officer import nights, overseen
from theft.own_pages import own_pages
from theft.rights import rights
from theft.second_readings import going_on, second_readings, standing_in
from theft.words import BORN, TELEPHONE

DAY = datetime.timedelta(days=1)
CHOSEN = {AFTER, TELL_OR_NOT}
LONG_AGO = 1_600_000_000


class Desk:
    """Where everything is done: the practice, the words, the folders that thieves reach."""

    def __init__(self, practice, words, folder, elsewhere):
        self.practice, self.words, self.folder = practice, words, folder
        self.elsewhere = elsewhere
        self.vault, self.door, self.packs = practice.vault, practice.door, practice.door.packs
        self.clients, self.entries = {}, {}

    def typed(self, what):
        return self.words.typed(what)

    def visit(self, name):
        return self.practice.visit(name)

    def person(self, name):
        return self.practice.people[name]

    @contextlib.contextmanager
    def refused(self, kind):
        """What is wrong is said aloud, with everything Python can say of it."""
        try:
            yield
        except kind:
            traceback.print_exc()
        else:
            raise AssertionError("this should have been refused")


def members(desk):
    """Colleagues, their passwords, their codes, a passkey."""
    for name, roles, posts in (
        ("Tess", ("psychologist",), ("on_call",)),
        ("Sue", ("psychologist",), ()),
        ("Olaf", (), ("privacy_officer", "front_desk")),
    ):
        password = desk.words.secret(f"password of {name}", desk.typed("password"))
        called = desk.typed(name)
        with desk.visit("Thea") as visit:
            made = enrol_member(visit, NewMember(name=called, roles=roles, posts=posts), password)
        code = desk.words.secret(f"recovery code of {name}", made.recovery_code)
        desk.practice.people[name] = made.person_id
        cookie = sign_in_with_recovery_code(desk.vault, called, code, AT)
        desk.practice.cookies[name] = cookie
        with desk.visit(name) as visit:
            desk.words.secret(f"seed of {name}", visit.unlocked.keys.seed)
            passkey = desk.words.secret(f"passkey of {name}", os.urandom(32))
            credential_id = add_passkey(visit, desk.typed("passkey"), passkey)
            desk.words.secret(f"new recovery code of {name}", renew_recovery_code(visit))
            new = desk.words.secret(f"new password of {name}", desk.typed("newpassword"))
            change_password(visit, new)
        sign_in_with_passkey(desk.vault, credential_id, passkey, AT)
        cookie = sign_in_with_password(desk.vault, f" {called.upper()} ", new, AT)
        desk.practice.cookies[name] = desk.words.secret(f"cookie of {name}", cookie)
        with desk.visit("Thea") as visit:
            assert colleague_of(visit, called) in colleagues(visit)
    with desk.visit("Thea") as visit:
        give_post(visit, desk.person("Sue"), "front_desk")
        give_role(visit, desk.person("Sue"), "trainee")
        set_end(visit, desk.person("Sue"), "trainee", AT + datetime.timedelta(days=30))
        end_role(visit, desk.person("Sue"), "trainee")
        assert own_changes(visit)


def clocks(desk):
    """Another zone, and hours by it."""
    with desk.visit("Olaf") as visit:
        zones.change_zone(visit, "Europe/Berlin")
        for given in ("2026-10-25T02:30", "2026-03-29T02:30", desk.typed("hour")):
            if not zones.comes_twice(given, desk.vault.practice().zone):
                with desk.refused(BadInput):
                    zones.read_moment("starts", given, desk.vault.practice().zone)
        with desk.refused(BadInput):
            zones.change_zone(visit, desk.typed("zone"))
        zones.change_zone(visit, "UTC")
    assert zones.times_are("UTC").endswith(f"{zones.spoken('UTC')}.")


def clients(desk):
    """Clients with all that is asked of them."""
    for client in ("Ada", "Otto"):
        who = NewClient(
            name=desk.typed(client),
            contact={"telephone": TELEPHONE, "mail": f"{desk.typed('mail')}@example.org"},
            facts={"client.age": 34},
        )
        with desk.visit("Tess") as visit:
            desk.clients[client] = enrol_client(visit, who, treating=desk.person("Tess"))
    with desk.visit("Tess") as visit:
        password = desk.words.secret("password of Ada", desk.typed("adapassword"))
        called = desk.typed("adasignin")
        made = give_way_in(visit, desk.clients["Ada"], called, password)
        desk.words.secret("recovery code of Ada", made.recovery_code)
        establish(visit, desk.packs, desk.clients["Ada"], {"client.capacity": True})
        on_file(visit, desk.clients["Ada"])
        questions_before_opening(visit, desk.packs, desk.clients["Ada"])
        for one in caseload.caseload(visit):
            caseload.client_of(visit, one.short_id)
    desk.practice.people["Ada"] = made.person_id
    desk.practice.cookies["Ada"] = sign_in_with_password(desk.vault, called, password, AT)


def entries(desk):
    """An entry of each class, with headings, files and names of files; an amendment."""
    for wanted, kept_in in COMPARTMENT_OF.items():
        if kept_in != EVENTS:
            kept = desk.practice.keep(
                "Tess",
                desk.clients["Ada"],
                wanted,
                f"{desk.typed('text')}. " * 8,
                heading=desk.typed("heading"),
                file=io.BytesIO(desk.typed("file").encode() * 8),
                file_name=f"{desk.typed('filename')}.pdf",
            )
            desk.entries[wanted] = kept.entry_id
    desk.practice.keep(
        *("Tess", desk.clients["Ada"], "progress_note", desk.typed("amendment")),
        amends=desk.entries["progress_note"],
    )
    desk.practice.keep("Tess", desk.clients["Otto"], "risk", desk.typed("risk"))


def deposits(desk):
    """The desk leaves a scan that it cannot read again."""
    from angerona.gate.keeping import Draft  # noqa: PLC0415 -- only here

    draft = Draft(
        wanted="correspondence",
        heading=desk.typed("left"),
        text=desk.typed("scan"),
        purpose="operations",
        file=io.BytesIO(desk.typed("scanned").encode()),
        file_name=desk.typed("scanname"),
    )
    with desk.visit("Olaf") as visit:
        desk.door.deposit(visit, desk.clients["Ada"], draft)


def imported(desk):
    """Notes from a file, good and bad. The file itself is the person's own, and lies elsewhere."""
    lines = ["client,date,class,heading,text,born"]
    lines += [
        f"{desk.typed('imported')},2025-03-0{day},risk,{desk.typed('h')},{desk.typed('t')},{BORN}"
        for day in (1, 2)
    ]
    lines += [f"{desk.typed('x')},{desk.typed('nodate')},{desk.typed('noclass')},h,t,{BORN}"]
    table = read_table(io.BytesIO("\n".join(lines).encode()))
    with desk.visit("Tess") as visit:
        for taken in import_notes(desk.door, visit, notes_of(table), clock=lambda: AT):
            print(taken)  # noqa: T201 -- on stdout, as the command line says it
    folder = desk.elsewhere / "old"
    for name, data in (("scan.pdf", f"%PDF {desk.typed('scan')}"), ("page.html", "<html>")):
        path = folder / desk.typed("folder of a client") / name
        path.parent.mkdir(parents=True)
        path.write_text(data)
        os.utime(path, (LONG_AGO, LONG_AGO))
    with desk.visit("Tess") as visit:
        notes = notes_of_files(folder, found_in(folder), "correspondence")
        for taken in import_notes(desk.door, visit, notes, clock=lambda: AT):
            print(taken)  # noqa: T201 -- the same


def taken_along(desk):
    """A record goes out with its files; what is written out is the person's own."""
    with desk.visit("Tess") as visit:
        purpose = purpose_of("read", AT)
        copy = copy_record(desk.door, visit, desk.clients["Ada"], purpose=purpose)
    assert copy.as_json()
    for name in copy.files:
        copy.fetch(name, io.BytesIO())
    with desk.visit("Tess") as visit:
        night_sheet(desk.door, visit, paper="a4", purpose=purpose_of("night", AT))
        for one in sheets(visit):
            end_paper(visit, one.duty.duty_id, "filed")


def looks(desk):
    """Everybody looks, with reasons, at everything, with the files; most are refused something."""
    ada = desk.clients["Ada"]
    for name in desk.practice.people:
        purpose = "operations" if name == "Olaf" else "treatment"
        try:
            shown = desk.practice.look(name, ada, purpose=purpose, reason=desk.typed("reason"))
        except Unknown:
            traceback.print_exc()
            continue
        for place, entry in shown.entries if isinstance(shown, Shown) else ():
            if entry.attachment:
                desk.door.fetch(ada, shown, place.entry_id, io.BytesIO())
                file_of(desk.door, ada, shown, place.entry_id).first_pages()
    mine = [desk.entries[one] for one in ("psychotherapy_note", "legal")]
    assert isinstance(desk.practice.look("Tess", ada, entry_ids=mine), Shown)
    with desk.visit("Tess") as visit:
        desk.door.list(visit, ada, purpose="treatment")
    with desk.visit("Olaf") as visit:
        seen = desk.door.who_looked(visit, ada)
        who_looked.in_words(seen, datetime.UTC)


def disclosures(desk):
    """A consent, a preview, a release that is handed over, one that fails, one refused."""
    ada = desk.clients["Ada"]
    document = {
        "by": "client",
        "form": desk.typed("form").split()[0],
        "classes": ["diagnosis"],
        "to": ["insurer"],
        "purposes": ["insurance"],
        "from": "2026-01-01",
        "until": None,
        "revoked": None,
        "elements": {},
    }
    wish = Wish(
        wants=("diagnosis",),
        purpose="insurance",
        to="insurer",
        instrument="consent",
        facts={"care.minimum_ok": True, "recipient.identity_verified": True},
        reason=desk.typed("asked"),
    )
    with desk.visit("Tess") as visit:
        consent_id = keep_consent(visit, ada, document)
        listed_consents(visit, ada)
        desk.door.preview(visit, ada, wish)
        narrow_consent(visit, ada, consent_id, classes=["diagnosis"], until=None)
        desk.door.release(visit, ada, wish, recipient=desk.typed("recipient"))
        take_back_consent(visit, ada, consent_id)
    threat = Wish(
        wants=("risk", "identity"),
        purpose="protection",
        to="police",
        instrument="own_initiative",
        facts=desk.threat,
        reason=desk.typed("threat"),
    )
    for _ in range(2):
        with desk.visit("Tess") as visit:
            given = desk.door.release(
                visit,
                ada,
                threat,
                entry_ids=[desk.entries[one] for one in threat.wants],
                left_out=[LeftOut(desk.entries["risk"], 1, ((0, 9),))],
                recipient=desk.typed("officer"),
            )
        assert isinstance(given, Prepared), given
    desk.door.handed_over(given, AT, how=desk.typed("how"), packet_id=bytes(16))
    desk.door.failed(given, AT, why=desk.typed("why"))
    with desk.visit("Olaf") as visit:
        assert calls_waiting(visit) >= 0
        for duty in (one.duty for one in owed(visit) if one.duty.row.duty["id"] not in CHOSEN):
            fulfil(visit, duty.row.client_id, duty.duty_id, how=desk.typed("how it was done"))
    known = {"recipient.identity_verified": True, "us_hipaa.accounting_hold": False}
    with desk.visit("Olaf") as visit:
        receipt = desk.door.receipt(visit, ada, facts=known, since=None)
    assert isinstance(receipt, Receipt), receipt


def emergency(desk):
    """The ledger cannot be written, and somebody may die."""
    real = type(desk.vault.ledger).append

    def full(*_args, **_more):
        raise StoreFull("the disk is full")

    spool = desk.folder / "spool"
    type(desk.vault.ledger).append = full
    try:
        called = desk.vault.person(desk.person("Sue")).row.name
        password = desk.words.secrets["new password of Sue"]
        desk.practice.cookies["Sue"] = sign_in_in_emergency(desk.vault, called, password, AT)
        with desk.visit("Tess") as visit:
            look_in_emergency(
                desk.door,
                visit,
                desk.clients["Otto"],
                purpose="emergency",
                reason=desk.typed("emergency"),
                spool=spool,
            )
    finally:
        type(desk.vault.ledger).append = real
    absorb(desk.vault, spool, AT)


def wrong(desk):
    """Whatever can be typed wrongly, with the words that were typed in every wrong place."""
    ada, typed, vault = desk.clients["Ada"], desk.typed, desk.vault
    member = NewMember(name=typed("n"), roles=(typed("role"),), posts=())
    consent = {"by": typed("by"), typed("key"): typed("value"), "classes": [typed("class")]}
    wish = Wish(wants=(typed("wants"),), purpose=typed("purpose"), to=typed("to"))
    endless = NewClient(name=typed("long") * 99)
    odd = {typed("fact"): typed("value"), "client.age": typed("age")}
    for by, kind, attempt in (
        ("Olaf", BadInput, lambda visit: enrol_member(visit, member, typed("password"))),
        ("Tess", NotPermitted, lambda visit: enrol_member(visit, member, typed("password"))),
        ("Tess", BadInput, lambda visit: enrol_client(visit, endless, treating=bytes(16))),
        ("Tess", BadAsk, lambda visit: keep_consent(visit, ada, consent)),
        ("Tess", BadAsk, lambda visit: establish(visit, desk.packs, ada, odd)),
        (
            *("Tess", BadInput),
            lambda visit: begin_tie(visit, ada, bytes(16), typed("relation"), until=None),
        ),
        ("Tess", BadAsk, lambda visit: desk.door.look(visit, ada, purpose=typed("purpose"))),
        (
            *("Tess", BadAsk),
            lambda visit: desk.door.look(visit, ada, purpose="treatment", facts=odd),
        ),
        ("Tess", BadAsk, lambda visit: desk.door.release(visit, ada, wish, recipient="x")),
        ("Tess", Unknown, lambda visit: caseload.client_of(visit, typed("client"))),
        ("Tess", BadInput, lambda visit: change_password(visit, "short")),
        ("Tess", BadInput, lambda visit: give_way_in(visit, ada, typed("a"), typed("b"))),
        (
            *("Olaf", BadInput),
            lambda visit: openings.state_request(
                visit, ada, [typed("name")], limit=typed("limit"), reason="", expires=AT
            ),
        ),
        ("Tess", BadInput, lambda _: openings.read_contribution(typed("given").encode())),
        (
            *("Tess", BadInput),
            lambda _: notes_of(read_table(io.BytesIO(f"{typed('column')},b\n1,2".encode()))),
        ),
        (
            *("Tess", WrongSignIn),
            lambda _: sign_in_with_password(vault, typed("stranger"), typed("password"), AT),
        ),
        (
            *("Tess", WrongSignIn),
            lambda visit: sign_in_with_password(vault, visit.person.row.name, typed("w"), AT),
        ),
        (
            *("Tess", WrongSignIn),
            lambda visit: sign_in_with_recovery_code(vault, visit.person.row.name, typed("c"), AT),
        ),
    ):
        with desk.refused(kind), desk.visit(by) as visit:
            attempt(visit)
    for text in (typed("half") + "\ud83d", ""):
        with desk.refused(BadInput):
            desk.practice.keep("Tess", ada, "progress_note", text)
    with desk.refused(BadInput):
        desk.practice.keep("Tess", ada, "progress_note", typed("amends"), amends=bytes(16))


def goodbyes(desk):
    """A client asks to be erased; everybody signs out."""
    with desk.visit("Thea") as visit:
        erase_client(visit, desk.packs, desk.clients["Otto"], reason=desk.typed("leave"), facts={})
    for cookie in desk.practice.cookies.values():
        sign_out(desk.vault, cookie, AT)


DOORS = (
    members,
    clocks,
    seconds,
    paged,
    invited,
    clients,
    own_pages,
    entries,
    drafts,
    forms,
    care,
    searched,
    deposits,
    imported,
    listed_clients,
    batches,
    ties,
    standing,
    together,
    taken_along,
    looks,
    disclosures,
    made_up,
    consents,
    matters,
    rights,
    alarms,
    overseen,
    notices,
    reminded,
    second_readings,
    going_on,
    standing_in,
    quorum,
    emergency,
    wrong,
    nights,
    appointments,
    back_in,
    partings,
    goodbyes,
    successor,
    command_line,
)
