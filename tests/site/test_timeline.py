"""The entries of a look by month and session, each where it was first kept."""

import datetime
import hashlib

from angerona.notices.structured import Cosigned, structured_text
from angerona.sealed.compartments import CLASS_NUMBERS
from angerona.sealed.entries import EntryPlace, EntryText
from angerona.web.timeline import shut, timeline

TESS, SUE = b"t" * 16, b"s" * 16
MARCH = datetime.datetime(2026, 3, 2, 9, tzinfo=datetime.UTC)
MONTH = datetime.timedelta(days=31)


def entry(place, text, *, entry_id=None, version=1, heading="", wanted="risk", **more):
    author, written = more.get("author", TESS), more.get("written", MARCH)
    at = EntryPlace(
        place,
        entry_id or bytes([place]) * 16,
        version,
        CLASS_NUMBERS[wanted],
        author,
        hashlib.sha256(text.encode()).digest(),
    )
    said = EntryText(
        wanted=wanted, heading=heading, text=text, written=written, author_name="somebody"
    )
    return at, said


def test_an_entry_stands_where_it_was_first_kept():
    first = entry(0, "first", entry_id=b"a" * 16)
    other = entry(1, "other", written=MARCH + MONTH)
    again = entry(2, "again", entry_id=b"a" * 16, version=2, written=MARCH + 2 * MONTH)
    found = timeline([first, other, again], datetime.UTC, newest_first=True)
    assert [month.anchor for month in found] == ["2026-04", "2026-03"]
    [session] = found[1].sessions
    [part] = session.parts
    assert (part.entry.text, [text.text for _, text in part.earlier]) == ("again", ["first"])
    turned = timeline([first, other, again], datetime.UTC, newest_first=False)
    assert [month.anchor for month in turned] == ["2026-03", "2026-04"]


def test_one_heading_at_one_moment_by_one_person_is_one_session():
    same = [
        entry(n, f"{n}", heading="Session", wanted=one) for n, one in enumerate(("risk", "history"))
    ]
    others = [
        entry(5, "another's", heading="Session", author=SUE),
        entry(6, "another time", heading="Session", written=MARCH + datetime.timedelta(hours=1)),
        entry(7, "no heading"),
        entry(8, "none either"),
    ]
    [month] = timeline([*same, *others], datetime.UTC, newest_first=False)
    assert [len(one.parts) for one in month.sessions] == [2, 1, 1, 1, 1]


def signature_of(place, version=1, digest=None):
    form = Cosigned(
        entry=place.entry_id.hex(), version=version, digest=(digest or place.digest).hex()
    )
    return entry(9, structured_text(form), author=SUE)


def test_an_agreement_stands_beside_what_was_read_and_nowhere_else():
    read = entry(0, "read")
    [month] = timeline([read, signature_of(read[0])], datetime.UTC, newest_first=True)
    [session] = month.sessions
    assert session.parts[0].is_signed_by(SUE)
    assert not session.parts[0].is_signed_by(TESS)


def test_an_agreement_to_what_is_not_here_stands_by_itself():
    """So does one to another text than the one that stands under its version."""
    read = entry(0, "read")
    for signed in (signature_of(read[0], digest=bytes(32)), signature_of(read[0], version=2)):
        [month] = timeline([read, signed], datetime.UTC, newest_first=True)
        assert len(month.sessions) == 2
        assert not any(part.signed for one in month.sessions for part in one.parts)


def test_what_stays_shut_is_counted_by_entry():
    place, _ = entry(0, "x", wanted="history")
    again, _ = entry(1, "y", entry_id=place.entry_id, version=2, wanted="history")
    assert shut([place, again]) == [("personal history", 1)]
