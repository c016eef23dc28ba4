"""Keys of a record: committed to, chained backwards, wrapped to one, shared out to k of n."""

import dataclasses
import datetime
import os
from itertools import combinations
from types import SimpleNamespace

import msgspec
import pytest

from angerona.ciphers.encoding import packed
from angerona.ciphers.wraps import WrapPair, unwrap, wrap
from angerona.errors import BadInput, Planted, TooFewSeats, Unopenable
from angerona.sealed.boot import BootSecret
from angerona.sealed.client_keys import (
    CLIENT_KEY,
    Whose,
    at_generation,
    check,
    deposit_pair,
    new_keys,
    rotated,
    with_own_key,
)
from angerona.sealed.compartments import COMPARTMENTS, DEPOSITS, process_compartment
from angerona.sealed.key_holders import (
    RequestRow,
    Seat,
    check_quorum,
    contributed,
    reassembled,
    seed_info,
    shared_out,
)
from angerona.sealed.keyset import Keyset, epoch_of
from angerona.sealed.wraps import Grant, names_in, unwrapped, wrapped

AT = datetime.datetime(2026, 3, 1, 9, 30, tzinfo=datetime.UTC)
DAY = datetime.timedelta(days=1)
AUTHOR = os.urandom(16)
PROCESS = process_compartment(AUTHOR)


@pytest.fixture(scope="module")
def keyset(tmp_path_factory):
    practice_id = os.urandom(16)
    keys = BootSecret.fresh().derived(practice_id)
    path = tmp_path_factory.mktemp("keyset") / "keyset"
    return Keyset.found(path, practice_id, keys, AT)


@pytest.fixture(scope="module")
def whose(keyset):
    return Whose(keyset.practice_id, os.urandom(16), os.urandom(32))


@pytest.fixture(scope="module")
def made(whose):
    return new_keys(whose)


def altered(key):
    return bytes([key[0] ^ 1]) + key[1:]


def test_every_key_is_another_and_is_on_the_sheet(whose, made):
    keys, sheet = made
    assert len({keys.client, *keys.compartments.values()}) == len(COMPARTMENTS) + 1
    check(whose, sheet, CLIENT_KEY, 1, keys.client)
    for name, key in keys.compartments.items():
        check(whose, sheet, name, 1, key)
        with pytest.raises(Planted):
            check(whose, sheet, name, 1, altered(key))


def test_a_sheet_says_nothing_of_another_client(whose, made):
    keys, sheet = made
    other = dataclasses.replace(whose, label=os.urandom(32))
    with pytest.raises(Planted):
        check(other, sheet, "progress", 1, keys.compartments["progress"])


def test_an_older_key_is_reached_from_a_newer_one_and_never_the_reverse(whose, made):
    keys, first = made
    newer, second = rotated(whose, first, keys.compartments)
    newest, third = rotated(whose, second, newer.compartments)
    held = (3, newest.compartments["risk"])
    assert at_generation(whose, third, "risk", 1, held) == keys.compartments["risk"]
    assert at_generation(whose, third, "risk", 3, held) == newest.compartments["risk"]
    with pytest.raises(Unopenable):
        at_generation(whose, third, "risk", 3, (2, newer.compartments["risk"]))
    with pytest.raises(Planted):
        at_generation(whose, third, "identity", 1, (2, newer.compartments["risk"]))
    with pytest.raises(Planted):
        at_generation(whose, third, "risk", 1, (3, altered(newest.compartments["risk"])))


def test_a_rotation_that_would_lose_a_compartment_is_refused(whose, made):
    keys, sheet = made
    held = {name: key for name, key in keys.compartments.items() if name != "billing"}
    with pytest.raises(Unopenable):
        rotated(whose, sheet, held)


def test_notes_kept_apart_have_a_key_that_no_other_key_gives(whose, made):
    _, sheet = made
    key, sheet = with_own_key(whose, sheet, PROCESS)
    check(whose, sheet, PROCESS, 1, key)
    again, _ = with_own_key(whose, made[1], PROCESS)
    assert again != key


def test_a_deposit_can_be_made_by_whoever_has_the_sheet(made):
    keys, sheet = made
    for name in DEPOSITS:
        assert deposit_pair(keys.compartments[name]).public == sheet.deposits[name]


@pytest.fixture(scope="module")
def reader():
    return WrapPair.generate()


@pytest.fixture(scope="module")
def grant(reader):
    return Grant(
        recipient_id=os.urandom(16),
        public=reader.public,
        granter=os.urandom(16),
        expires=AT + DAY,
    )


@pytest.fixture(scope="module")
def given(keyset, whose, made, grant):
    keys, sheet = made
    some = {name: keys.compartments[name] for name in ("risk", "identity")}
    return wrapped(keyset, whose, sheet, some, grant)


def test_a_wrap_gives_the_keys_it_names_and_no_others(keyset, whose, made, reader, given):
    keys, sheet = made
    opened = unwrapped(keyset, whose, sheet, reader, given, AT)
    assert opened == {
        "identity": (1, keys.compartments["identity"]),
        "risk": (1, keys.compartments["risk"]),
    }
    assert names_in(keyset, given).names == ("identity", "risk")


def test_a_wrap_ends_when_it_expires(keyset, whose, made, reader, given):
    assert unwrapped(keyset, whose, made[1], reader, given, AT + DAY) == {}


def test_a_wrap_opens_for_its_recipient_alone(keyset, whose, made, given):
    with pytest.raises(Unopenable):
        unwrapped(keyset, whose, made[1], WrapPair.generate(), given, AT)


@pytest.mark.parametrize("part", ["wrap_id", "client_id", "recipient_id"])
def test_a_wrap_opens_at_its_own_place_alone(keyset, whose, made, reader, given, part):
    moved = dataclasses.replace(given, **{part: os.urandom(16)})
    with pytest.raises(Unopenable):
        unwrapped(keyset, whose, made[1], reader, moved, AT)


def test_a_planted_wrap_is_found(keyset, whose, made, reader, grant):
    """HPKE does not say who sealed: a thief with the boot secret may wrap a key of his own."""
    foreign, sheet_of_thief = new_keys(whose)
    names = {"risk": foreign.compartments["risk"]}
    planted = wrapped(keyset, whose, sheet_of_thief, names, grant)
    with pytest.raises((Planted, Unopenable)):
        unwrapped(keyset, whose, made[1], reader, planted, AT)


def test_nobody_can_wrap_a_key_that_is_not_on_the_sheet(keyset, whose, made, grant):
    keys, sheet = made
    with pytest.raises(Planted):
        wrapped(keyset, whose, sheet, {"risk": altered(keys.compartments["risk"])}, grant)


def test_a_wrap_of_a_destroyed_epoch_never_opens_again(tmp_path, reader):
    practice_id = os.urandom(16)
    keys = BootSecret.fresh().derived(practice_id)
    keyset = Keyset.found(tmp_path / "keyset", practice_id, keys, AT)
    whose = Whose(practice_id, os.urandom(16), os.urandom(32))
    made, sheet = new_keys(whose)
    grant = Grant(recipient_id=bytes(16), public=reader.public, granter=bytes(16), expires=None)
    given = wrapped(keyset, whose, sheet, {"risk": made.compartments["risk"]}, grant)
    copy = (tmp_path / "keyset").read_bytes()
    keyset.begin(epoch_of(AT) + 1)
    assert unwrapped(keyset, whose, sheet, reader, given, AT)
    keyset.destroy(epoch_of(AT))
    again = Keyset.load(tmp_path / "keyset", practice_id, keys)
    for one in (keyset, again):
        with pytest.raises(Unopenable, match="destroyed"):
            unwrapped(one, whose, sheet, reader, given, AT)
        with pytest.raises(BadInput, match="newest"):
            one.destroy(one.newest)
    (tmp_path / "keyset").write_bytes(copy)
    old = Keyset.load(tmp_path / "keyset", practice_id, keys)
    assert unwrapped(old, whose, sheet, reader, given, AT), "the old keyset is what opened it"


SEAT_PAIRS = [WrapPair.generate() for _ in range(5)]
SEATS = [
    Seat(os.urandom(16), number, f"seat {number}", "paper", pair.public, None)
    for number, pair in enumerate(SEAT_PAIRS, 1)
]
ONE_TIME, OFFICER = WrapPair.generate(), WrapPair.generate()
PRACTICE = SimpleNamespace(row=SimpleNamespace(quorum=3), seats=SEATS)


@pytest.fixture(scope="module")
def shared(keyset, whose, made):
    keys, sheet = made
    process, sheet = with_own_key(whose, sheet, PROCESS)
    named = {CLIENT_KEY: keys.client, PROCESS: process}
    shares = shared_out(keyset, whose, sheet, named, SEATS, needed=3)
    return sheet, process, shares


def request_for(whose, *names):
    request = RequestRow(
        request_id=os.urandom(16),
        client_id=whose.client_id,
        names=names,
        limit="court",
        reason="an order of the court",
        officer_id=os.urandom(16),
        stated=AT,
        expires=AT + DAY,
        public=ONE_TIME.public,
        sealed_seed=b"",
    )
    sealed = wrap(OFFICER.public, seed_info(request), bytes(ONE_TIME.seed))
    return msgspec.structs.replace(request, sealed_seed=sealed)


def parts_of(keyset, whose, request, shares, seats):
    return [
        contributed(
            keyset,
            whose,
            request,
            SEAT_PAIRS[index],
            shares,
            seat_id=SEATS[index].seat_id,
        )
        for index in seats
    ]


@pytest.mark.parametrize("seats", list(combinations(range(5), 3)))
def test_any_three_of_five_open_what_is_asked_for_and_no_more(keyset, whose, made, shared, seats):
    sheet, process, shares = shared
    request = request_for(whose, "risk", PROCESS)
    parts = parts_of(keyset, whose, request, shares, seats)
    opened = reassembled(whose, sheet, request, parts, practice=PRACTICE, officer=OFFICER)
    assert opened == {"risk": made[0].compartments["risk"], PROCESS: process}


@pytest.mark.parametrize("seats", [*combinations(range(5), 2), (0,), ()])
def test_fewer_open_nothing_even_where_the_count_is_forged(keyset, whose, shared, seats):
    sheet, _, shares = shared
    request = request_for(whose, "risk")
    parts = parts_of(keyset, whose, request, shares, seats)
    with pytest.raises(TooFewSeats):
        reassembled(whose, sheet, request, parts, practice=PRACTICE, officer=OFFICER)
    fewer = SimpleNamespace(row=SimpleNamespace(quorum=max(1, len(seats))), seats=SEATS)
    with pytest.raises((Unopenable, TooFewSeats, BadInput)):
        reassembled(whose, sheet, request, parts, practice=fewer, officer=OFFICER)


def test_the_same_seat_twice_counts_once(keyset, whose, shared):
    sheet, _, shares = shared
    request = request_for(whose, "risk")
    parts = parts_of(keyset, whose, request, shares, (0, 1))
    with pytest.raises(TooFewSeats):
        reassembled(whose, sheet, request, [*parts, parts[0]], practice=PRACTICE, officer=OFFICER)


def test_a_contribution_serves_its_own_request_alone(keyset, whose, shared):
    sheet, _, shares = shared
    asked = request_for(whose, "risk")
    parts = parts_of(keyset, whose, asked, shares, (0, 1, 2))
    wider = msgspec.structs.replace(asked, names=("risk", "progress"))
    with pytest.raises(Unopenable):
        reassembled(whose, sheet, wider, parts, practice=PRACTICE, officer=OFFICER)


def test_no_share_is_given_of_what_is_not_asked(keyset, whose, shared):
    _, _, shares = shared
    parts = parts_of(keyset, whose, request_for(whose, "risk"), shares, (0,))
    assert {name for name, _, _ in parts[0].shares} == {CLIENT_KEY}
    parts = parts_of(keyset, whose, request_for(whose, PROCESS), shares, (0,))
    assert {name for name, _, _ in parts[0].shares} == {PROCESS}


def test_parts_open_in_the_session_of_the_officer_who_asked_alone(keyset, whose, shared):
    sheet, _, shares = shared
    request = request_for(whose, "risk")
    parts = parts_of(keyset, whose, request, shares, (0, 1, 2))
    with pytest.raises(Unopenable):
        reassembled(whose, sheet, request, parts, practice=PRACTICE, officer=WrapPair.generate())


def test_no_seat_gives_under_anothers_name(keyset, whose, shared):
    sheet, _, shares = shared
    request = request_for(whose, "risk")
    real = parts_of(keyset, whose, request, shares, (0, 1, 2))
    info = packed("angerona/contribution/v1", request.digest, SEATS[3].seat_id)
    [(name, generation, sealed)] = real[2].shares
    before = packed("angerona/contribution/v1", request.digest, SEATS[2].seat_id)
    forged = wrap(request.public, info, unwrap(ONE_TIME, before, sealed))
    framed = msgspec.structs.replace(
        real[2], seat_id=SEATS[3].seat_id, shares=((name, generation, forged),)
    )
    with pytest.raises(Unopenable, match="another seat's name"):
        reassembled(whose, sheet, request, [*real[:2], framed], practice=PRACTICE, officer=OFFICER)


@pytest.mark.parametrize("quorum", [3, 4])
def test_a_seat_that_gave_no_share_is_not_counted(keyset, whose, shared, quorum):
    """Whoever knows the request could say that a seat agreed; its share nobody else has."""
    sheet, _, shares = shared
    request = request_for(whose, "risk")
    real = parts_of(keyset, whose, request, shares, (0, 1, 2))
    practice = SimpleNamespace(row=SimpleNamespace(quorum=quorum), seats=SEATS)
    given = {"practice": practice, "officer": OFFICER, "split_for": {CLIENT_KEY: 3}}
    [(name, generation, sealed)] = real[2].shares
    hollow = msgspec.structs.replace(real[2], seat_id=SEATS[3].seat_id, shares=())
    info = packed("angerona/contribution/v1", request.digest, SEATS[3].seat_id)
    before = packed("angerona/contribution/v1", request.digest, SEATS[2].seat_id)
    share = bytearray(unwrap(ONE_TIME, before, sealed))
    share[-25] = SEATS[3].number
    older = wrap(request.public, info, bytes(share))
    stale = msgspec.structs.replace(hollow, shares=((name, generation - 1, older),))
    made_up = msgspec.structs.replace(hollow, shares=((name, generation, older),))
    stranger = msgspec.structs.replace(hollow, seat_id=b"s" * 16)
    for forged in (hollow, stale, made_up, stranger):
        for parts in ([*real, forged], [*real[:2], forged]):
            with pytest.raises((Unopenable, TooFewSeats)):
                reassembled(whose, sheet, request, parts, **given)


def test_shares_are_sealed_to_their_seat(keyset, whose, shared):
    _, _, shares = shared
    request = request_for(whose, "risk")
    theirs = [one for one in shares if one.seat_id == SEATS[0].seat_id]
    with pytest.raises(Unopenable):
        contributed(*(keyset, whose, request, SEAT_PAIRS[1], theirs), seat_id=SEATS[0].seat_id)
    with pytest.raises(Unopenable):
        contributed(keyset, whose, request, SEAT_PAIRS[0], [], seat_id=SEATS[0].seat_id)


@pytest.mark.parametrize(("needed", "seats"), [(2, 2), (1, 3), (4, 3), (0, 0), (2, 33)])
def test_a_quorum_is_at_least_two_of_three(needed, seats):
    with pytest.raises(BadInput):
        check_quorum(needed, seats)


def test_two_of_three_is_enough():
    check_quorum(2, 3)


def test_a_keyset_is_of_one_practice_and_is_never_written_over(tmp_path):
    one, other = os.urandom(16), os.urandom(16)
    boot = BootSecret.fresh()
    path = tmp_path / "keyset"
    Keyset.found(path, one, boot.derived(one), AT)
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(BadInput, match="another practice"):
        Keyset.load(path, other, boot.derived(other))
    with pytest.raises(BadInput, match="already"):
        Keyset.found(path, one, boot.derived(one), AT)
    with pytest.raises(Unopenable):
        Keyset.load(path, one, BootSecret.fresh().derived(one)).signer()
    path.write_bytes(path.read_bytes()[:-5])
    with pytest.raises(BadInput, match="broken"):
        Keyset.load(path, one, boot.derived(one))
    with pytest.raises(BadInput, match="cannot be read"):
        Keyset.load(tmp_path / "none", one, boot.derived(one))
