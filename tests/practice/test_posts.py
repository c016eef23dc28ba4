"""A post taken away: what comes later is shut to who held it, and those who stay go on."""

import base64

import pytest

from angerona.ciphers.encoding import packed
from angerona.ciphers.wraps import WrapPair, unwrap
from angerona.errors import BadInput, Conflicting, NotPermitted, SignedOut, Unopenable
from angerona.practice import members, posts
from angerona.practice.colleagues import give_post
from angerona.practice.members import NewMember
from angerona.practice.posts import drop_former_pairs, holders, take_post
from angerona.practice.succession import succeed
from angerona.practice.turning import records_owed, turn_owed
from angerona.practice.upkeep import keep_up
from angerona.sealed.checking import check_rows
from angerona.sealed.compartments import BY_POST
from angerona.sealed.holding import held_keys, seeds_of
from angerona.sealed.owed import stored_wraps
from angerona.sealed.wraps import unwrapped
from prepared_practice import AT, PASSWORD, prepared, quick_passwords
from small_practice import POSTS


@pytest.fixture
def practice(tmp_path):
    with prepared().copied(tmp_path / "practice").opened() as practice:
        yield practice


@pytest.fixture
def ada():
    return prepared().clients["Ada"]


def take(practice, name, post, *, by="Olaf", **more):
    practice.open(by)
    with practice.visit(by) as visit:
        take_post(visit, practice.people[name], post, **more)


def seed_of(practice, name, post):
    with practice.visit(name) as visit:
        return seeds_of(visit, [post])[post]


def turned(practice):
    """Everybody who treats comes in once."""
    for name in ("Tess", "Theo"):
        practice.open(name)
        with practice.visit(name) as visit:
            turn_owed(visit)


def opened_by(practice, client_id, post, seed):
    """What a copied seed of a post opens in the rows as they lie there now."""
    vault, pair = practice.vault, WrapPair(seed)
    authority = vault.authority(client_id)
    post_id = vault.practice().posts[post].post_id
    found = set()
    for wrap in stored_wraps(vault, client_id):
        if wrap.recipient_id == post_id:
            try:
                whose = authority.whose(vault.practice_id)
                found |= set(unwrapped(vault.keyset, whose, authority.sheet, pair, wrap, AT))
            except Unopenable:
                continue
    return found


def findings(practice):
    return [(one.check, one.sentence.partition(": ")[2]) for one in check_rows(practice.vault, AT)]


def test_who_loses_a_post_is_signed_out_and_opens_nothing_by_it(practice, ada):
    assert practice.look("Nina", ada).entries
    copied = seed_of(practice, "Nina", "on_call")
    take(practice, "Nina", "on_call")
    with pytest.raises(SignedOut), practice.visit("Nina"):
        pass
    practice.open("Nina")
    with practice.visit("Nina") as visit:
        assert held_keys(visit, practice.vault.authority(ada)) == {}
        with pytest.raises(Unopenable):
            seeds_of(visit, ["on_call"])
    assert opened_by(practice, ada, "on_call", copied), "until keys turn: she may have copied it"
    assert findings(practice) == []
    turned(practice)
    assert opened_by(practice, ada, "on_call", copied) == set()
    assert findings(practice) == []


def test_those_who_stay_read_before_and_after_keys_turn_and_new_clients_too(practice, ada):
    take(practice, "Nina", "on_call")
    practice.open("Thea")
    assert practice.look("Thea", ada).entries, "by the former pair, which Thea keeps until then"
    new = practice.client("Una Invented", treating="Tess")
    practice.keep("Tess", new, "risk", "safety plan")
    assert practice.look("Thea", new).entries
    assert records_owed(practice.vault, AT).turn == 2
    turned(practice)
    assert records_owed(practice.vault, AT).turn == 0
    practice.open("Thea")
    assert practice.look("Thea", ada).entries
    with practice.visit("Tess") as visit:
        held = held_keys(visit, practice.vault.authority(ada))
    assert held["risk"][0] == 2


def test_a_former_pair_is_destroyed_once_no_wrap_stands_on_it(practice, ada):
    post_id = practice.vault.practice().posts["on_call"].post_id
    take(practice, "Nina", "on_call")

    def generations():
        place = {"practice_id": practice.vault.practice_id, "post_id": post_id}
        return {row[1] for row in practice.vault.store.rows("post_keys.of_post", **place)}

    assert drop_former_pairs(practice.vault, AT) == ()
    assert generations() == {1, 2}
    turned(practice)
    keep_up(practice.vault, AT)
    assert generations() == {2}
    assert practice.vault.ledger.lines_of(practice.vault.practice_id)[-1].body["posts"] == [
        "on_call"
    ]
    practice.open("Thea")
    assert practice.look("Thea", ada).entries
    assert findings(practice) == []


def test_a_wrap_on_a_pair_that_was_left_behind_is_found(practice, ada):
    vault = practice.vault
    post_id = vault.practice().posts["on_call"].post_id
    [old] = [one for one in stored_wraps(vault, ada) if one.recipient_id == post_id]
    take(practice, "Nina", "on_call")
    turned(practice)

    def put_back(writing):
        writing.run("wraps.insert", **old.given(vault.practice_id))

    vault.store.write(put_back).result()
    assert findings(practice) == [
        ("wraps", "a wrap is of keys that have turned since"),
        ("wraps", "a wrap stands on keys of a post that were left behind"),
    ]
    assert records_owed(vault, AT).turn == 0, "keys of a former generation: nothing to turn"


def test_after_a_succession_wraps_wait_on_former_pairs_and_then_move(practice):
    secrets = [paper.secret for paper in practice.papers[:2]]
    with quick_passwords():
        succeed(practice.vault, secrets, NewMember(name="Sol", roles=(), posts=()), PASSWORD, AT)
    assert findings(practice) == []
    assert records_owed(practice.vault, AT).turn == 2
    turned(practice)
    assert records_owed(practice.vault, AT).turn == 0
    assert findings(practice) == []
    assert set(drop_former_pairs(practice.vault, AT)) == {one for one in POSTS if BY_POST[one]}


def test_a_key_of_a_post_put_back_is_found_and_opens_nothing_more(practice, ada):
    vault, nina = practice.vault, practice.people["Nina"]
    place = {"practice_id": vault.practice_id, "person_id": nina}
    [(post_id, generation, blob)] = vault.store.rows("post_keys.of_person", **place)
    take(practice, "Nina", "on_call")
    row = {**place, "post_id": post_id, "generation": generation, "blob": blob}
    vault.store.write(lambda writing: writing.run("post_keys.insert", **row)).result()
    assert findings(practice) == [("posts", "there is the key of a post that was taken away")]
    practice.open("Nina")
    with practice.visit("Nina") as visit:
        assert held_keys(visit, vault.authority(ada)) == {}


def test_a_post_goes_to_somebody_who_did_not_hold_it(practice, ada):
    take(practice, "Bill", "biller", give_to=practice.people["Stan"])
    take(practice, "Thea", "biller")
    [stan] = holders(practice.vault, practice.vault.practice().posts["biller"], AT)
    assert stan.row.name == "Stan"
    turned(practice)
    practice.open("Stan")
    with practice.visit("Stan") as visit:
        assert set(held_keys(visit, practice.vault.authority(ada))) == BY_POST["biller"]
    line = practice.vault.ledger.lines_of(practice.people["Stan"])[-1]
    assert (line.kind, line.body["what"], line.body["posts"]) == (
        "member",
        "post given",
        ["biller"],
    )
    assert findings(practice) == []


def test_every_line_of_it_stands_in_the_ledger(practice):
    take(practice, "Fay", "front_desk")
    ledger = practice.vault.ledger
    of_fay = ledger.lines_of(practice.people["Fay"])[-1]
    assert (of_fay.kind, of_fay.body["what"]) == ("member", "post taken away")
    of_practice = ledger.lines_of(practice.vault.practice_id)[-1]
    assert of_practice.body["what"] == "keys of posts turned"
    assert of_practice.body["whom"]["name"] == "Fay"


def test_what_cannot_be_taken_is_refused_and_nothing_changes(practice):
    before = practice.vault.practice()
    with pytest.raises(NotPermitted):
        take(practice, "Fay", "front_desk", by="Fay")
    with pytest.raises(BadInput, match="not held"):
        take(practice, "Fay", "biller")
    take(practice, "Thea", "front_desk", by="Thea")
    with pytest.raises(BadInput, match="nobody else"):
        take(practice, "Fay", "front_desk")
    with pytest.raises(BadInput, match="nobody who works here"):
        take(practice, "Fay", "front_desk", give_to=practice.people["Fay"])
    after = practice.vault.practice()
    assert after.posts["front_desk"].generation == 2
    assert after.posts["biller"] == before.posts["biller"]


def test_the_last_privacy_officer_stays(practice):
    take(practice, "Thea", "privacy_officer")
    with pytest.raises(BadInput, match="nobody else"):
        take(practice, "Olaf", "privacy_officer")


def test_what_others_changed_meanwhile_is_not_overwritten(practice, monkeypatch):
    """Somebody else gives Fay another post between the decision and the writing."""
    real = posts.turned_posts

    def meanwhile(vault, person, *given, **more):
        made = real(vault, person, *given, **more)
        with practice.visit("Thea") as other:
            give_post(other, person.person_id, "on_call")
        return made

    monkeypatch.setattr(posts, "turned_posts", meanwhile)
    with pytest.raises(Conflicting):
        take(practice, "Fay", "front_desk")
    assert set(practice.vault.person(practice.people["Fay"]).row.posts) == {"front_desk", "on_call"}


def test_a_reason_sealed_to_the_officer_before_opens_to_the_one_who_stays(practice, ada):
    vault = practice.vault
    former = seed_of(practice, "Olaf", "privacy_officer")
    sealed = base64.b64decode(vault.reason_sealed(ada, "the reason")[0])
    take(practice, "Thea", "privacy_officer")
    turned(practice)
    drop_former_pairs(vault, AT)
    post_id = vault.practice().posts["privacy_officer"].post_id
    place = {"practice_id": vault.practice_id, "post_id": post_id}
    olaf = practice.people["Olaf"]
    rows = vault.store.rows("post_keys.of_post", **place)
    assert rows == sorted([(olaf, 1), (olaf, 2)])
    info = packed("angerona/reason/v1", vault.practice_id, ada)
    assert b"the reason" in unwrap(WrapPair(former), info, sealed)


def test_whoever_is_given_the_post_meanwhile_is_not_left_with_the_former_pair(
    practice, monkeypatch
):
    real = posts.turned_posts

    def meanwhile(vault, person, *given, **more):
        made = real(vault, person, *given, **more)
        with practice.visit("Thea") as other:
            give_post(other, practice.people["Stan"], "on_call")
        return made

    monkeypatch.setattr(posts, "turned_posts", meanwhile)
    with pytest.raises(Conflicting):
        take(practice, "Nina", "on_call")
    monkeypatch.setattr(posts, "turned_posts", real)
    take(practice, "Nina", "on_call")
    practice.open("Stan")
    assert seed_of(practice, "Stan", "on_call") == seed_of(practice, "Thea", "on_call")


def test_nor_is_whoever_joins_meanwhile(practice, monkeypatch):
    real = members.enrolment

    def meanwhile(*given, **more):
        made = real(*given, **more)
        take(practice, "Nina", "on_call")
        return made

    monkeypatch.setattr(members, "enrolment", meanwhile)
    with quick_passwords(), pytest.raises(Conflicting):
        practice.enrol("Mira", posts=("on_call",))
