"""Seats change: k-1 open nothing before, in between and after, and no record is lost sight of."""

import datetime
from itertools import combinations

import pytest

from angerona.ciphers.wraps import WrapPair
from angerona.errors import (
    BadInput,
    Conflicting,
    NotPermitted,
    Sealed,
    StoreFull,
    TooFewSeats,
    Unopenable,
)
from angerona.practice import seats
from angerona.practice.leaving import end_membership
from angerona.practice.openings import contribute, open_record, state_request
from angerona.practice.seats import NewSeats, SharedAnew, change_seats, share_out_anew
from angerona.practice.turning import records_owed, turn_owed
from angerona.practice.upkeep import keep_up
from angerona.sealed.checking import check_rows
from angerona.sealed.client_keys import CLIENT_KEY
from angerona.sealed.compartments import process_compartment
from angerona.sealed.key_holders import opened_share, put_together
from angerona.sealed.owed import shared_names, stored_shares
from prepared_practice import AT, prepared

HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def practice(tmp_path):
    with prepared().copied(tmp_path / "practice").opened() as practice:
        practice.secrets = {paper.number: paper.secret for paper in practice.papers}
        yield practice


@pytest.fixture
def ada():
    return prepared().clients["Ada"]


def change(practice, *, agreed=(1, 2), removed=(), added=(), quorum=2, by="Olaf"):
    """Seats change; gives the secrets of those there are now, and of those that were removed."""
    secrets = [practice.secrets[one] for one in agreed]
    new = NewSeats(removed=removed, added=added, quorum=quorum)
    practice.open(by)
    with practice.visit(by) as visit:
        papers = change_seats(visit, secrets, new)
    gone = [practice.secrets.pop(one) for one in removed]
    practice.secrets |= {paper.number: paper.secret for paper in papers}
    return gone


def anew(practice, *agreed):
    practice.open("Olaf")
    with practice.visit("Olaf") as visit:
        return share_out_anew(visit, [practice.secrets[one] for one in agreed])


def everybody_comes_in(practice):
    for name in ("Tess", "Theo"):
        practice.open(name)
        with practice.visit(name) as visit:
            turn_owed(visit)


def opened_by(practice, client_id, secrets):
    """Which keys some papers put together, with every row and every key but the members' own."""
    vault, authority = practice.vault, practice.vault.authority(client_id)
    whose, sheet = authority.whose(vault.practice_id), authority.sheet
    pairs = [WrapPair(one) for one in secrets]
    found = set()
    for name in shared_names(authority):
        try:
            shares = list(stored_shares(vault, client_id))
            put_together(vault.keyset, whose, sheet, name, pairs, shares=shares)
        except Sealed:
            continue
        found.add(name)
    return found


def exactly(practice, client_id, secrets, needed):
    """That of these papers any `needed` open every key, and no fewer any."""
    everything = shared_names(practice.vault.authority(client_id))
    for count in range(1, len(secrets) + 1):
        for some in combinations(secrets, count):
            expected = everything if count >= needed else set()
            assert opened_by(practice, client_id, some) == expected, count


def request(practice, client_id, *names):
    practice.open("Olaf")
    with practice.visit("Olaf") as visit:
        return state_request(
            visit, client_id, names, limit="court", reason="an order", expires=AT + HOUR
        )


def opening(practice, client_id, *numbers, names=("risk",)):
    asked = request(practice, client_id, *names)
    parts = [contribute(practice.vault, asked, practice.secrets[one], AT) for one in numbers]
    with practice.visit("Olaf") as visit:
        return open_record(visit, asked, parts)


def test_a_lost_seat_is_replaced_and_each_record_follows_when_somebody_comes_in(practice, ada):
    exactly(practice, ada, list(practice.secrets.values()), 2)
    [lost] = change(practice, removed=(3,), added=("Cousin",))
    assert sorted(practice.secrets) == [1, 2, 3]
    assert records_owed(practice.vault, AT).share == 2
    assert check_rows(practice.vault, AT) == [], "what waits is no fault"
    # In between: those who stay open it, the new seat adds nothing, and the lost one nothing here.
    new = practice.secrets[3]
    assert opened_by(practice, ada, [practice.secrets[1], new]) == set()
    assert opened_by(practice, ada, [practice.secrets[1], practice.secrets[2]])
    assert opening(practice, ada, 1, 2) == ("risk",)
    asked = request(practice, ada, "risk")
    with pytest.raises(Unopenable):
        contribute(practice.vault, asked, lost, AT)
    with pytest.raises(Unopenable):
        contribute(practice.vault, asked, new, AT)
    everybody_comes_in(practice)
    assert records_owed(practice.vault, AT).share == 0
    for client_id in prepared().clients.values():
        exactly(practice, client_id, list(practice.secrets.values()), 2)
        for one in practice.secrets.values():
            assert opened_by(practice, client_id, [lost, one]) == set()
    assert opening(practice, ada, 2, 3) == ("risk",)
    assert check_rows(practice.vault, AT) == []


def test_a_quorum_shares_every_record_anew_in_one_go(practice, ada):
    gone = change(practice, removed=(2,), added=("Cousin", "Bank"), agreed=(1, 3))
    assert sorted(practice.secrets) == [1, 2, 3, 4]
    assert anew(practice, 1, 3) == SharedAnew(done=2, left=0)
    assert anew(practice, 2, 4) == SharedAnew(done=0, left=0)
    for client_id in prepared().clients.values():
        exactly(practice, client_id, list(practice.secrets.values()), 2)
        assert opened_by(practice, client_id, [*gone, practice.secrets[1]]) == set()
    line = practice.vault.ledger.lines_of(ada)[-1]
    assert (line.kind, line.body["what"], line.body["seats"]) == (
        "keys",
        "keys shared anew",
        [1, 3],
    )
    assert practice.vault.authority(ada).sheet.newest(CLIENT_KEY) == 1, "the keys are the same"
    practice.open("Tess")
    assert practice.look("Tess", ada).entries
    assert check_rows(practice.vault, AT) == []


def test_another_quorum_counts_at_once_and_for_the_shares_when_they_are_made_anew(practice, ada):
    change(practice, added=("Cousin", "Bank"), quorum=3)
    with pytest.raises(TooFewSeats):
        opening(practice, ada, 1, 2)
    assert opening(practice, ada, 1, 2, 3) == ("risk",), "split for two, agreed to by three"
    everybody_comes_in(practice)
    exactly(practice, ada, list(practice.secrets.values()), 3)
    change(practice, agreed=(1, 4, 5), removed=(2,), quorum=2)
    with pytest.raises(TooFewSeats):
        opening(practice, ada, 1, 5)
    assert opening(practice, ada, 1, 3, 5) == ("risk",), "two may agree, and it is split for three"
    assert anew(practice, 1, 5).left == 2, "and two seats have too few shares"
    assert anew(practice, 1, 3, 5) == SharedAnew(done=2, left=0)
    assert opening(practice, ada, 1, 5) == ("risk",)
    exactly(practice, ada, list(practice.secrets.values()), 2)
    assert check_rows(practice.vault, AT) == []


def test_numbers_with_gaps_are_kept_and_filled(practice, ada):
    change(practice, added=("Cousin", "Bank"))
    everybody_comes_in(practice)
    change(practice, removed=(1, 3), agreed=(1, 5))
    anew(practice, 2, 5)
    assert sorted(practice.secrets) == [2, 4, 5]
    exactly(practice, ada, list(practice.secrets.values()), 2)
    change(practice, added=("Aunt",), agreed=(2, 4))
    assert sorted(practice.secrets) == [1, 2, 4, 5]
    assert check_rows(practice.vault, AT) == []


def test_what_the_seats_that_stay_could_not_open_keeps_seats_from_going(practice):
    with pytest.raises(BadInput, match="2 records could not be opened"):
        change(practice, removed=(2, 3), added=("Cousin", "Bank"))
    change(practice, removed=(3,), added=("Cousin",))
    with pytest.raises(BadInput, match="2 records could not be opened"):
        change(practice, removed=(2,), added=("Bank",))
    assert anew(practice, 1, 2) == SharedAnew(done=2, left=0)
    change(practice, removed=(2,), added=("Bank",))


def test_the_notes_of_somebody_who_left_are_shared_anew_by_a_quorum_alone(practice, ada):
    apart = process_compartment(practice.people["Tess"])
    with practice.visit("Tess") as visit:
        given = {ada: practice.people["Stan"]}
        end_membership(visit, practice.people["Tess"], clients=given, posts={})
    change(practice, removed=(3,), added=("Cousin",))
    for name in ("Stan", "Theo"):
        practice.open(name)
        with practice.visit(name) as visit:
            turn_owed(visit)
    assert records_owed(practice.vault, AT).share == 1
    assert keep_up(practice.vault, AT).owed.share == 1
    assert opening(practice, ada, 1, 2, names=(apart,)) == (apart,)
    assert anew(practice, 1, 2) == SharedAnew(done=1, left=0)
    assert opening(practice, ada, 2, 3, names=(apart,)) == (apart,)
    assert records_owed(practice.vault, AT).share == 0


def test_only_a_quorum_with_the_officer_changes_seats(practice):
    with pytest.raises(TooFewSeats):
        change(practice, agreed=(1,), removed=(3,), added=("Cousin",))
    with pytest.raises(TooFewSeats):
        change(practice, agreed=(1, 1), removed=(3,), added=("Cousin",))
    with pytest.raises(TooFewSeats):
        anew(practice, 2)
    with pytest.raises(NotPermitted):
        change(practice, removed=(3,), added=("Cousin",), by="Tess")
    practice.secrets[9] = bytes(range(32))
    with pytest.raises(Unopenable):
        change(practice, agreed=(1, 2, 9), removed=(3,), added=("Cousin",))
    with practice.visit("Tess") as visit, pytest.raises(NotPermitted):
        share_out_anew(visit, [])
    assert [one.number for one in practice.vault.practice().seats] == [1, 2, 3]


@pytest.mark.parametrize(
    ("new", "wrong"),
    [
        ({"removed": (4,)}, "none of this practice"),
        ({"removed": (3,)}, "too few or too many"),
        ({"quorum": 1}, "too small"),
        ({"quorum": 4}, "too small or too large"),
        ({"added": (" ",)}, "empty"),
        ({"added": ("x",) * 30}, "too few or too many"),
    ],
)
def test_a_list_that_cannot_be_is_refused(practice, new, wrong):
    with pytest.raises(BadInput, match=wrong):
        change(practice, **new)


def test_every_line_of_it_stands_in_the_ledger(practice):
    change(practice, removed=(3,), added=("Cousin",))
    body = practice.vault.ledger.lines_of(practice.vault.practice_id)[-1].body
    assert (body["what"], body["agreed"]) == ("seats changed", [1, 2])
    assert (body["removed"], body["added"], body["quorum"], body["seats"]) == ([3], [3], 2, 3)


def test_two_who_change_the_list_at_once_do_not_both(practice, monkeypatch):
    real = seats._shut_to  # noqa: SLF001 -- to come in between

    def meanwhile(vault, stay):
        monkeypatch.setattr(seats, "_shut_to", real)
        change(practice, removed=(3,), added=("Cousin",))
        return real(vault, stay)

    monkeypatch.setattr(seats, "_shut_to", meanwhile)
    with pytest.raises(Conflicting):
        change(practice, removed=(1,), added=("Bank",), agreed=(1, 2))
    assert [one.title for one in practice.vault.practice().seats] == ["Thea", "Notary", "Cousin"]


def shares_of(practice, client_id, name):
    vault = practice.vault
    found = stored_shares(vault, client_id)
    return [one for one in found if opened_share(vault.keyset, one).name == name]


def put(practice, statement, share):
    row = share.given(practice.vault.practice_id)
    if statement == "shares.delete":
        row = {name: row[name] for name in ("practice_id", "share_id")}
    practice.vault.store.write(lambda writing: writing.run(statement, **row)).result()


def found(practice):
    return {one.sentence.partition(": ")[2] for one in check_rows(practice.vault, AT)}


def test_in_between_it_is_found_where_too_few_shares_are_left(practice, ada):
    change(practice, removed=(3,), added=("Cousin",))
    one, *others = shares_of(practice, ada, CLIENT_KEY)
    put(practice, "shares.delete", one)
    for other in others:
        put(practice, "shares.delete", other)
        assert found(practice) == {"too few shares of a key are left"}


def test_a_share_of_a_former_list_put_back_and_one_that_is_missing_are_found(practice, ada):
    apart = process_compartment(practice.people["Tess"])
    former = shares_of(practice, ada, apart)
    change(practice, removed=(3,), added=("Cousin",))
    everybody_comes_in(practice)
    assert found(practice) == set()
    put(practice, "shares.insert", former[0])
    assert found(practice) == {"a share stands on a seat of an earlier list"}
    put(practice, "shares.delete", former[0])
    put(practice, "shares.delete", shares_of(practice, ada, apart)[0])
    assert found(practice) == {"1 shares of a key are missing"}
    everybody_comes_in(practice)
    assert found(practice) == set(), "whoever treats makes them anew"


def test_the_papers_are_put_down_before_a_seat_is_made(practice):
    """Whoever is killed in between has papers of no seat, and never a seat without a paper."""
    before, size = practice.vault.practice().seats, practice.vault.ledger.size
    secrets = [practice.secrets[one] for one in (1, 2)]
    given = []

    def full(papers):
        given.extend(papers)
        raise StoreFull

    practice.open("Olaf")
    new = NewSeats(removed=(), added=("A cousin",), quorum=2)
    with practice.visit("Olaf") as visit, pytest.raises(StoreFull):
        change_seats(visit, secrets, new, put_down=full)
    assert [one.title for one in given] == ["A cousin"]
    assert (practice.vault.practice().seats, practice.vault.ledger.size) == (before, size)
