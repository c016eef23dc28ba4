import pytest

from angerona.errors import BadPack
from angerona.rules.circuits import Alphabet, closure
from angerona.rules.compile import Literals
from angerona.rules.expressions import ALWAYS, atoms, parse, polarity_faults
from angerona.rules.facts import CORE_FACTS

TRUE, FALSE, UNKNOWN = True, False, None
CASES = [
    ("", {}, TRUE),
    ("threat.serious", {"threat.serious": True}, TRUE),
    ("threat.serious", {"threat.serious": False}, FALSE),
    ("threat.serious", {}, UNKNOWN),
    ("threat.serious == true", {"threat.serious": True}, TRUE),
    ("threat.serious == false", {"threat.serious": True}, FALSE),
    ("threat.serious != true", {"threat.serious": False}, TRUE),
    ("not threat.serious", {}, UNKNOWN),
    ("not threat.serious", {"threat.serious": False}, TRUE),
    ("threat.serious and threat.imminent", {"threat.serious": False}, FALSE),
    ("threat.serious and threat.imminent", {"threat.serious": True}, UNKNOWN),
    ("threat.serious or threat.imminent", {"threat.serious": True}, TRUE),
    ("threat.serious or threat.imminent", {"threat.serious": False}, UNKNOWN),
    ("not (threat.serious or threat.imminent)", {"threat.serious": True}, FALSE),
    ("client.age < 18", {"client.age": 17}, TRUE),
    ("client.age < 18", {"client.age": 18}, FALSE),
    ("client.age <= 18", {"client.age": 18}, TRUE),
    ("client.age > 18", {"client.age": 18}, FALSE),
    ("client.age >= 18", {"client.age": 18}, TRUE),
    ("client.age == 18", {"client.age": 18}, TRUE),
    ("client.age != 18", {"client.age": 18}, FALSE),
    ("client.age >= 18", {}, UNKNOWN),
    ("client.age in [17, 18]", {"client.age": 18}, TRUE),
    ('threat.target == "self"', {"threat.target": "self"}, TRUE),
    ('threat.target in ["self", "public"]', {"threat.target": "unnamed"}, FALSE),
    ('threat.target not in ["self"]', {"threat.target": "unnamed"}, TRUE),
    ('threat.target not in ["self"]', {}, UNKNOWN),
    ("known(client.age)", {"client.age": 3}, TRUE),
    ("known(client.age)", {}, FALSE),
    ("not known(client.age) or client.age < 3", {}, TRUE),
    ('to == "police"', {"to": "police"}, TRUE),
]


def value_of(text, facts):
    condition = parse(text, CORE_FACTS, "here")
    alphabet = Alphabet()
    truth, falsity = alphabet.truth(condition), alphabet.falsity(condition)
    literals = Literals(alphabet)
    state = literals.nothing_known
    for fact, value in facts.items():
        state ^= literals.of(fact, value)
    on = (closure(truth)(state), closure(falsity)(state))
    return {(True, False): TRUE, (False, True): FALSE, (False, False): UNKNOWN}[on]


@pytest.mark.parametrize(("text", "facts", "expected"), CASES)
def test_three_values(text, facts, expected):
    assert value_of(text, facts) is expected


WRONG = [
    ("threat.seriuos", "unknown fact 'threat.seriuos'; did you mean threat.serious"),
    ("nonsense.x", "unknown fact"),
    ("(1).x", "unknown fact"),
    ("client.age", "not a yes-or-no fact"),
    ("client.age == 'x'", "cannot be compared"),
    ("client.age < 99999999", "cannot be compared"),
    ("client.age < true", "cannot be compared"),
    ("threat.serious < 3", "cannot be compared"),
    ("threat.serious == 'yes'", "compare it with true or false"),
    ("threat.target == 'moon'", "never 'moon'"),
    ("threat.target == 3", "never a number"),
    ("threat.target == true", "not a yes-or-no fact"),
    ("to == 'moon'", "never 'moon'"),
    ("to in 'police'", "needs a list"),
    ("to in []", "needs a list"),
    ("client.age is 3", "this comparison"),
    ("1 < client.age < 3", "not part of the expression language"),
    ("client.age + 1", "not part of the expression language"),
    ("known(client.age, 2)", "not part of the expression language"),
    ("print('x')", "not part of the expression language"),
    ("[threat.serious]", "not part of the expression language"),
    ("threat.serious and", "not an expression"),
    ("threat.serious\x00", "not an expression"),
    ("(" * 900 + "threat.serious" + ")" * 900, "not an expression"),
    ("not " * 60 + "threat.serious", "nested too deep"),
    ("threat.serious or " * 200 + "threat.serious", "too long"),
]


@pytest.mark.parametrize(("text", "wrong"), WRONG)
def test_what_is_not_the_language_is_one_clear_error(text, wrong):
    with pytest.raises(BadPack) as problem:
        parse(text, CORE_FACTS, "us-xx.toml: ground us-xx.g: when")
    message = str(problem.value)
    assert message.startswith("us-xx.toml: ground us-xx.g: when: ")
    assert wrong in message
    assert "\n" not in message


def test_atoms_come_in_reading_order():
    condition = parse("threat.serious and not (client.age < 3 or known(to))", CORE_FACTS, "here")
    assert [atom.fact for atom in atoms(condition)] == ["threat.serious", "client.age", "to"]
    assert list(atoms(ALWAYS)) == []


@pytest.mark.parametrize(
    ("text", "opens", "faults"),
    [
        ("known(client.age) and client.age < 3", True, []),
        ("not known(client.age)", True, ["known(client.age)"]),
        ("known(client.age)", False, ["known(client.age)"]),
        ("not known(client.age)", False, []),
        ("law.requires or threat.serious", True, []),
        ("not law.requires", True, ["law.requires"]),
        ("law.permits", False, ["law.permits"]),
        ("law.forbids", True, ["law.forbids"]),
    ],
)
def test_what_would_open_on_the_unknown_is_refused(text, opens, faults):
    assert list(polarity_faults(parse(text, CORE_FACTS, "here"), opens=opens)) == faults
