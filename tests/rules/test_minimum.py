"""How much of what may go."""

import pytest

import tiny

GROUND = '[[ground]]\nid = "us-{p}.{n}"\nlimit = "other"\nforce = "may"\nscope = "{n}"\n'


def grounds(pack, *scopes):
    return "".join(GROUND.format(p=pack, n=scope) for scope in scopes)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (["minimum"], ["minimum"], "minimum"),
        (["named"], ["named"], "named"),
        (["named"], ["ordered"], "ordered"),
        (["named"], ["minimum"], "minimum"),
        (["minimum", "named"], ["named"], "named"),
        (["minimum", "ordered"], ["named"], "ordered"),
    ],
)
def test_within_a_law_the_widest_over_the_laws_the_narrowest(tmp_path, first, second, expected):
    packs = tiny.load_tiny(tmp_path, us_xx=grounds("xx", *first), us_yy=grounds("yy", *second))
    assert tiny.answer(packs).scopes == {"attendance": expected}


def test_a_passage_takes_the_narrowest_and_what_stays_has_none(tmp_path):
    text = grounds("xx", "named") + 'covers = ["risk", "abuse"]\n'
    narrow = text + grounds("xx", "minimum") + 'covers = ["history"]\n'
    packs = tiny.load_tiny(tmp_path, us_xx=narrow)
    wants = [
        "risk",
        "billing",
        {"passage": "p", "classes": ["risk", "history"]},
        {"passage": "q", "classes": ["risk", "billing"]},
    ]
    assert tiny.answer(packs, wants=wants).scopes == {"risk": "named", "p": "minimum"}
