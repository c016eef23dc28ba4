import pytest

import tiny
from angerona.errors import BadAsk, BadPack
from angerona.rules import compile as compiling
from angerona.rules.compile import Packs

FACT = '[[fact]]\nkey = "us_xx.a"\ntype = "bool"\nask = "?"\n'


def test_a_law_is_compiled_once_for_each_list_of_packs(tmp_path):
    packs = tiny.load_tiny(tmp_path, us_xx="", us_yy="")
    assert packs.law(("us-xx",)) is packs.law(("us-xx",))
    assert packs.law(("us-xx", "us-yy")) is not packs.law(("us-yy", "us-xx"))


def test_a_pack_that_is_not_loaded(tmp_path):
    packs = tiny.load_tiny(tmp_path, us_xx="")
    with pytest.raises(BadAsk, match=r"packs\[1\]: no such pack; did you mean us-xx\?"):
        packs.law(("us-xx", "us-xy"))


def test_one_fact_has_one_meaning(tmp_path):
    pack = tiny.load_tiny(tmp_path, us_xx=FACT).packs["us-xx"]
    with pytest.raises(BadPack, match=r"us-xx: fact us_xx.a: declared twice"):
        Packs({"us-xx": pack, "again": pack})


def test_a_lock_s_key_in_a_pack_that_is_not_asked_opens_nothing(tmp_path):
    may = '[[ground]]\nid = "us-xx.may"\nlimit = "other"\nforce = "may"\n'
    lock = '[[lock]]\nid = "us-xx.lock"\nopens_for = ["us-yy.may"]\n'
    duty = (
        '[[duty]]\nid = "us-xx.duty"\non = ["us-yy.may"]\nkind = "record"\nmode = "required"\n'
        'what = "write"\n'
    )
    packs = tiny.load_tiny(tmp_path, us_xx=may + lock + duty, us_yy=may.replace("us-xx", "us-yy"))
    assert tiny.answer(packs, packs=["us-xx"]).outcome == "deny"
    answer = tiny.answer(packs)
    assert answer.outcome == "permit"
    assert [owed.id for owed in answer.duties] == ["us-xx.duty"]


def test_only_so_many_laws_are_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(compiling, "LAWS_KEPT", 1)
    packs = tiny.load_tiny(tmp_path, us_xx="", us_yy="")
    first = packs.law(("us-xx",))
    packs.law(("us-yy",))
    assert packs.law(("us-xx",)) is not first
