from hypothesis import given
from hypothesis import strategies as st

from angerona.rules.circuits import NO, YES, Alphabet, closure, every, some
from angerona.rules.expressions import And, Atom, Not, Or
from angerona.rules.kleene import any_of, both, negation

ATOMS = [Atom(f"fact.{letter}", "is") for letter in "abcde"]
VALUES = st.sampled_from([True, False, None])
STATES = st.fixed_dictionaries(dict.fromkeys(ATOMS, VALUES))
CONDITIONS = st.recursive(
    st.sampled_from(ATOMS),
    lambda inner: st.one_of(
        inner.map(Not),
        st.lists(inner, max_size=4).map(lambda parts: And(tuple(parts))),
        st.lists(inner, max_size=4).map(lambda parts: Or(tuple(parts))),
    ),
    max_leaves=20,
)


def kleene(condition, state):
    match condition:
        case Atom():
            return state[condition]
        case Not(part):
            return negation(kleene(part, state))
        case And(parts):
            return negation(any_of(negation(kleene(part, state)) for part in parts))
        case Or(parts):
            return any_of(kleene(part, state) for part in parts)


def bits_of(alphabet, state):
    return sum(
        alphabet.holds(atom) if value else alphabet.fails(atom)
        for atom, value in state.items()
        if value is not None
    )


@given(CONDITIONS, STATES)
def test_two_circuits_are_kleenes_three_values(condition, state):
    alphabet = Alphabet()
    truth, falsity = alphabet.truth(condition), alphabet.falsity(condition)
    bits = bits_of(alphabet, state)
    expected = kleene(condition, state)
    assert closure(truth)(bits) is (expected is True)
    assert closure(falsity)(bits) is (expected is False)


@given(CONDITIONS, STATES, STATES)
def test_knowing_more_only_switches_on(condition, state, more):
    alphabet = Alphabet()
    wiser = {atom: more[atom] if value is None else value for atom, value in state.items()}
    for circuit in (alphabet.truth(condition), alphabet.falsity(condition)):
        on = closure(circuit)
        if on(bits_of(alphabet, state)):
            assert on(bits_of(alphabet, wiser))


def test_the_empty_gates():
    assert every([]) == YES
    assert some([]) == NO
    assert every([NO, YES]) == NO
    assert some([NO, YES]) == YES
    assert closure(YES)(0) is True
    assert closure(NO)(0) is False


def test_kleene_and():
    assert [both(a, b) for a in (True, False, None) for b in (True, False, None)] == [
        True,
        False,
        None,
        False,
        False,
        False,
        None,
        False,
        None,
    ]
