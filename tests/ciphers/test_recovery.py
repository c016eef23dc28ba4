"""What a person writes down and types again: every slip is found, every habit forgiven."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mnemonic import Mnemonic

from angerona.ciphers.recovery import from_words, new_code, read_code, to_words, written_code
from angerona.errors import BadInput

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SECRETS = [bytes(20), b"\xff" * 20, bytes(range(20)), bytes(19) + b"\x01", b"\x80" + bytes(19)]
KEY = bytes(range(32))


def is_read(code):
    try:
        read_code(code)
    except BadInput:
        return False
    return True


@given(st.binary(min_size=20, max_size=20))
def test_a_code_reads_back(secret):
    code = written_code(secret)
    assert read_code(code) == secret
    groups = code.split("-")
    assert [len(group) for group in groups] == [5] * 7
    assert set("".join(groups)) <= set(ALPHABET)


def test_the_modulus_is_a_prime():
    """A wrong character changes the number by d * 32**n, a swap by d * 31 * 32**n, d below 32."""
    assert all(32749 % divisor for divisor in range(2, 182))


@pytest.mark.parametrize("secret", SECRETS)
def test_every_wrong_character_is_found(secret):
    code = written_code(secret)
    for at, right in enumerate(code):
        if right != "-":
            for wrong in ALPHABET.replace(right, ""):
                assert not is_read(code[:at] + wrong + code[at + 1 :])


@pytest.mark.parametrize("secret", [*SECRETS, b"angerona recovery co", b"12345678901234567890"])
def test_every_swap_of_neighbours_is_found(secret):
    letters = written_code(secret).replace("-", "")
    for at in range(34):
        swapped = letters[:at] + letters[at + 1] + letters[at] + letters[at + 2 :]
        assert is_read(swapped) == (swapped == letters)


def test_swaps_of_any_two_letters_at_the_check_are_found():
    """Each pair of values, at each boundary between neighbours that the check takes part in."""
    for first, second in itertools.permutations(range(32), 2):
        value = first
        whole = value << 15 | value % 32749
        letters = [ALPHABET[whole >> 5 * n & 31] for n in reversed(range(35))]
        letters[31], letters[32] = ALPHABET[second], letters[31]
        if letters[31] != ALPHABET[first]:
            assert not is_read("".join(letters))


@pytest.mark.parametrize("secret", SECRETS)
def test_a_lost_or_doubled_character_is_found(secret):
    letters = written_code(secret).replace("-", "")
    for at in range(35):
        assert not is_read(letters[:at] + letters[at + 1 :])
        assert not is_read(letters[:at] + letters[at] + letters[at:])


HABITS = {
    "small letters": str.lower,
    "no dashes": lambda code: code.replace("-", ""),
    "spaces for dashes": lambda code: code.replace("-", " "),
    "spaces around": lambda code: f"  {code}\n",
    "spaces and dashes": lambda code: code.replace("-", " - "),
    "a long dash": lambda code: code.replace("-", "\u2013"),
    "O for nought": lambda code: code.replace("0", "O"),
    "o for nought": lambda code: code.replace("0", "o"),
    "I for one": lambda code: code.replace("1", "I"),
    "l for one": lambda code: code.replace("1", "l"),
    "all at once": lambda code: code.replace("1", "i").replace("0", "o").lower(),
}


@pytest.mark.parametrize("habit", HABITS)
@pytest.mark.parametrize("secret", SECRETS)
def test_habits_are_forgiven(habit, secret):
    assert read_code(HABITS[habit](written_code(secret))) == secret


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "0 characters"),
        ("ABCDE", "5 characters"),
        ("0" * 34 + "U", "character 35"),
        ("*" + "0" * 34, "character 1"),
        ("0" * 34 + "\u0660", "character 35"),  # an Arabic nought
        ("0" * 34 + "1", "mistyped"),
    ],
)
def test_a_slip_is_named_and_never_repeated(typed, said):
    with pytest.raises(BadInput, match=said) as slip:
        read_code(typed)
    assert len(typed) < 5 or typed not in str(slip.value)


def test_new_codes_differ():
    assert len({new_code() for _ in range(100)}) == 100


@pytest.mark.parametrize("secret", [b"", bytes(19), bytes(21), "s" * 20])
def test_a_code_stands_for_20_bytes(secret):
    with pytest.raises(BadInput, match="recovery code"):
        written_code(secret)


@given(st.binary(min_size=32, max_size=32))
def test_words_read_back_and_are_bip_39(secret):
    words = to_words(secret)
    assert from_words(words) == secret
    assert from_words(words.upper().replace(" ", "\n  ")) == secret
    assert Mnemonic("english").check(words)


def test_the_words_are_those_of_bip_39():
    """The reference vectors of BIP-39 for 256 bits of nought and of one."""
    assert to_words(bytes(32)) == " ".join(["abandon"] * 23 + ["art"])
    assert to_words(b"\xff" * 32) == " ".join(["zoo"] * 23 + ["vote"])
    assert to_words(bytearray(32)) == to_words(bytes(32))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("", "0 words"),
        ("abandon " * 23, "23 words"),
        ("abandon " * 12, "12 words"),
        ("abandon " * 24, "a wrong word, or words out of order"),
        ("abandon " * 23 + "artt", "word 24: not a word of the list"),
        ("secret " + "abandom " + "abandon " * 22, "word 2: not a word of the list"),
    ],
)
def test_a_slip_in_words_is_named_and_never_repeated(words, said):
    with pytest.raises(BadInput, match=said) as slip:
        from_words(words)
    assert "abando" not in str(slip.value)
    assert "artt" not in str(slip.value)


def test_most_wrong_words_and_swaps_are_found():
    """BIP-39's checksum of eight bits lets one slip in 256 through."""
    words = to_words(KEY).split()
    read = 0
    for at in range(23):
        swapped = words.copy()
        swapped[at], swapped[at + 1] = swapped[at + 1], swapped[at]
        try:
            from_words(" ".join(swapped))
        except BadInput:
            continue
        read += swapped != words
    assert read <= 1


@pytest.mark.parametrize("secret", [b"", bytes(16), bytes(31), bytes(33), "s" * 32])
def test_words_stand_for_32_bytes(secret):
    with pytest.raises(BadInput, match="recovery words"):
        to_words(secret)
