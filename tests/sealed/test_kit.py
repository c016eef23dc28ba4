"""The recovery kit in shares: any k are the boot secret, and whatever does not fit is said."""

import itertools
import re

import pytest

from angerona.ciphers.recovery import share_from_words, share_to_words, to_words
from angerona.errors import BadInput, KeeperFailure
from angerona.sealed.boot import BootSecret
from angerona.sealed.keepers import keeper_at
from angerona.sealed.keepers.reading import secret_from
from angerona.sealed.kit import kit_shares

SECRET = bytes(range(32))


def shares(needed=2, count=3, secret=SECRET):
    return kit_shares(BootSecret(secret), needed, count)


def put_together(*texts, ask=None):
    with secret_from(texts, ask) as boot:
        return boot.revealed()


@pytest.mark.parametrize(("needed", "count"), [(2, 2), (2, 3), (3, 5), (16, 16)])
def test_any_k_of_n_are_the_boot_secret_and_fewer_are_not(needed, count):
    made = shares(needed, count)
    assert [(one.needed, one.number) for one in made] == [(needed, n + 1) for n in range(count)]
    assert len({one.set_name for one in made}) == 1
    texts = [one.words for one in made]
    for some in itertools.combinations(texts, needed):
        assert put_together(*some) == SECRET
        said = f"only {needed - 1} given; {needed} of the same set"
        with pytest.raises(BadInput, match=said):
            put_together(*some[1:])
    assert put_together(*reversed(texts)) == SECRET
    assert put_together(*texts) == SECRET


def test_k_of_n_is_two_at_least_and_sixteen_at_most():
    for needed, count in ((1, 3), (4, 3), (2, 17), (0, 0)):
        with pytest.raises(BadInput, match="too few or too many"):
            shares(needed, count)


def test_a_share_alone_says_nothing_of_the_secret():
    """All the same but for the secret: each byte of the y of one share is any byte, both times."""
    for secret in (SECRET, bytes(31) + b"\1"):
        seen = [set() for _ in range(32)]
        for _ in range(400):
            y = shares(secret=secret)[0].stored[1:33]
            for place, one in enumerate(y):
                seen[place].add(one)
        assert min(map(len, seen)) > 150


def test_shares_of_two_sets_are_not_put_together():
    one, other = shares(), shares()
    assert one[0].set_name != other[0].set_name
    said = f"share 2 of those given: is of set {other[1].set_name}; another one of set"
    with pytest.raises(BadInput, match=said):
        put_together(one[0].words, other[1].words)


def test_a_share_given_twice_is_said():
    made = shares()
    with pytest.raises(BadInput, match="share 2 of those given: is number 1 of its set, given"):
        put_together(made[0].words, made[0].words)


OURS = {"altered", "compare", "given", "least", "list", "order", "paper", "share", "them", "those"}
OURS |= {"with", "word", "words", "wrong"}
"""Words of the messages themselves, of which some are words of the list too."""


def test_a_slip_is_found_and_no_word_is_repeated():
    first, second, _ = (one.words for one in shares())
    words = second.split()
    swapped = [words[1], words[0], *words[2:]] if words[0] != words[1] else [*words[:-1], "zoo"]
    for slip, said in (
        (" ".join(words[:-1]), "54 words; 55 words"),
        (" ".join(["xylophagous", *words[1:]]), "word 1: not a word of the list"),
        (to_words(SECRET), "24 words; 55 words"),
        ("", "0 words; 55 words"),
        (" ".join(swapped), "a wrong word, or words out of order|at least one is altered"),
    ):
        with pytest.raises(BadInput, match=said) as caught:
            put_together(first, slip)
        repeated = set(slip.split()) & set(re.findall(r"[a-z]{4,}", str(caught.value)))
        assert repeated <= OURS, "what it says is the same whatever the words were"


def test_a_share_that_somebody_changed_is_found():
    """With words that check: whoever knows the format can write those."""
    first, second, _ = shares()
    for place in (1, 20, 45, 60, 73):
        raw = bytearray(second.stored)
        raw[place] ^= 1
        with pytest.raises(BadInput, match=r"is altered|is of set"):
            put_together(first.words, share_to_words(bytes(raw)))


def test_words_of_a_share_are_read_whatever_their_case_and_spacing():
    one = shares()[0]
    assert share_from_words("\n ".join(one.words.upper().split())) == one.stored
    with pytest.raises(BadInput, match="the words of a share"):
        share_to_words(bytes(73))


def test_missing_shares_are_asked_for_where_the_boot_secret_is_typed(tmp_path):
    made = shares(3, 4)
    typed = iter([made[3].words, made[0].words, made[1].words])
    asked = []
    keeper = keeper_at(
        "prompt:", folder=tmp_path, ask=lambda what: asked.append(what) or next(typed)
    )
    with keeper.fetch() as boot:
        assert boot.revealed() == SECRET
    name = made[0].set_name
    assert asked[1:] == [
        f"Another share of set {name}, 55 words ({missing} to come)" for missing in (2, 1)
    ]


def test_a_wrong_share_at_the_prompt_is_a_plain_failure(tmp_path):
    typed = iter([shares()[0].words, shares()[1].words])
    with pytest.raises(KeeperFailure, match="is of set"):
        keeper_at("prompt:", folder=tmp_path, ask=lambda _: next(typed)).fetch()
