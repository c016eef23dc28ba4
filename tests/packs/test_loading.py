"""Packs are read strictly: each wrong thing is one line naming file, entry and key."""

import datetime
import shutil
from importlib import resources

import pytest

import tiny
from angerona.errors import BadPack
from angerona.packs import load, load_folder
from angerona.packs.loading import read_pack, warnings_of

GROUND = '[[ground]]\nid = "us-xx.g"\nlimit = "care"\nforce = "may"\n'
LOCK = '[[lock]]\nid = "us-xx.l"\n'
DUTY = (
    '[[duty]]\nid = "us-xx.d"\non = ["release"]\nkind = "record"\nmode = "required"\nwhat = "x"\n'
)
FACT = '[[fact]]\nkey = "us_xx.f"\ntype = "bool"\nask = "?"\n'
FORM = '[[consent_form]]\nid = "us-xx.c"\nelements = [{key = "a", ask = "?"}]\n'
RIGHT = '[[right]]\nid = "us-xx.r"\nkind = "access"\n'
BREACH = '[[breach]]\nid = "us-xx.b"\n'
RETENTION = '[[retention]]\nid = "us-xx.t"\n'
HELP = '[[help]]\nid = "us-xx.h"\nwho = "W"\nreach = "1"\nfor = ["harm"]\n'


def test_what_ships_loads():
    packs = load()
    assert len(packs.packs) >= 34
    assert sum(len(pack.grounds) for pack in packs.packs.values()) >= 404


def test_every_rule_that_ships_names_its_source():
    for pack in load().packs.values():
        for entry in (*pack.grounds, *pack.locks, *pack.duties, *pack.consent_forms, *pack.helps):
            assert entry.cite, entry.id
            assert isinstance(entry.as_of, datetime.date), entry.id
            assert entry.enabled or entry.disabled_because, entry.id


def test_a_whole_entry_is_read(tmp_path):
    text = (
        FACT
        + GROUND
        + 'by = ["nurse", "treating"]\nto = ["police"]\npurposes = ["protection"]\n'
        + 'instruments = ["none"]\nacts = ["notify"]\nwhen = "us_xx.f"\nscope = "named"\n'
        + 'needs = [{fact = "us_xx.f", ask = "?"}, {expr = "not us_xx.f", ask = "?"}]\n'
        + 'covers = ["risk"]\nexcludes = ["abuse"]\nways = [{what = "a", done = "us_xx.f"}]\n'
        + 'review = "PT24H"\ncontested = "c"\n'
        + DUTY
        + 'later_of = [{due = "P1D", due_from = "x"}]\ndays = "working"\n'
        + FORM
        + RIGHT
        + 'ground = ["us-xx.g"]\nwho = ["client", "estate"]\nrefuse_when = "us_xx.f"\n'
        + BREACH
        + 'to = ["client"]\nunless = "us_xx.f"\n'
        + RETENTION
        + 'keep = "P7Y"\nlonger_wins = true\n'
        + HELP
    )
    pack = tiny.load_tiny(tmp_path, us_xx=text).packs["us-xx"]
    assert pack.grounds[0].by == {"nurse", "treating"}
    assert pack.grounds[0].ways[0].done == "us_xx.f"
    assert pack.duties[0].later_of[0].due == "P1D"
    assert pack.rights[0].who == ("client", "estate")
    assert pack.helps[0].serves == ("harm",)
    assert pack.is_law


WRONG = [
    (GROUND + 'colour = "red"\n', "us-xx.toml: ground us-xx.g: colour: unknown key"),
    (GROUND + 'to = ["polce"]\n', "us-xx.toml: ground us-xx.g: to[0]: unknown word ('polce')"),
    (GROUND + "to = 3\n", "us-xx.toml: ground us-xx.g: to: a number where a list"),
    (GROUND + "review = 3\n", "us-xx.toml: ground us-xx.g: review: a number where a text"),
    (GROUND + 'review = "1 day"\n', "us-xx.toml: ground us-xx.g: review: not an ISO 8601 dura"),
    (GROUND + 'when = "x.y"\n', "us-xx.toml: ground us-xx.g: when: unknown fact 'x.y'"),
    (GROUND + 'when = "not known(client.age)"\n', "us-xx.toml: ground us-xx.g: when: known(cl"),
    (GROUND + 'when = "not law.requires"\n', "us-xx.toml: ground us-xx.g: when: law.requires"),
    (GROUND + 'needs = [{ask = "?"}]\n', "us-xx.toml: ground us-xx.g: needs[0].fact: a need"),
    (
        GROUND + 'needs = [{fact = "client.agrees", expr = "x", ask = "?"}]\n',
        "us-xx.toml: ground us-xx.g: needs[0].fact: a need has either",
    ),
    (GROUND + 'needs = [{fact = "client.agrees"}]\n', "us-xx.toml: ground us-xx.g: needs[0].ask"),
    (GROUND + 'needs = [{fact = "x", ask = "?"}]\n', "us-xx.toml: ground us-xx.g: needs[0]: unkn"),
    (GROUND + 'ways = [{what = "w", done = "x.y"}]\n', "us-xx.toml: ground us-xx.g: ways[0].done"),
    (
        GROUND + 'ways = [{what = "w", done = "client.age"}]\n',
        "us-xx.toml: ground us-xx.g: ways[0].done: no such yes-or-no fact",
    ),
    (GROUND + GROUND, "us-xx.toml: ground us-xx.g: id: used twice"),
    (GROUND.replace("us-xx.g", "uk.g"), "us-xx.toml: ground uk.g: id: belongs to another pack"),
    (GROUND.replace('"us-xx.g"', "3"), "us-xx.toml: ground no. 1: id: a number where a text"),
    (GROUND.replace('limit = "care"\n', ""), "us-xx.toml: ground us-xx.g: limit: missing"),
    (GROUND + "enabled = false\n", "us-xx.toml: ground us-xx.g: disabled_because: goes with"),
    (GROUND + 'disabled_because = "x"\n', "us-xx.toml: ground us-xx.g: disabled_because: goes"),
    (LOCK + 'opens_for = ["us-xx.none"]\n', "us-xx.toml: lock us-xx.l: opens_for[0]: no ground"),
    (LOCK + 'opens_for = ["nothing"]\n', "us-xx.toml: lock us-xx.l: opens_for[0]: neither a gr"),
    (LOCK + "opens_for = [3]\n", "us-xx.toml: lock us-xx.l: opens_for[0]: a number where a text"),
    (LOCK + 'when = "known(client.age)"\n', "us-xx.toml: lock us-xx.l: when: known(client.age)"),
    (LOCK + 'when = "law.permits"\n', "us-xx.toml: lock us-xx.l: when: law.permits would open"),
    (DUTY.replace('["release"]', "[]"), "us-xx.toml: duty us-xx.d: on: names nothing"),
    (DUTY.replace('["release"]', '["us-xx.g"]'), "us-xx.toml: duty us-xx.d: on[0]: no ground"),
    (DUTY + 'when = "client.age"\n', "us-xx.toml: duty us-xx.d: when: client.age is not a yes"),
    (DUTY + 'days = "lunar"\n', "us-xx.toml: duty us-xx.d: days: unknown word ('lunar')"),
    (DUTY + 'to = "moon"\n', "us-xx.toml: duty us-xx.d: to: unknown word ('moon')"),
    (DUTY + "later_of = [{due = 3}]\n", "us-xx.toml: duty us-xx.d: later_of[0].due: a number"),
    (FACT.replace("us_xx.f", "uk.f"), "us-xx.toml: fact uk.f: key: belongs to another pack"),
    (FACT + 'values = ["a"]\n', "us-xx.toml: fact us_xx.f: values: an enum lists its values"),
    (FACT.replace('"bool"', '"enum"'), "us-xx.toml: fact us_xx.f: values: an enum lists its"),
    (FACT + "default = 3\n", "us-xx.toml: fact us_xx.f: default: does not fit the type bool"),
    (FACT + 'reads = "client.age"\n', "us-xx.toml: fact us_xx.f: reads: unknown word"),
    (
        FACT.replace('"bool"', '"int"') + 'reads = "order.secrecy"\n',
        "us-xx.toml: fact us_xx.f: reads: only a yes-or-no fact",
    ),
    (FACT + FACT, "us-xx.toml: fact us_xx.f: key: used twice"),
    (FORM + 'classes = ["soup"]\n', "us-xx.toml: consent_form us-xx.c: classes[0]: unknown"),
    (RIGHT + 'ground = ["us-xx.g"]\n', "us-xx.toml: right us-xx.r: ground[0]: no ground us-xx.g"),
    (RIGHT + 'when = "x"\n', "us-xx.toml: right us-xx.r: when: unknown fact"),
    (BREACH + 'when = "x"\n', "us-xx.toml: breach us-xx.b: when: unknown fact"),
    (RETENTION + 'when = "x"\n', "us-xx.toml: retention us-xx.t: when: unknown fact"),
    (HELP + 'for = ["all"]\n', "us-xx.toml: not TOML: Cannot overwrite a value"),
    (HELP.replace('"harm"', '"all"'), "us-xx.toml: help us-xx.h: for[0]: unknown word ('all')"),
    ("[[surprise]]\n", "us-xx.toml: surprise: unknown key"),
    ("ground = 3\n", "us-xx.toml: [pack] ground: unknown key"),
    ('extends = ["us-zz"]\n', "us-xx.toml: [pack] extends[0]: no such pack"),
    ('speaks_of = ["soup"]\n', "us-xx.toml: [pack] speaks_of[0]: unknown word ('soup')"),
    ('applies_when = "known(client.age)"\n', "us-xx.toml: [pack] applies_when: known(client"),
    ('applies_when = "not known(client.age)"\n', "us-xx.toml: [pack] applies_when: known(client"),
    (LOCK + "classes = []\n", "us-xx.toml: lock us-xx.l: classes: an empty list; leave it out"),
    (FORM + "enabled = false\n", "us-xx.toml: consent_form us-xx.c: enabled: a consent form"),
    (GROUND + 'when = "known(law.permits)"\n', "us-xx.toml: ground us-xx.g: when: known(law.p"),
    (f'note = "{"x" * 4001}"\n', "us-xx.toml: [pack] note: too long; at most 4000"),
    ('local_law = "village"\n', "us-xx.toml: [pack] local_law: unknown word ('village')"),
]


@pytest.mark.parametrize(("text", "message"), WRONG)
def test_what_is_wrong_is_named_by_file_entry_and_key(tmp_path, text, message):
    with pytest.raises(BadPack) as problem:
        tiny.load_tiny(tmp_path, us_xx=text)
    assert str(problem.value).startswith(message)
    assert "\n" not in str(problem.value)


@pytest.mark.parametrize("default", ["3", '"x"', "true"])
def test_a_default_fits_its_type(tmp_path, default):
    kinds = {"bool": "true", "int": "3", "enum": '"x"'}
    for kind, fitting in kinds.items():
        values = 'values = ["x"]\n' if kind == "enum" else ""
        text = FACT.replace('"bool"', f'"{kind}"') + values + f"default = {default}\n"
        if default == fitting:
            tiny.load_tiny(tmp_path, us_xx=text)
        else:
            with pytest.raises(BadPack, match="does not fit the type"):
                tiny.load_tiny(tmp_path, us_xx=text)


HEADS = [
    ("as_of = 2026-11-01\n", "", "[pack] as_of: missing"),
    ('id = "us-xx"\n', 'id = "us-zz"\n', "[pack] id: differs from the file's name; us-xx"),
    ("[pack]\n", "[other]\n", "pack: missing"),
    ('default = "closed"\n', 'default = "open"\n', "[pack] default: unknown word ('open')"),
    ("verified = true\n", "", "ground us-xx.g: verified: missing"),
    ("source_url = []\nverified = true\nas_of = 2026-11-01\n", "verified = true\n", "ground us-xx"),
]


@pytest.mark.parametrize(("old", "new", "message"), HEADS)
def test_what_is_missing_is_named(tmp_path, old, new, message):
    path = tmp_path / "us-xx.toml"
    path.write_text(tiny.pack_text("us-xx", GROUND).replace(old, new, 1))
    with pytest.raises(BadPack) as problem:
        read_pack(path)
    assert str(problem.value).startswith(f"us-xx.toml: {message}")


FILES = [
    (b"\xff\xfe", "us-xx.toml: not UTF-8 text"),
    (b"[pack", "us-xx.toml: not TOML: "),
    (b"a = " + b"[" * 5000, "us-xx.toml: n"),
    (b" " * 2_000_001, "us-xx.toml: too large; at most 2000000 bytes"),
]


@pytest.mark.parametrize(("content", "message"), FILES)
def test_a_file_that_is_no_pack(tmp_path, content, message):
    path = tmp_path / "us-xx.toml"
    path.write_bytes(content)
    with pytest.raises(BadPack) as problem:
        load_folder(tmp_path)
    assert str(problem.value).startswith(message)


def test_a_file_that_cannot_be_read(tmp_path):
    with pytest.raises(BadPack, match=r"us-xx.toml: cannot be read; No such file"):
        read_pack(tmp_path / "us-xx.toml")


def test_a_folder_without_packs(tmp_path):
    with pytest.raises(BadPack, match="holds no pack"):
        load_folder(tmp_path)
    with pytest.raises(BadPack, match="no such folder"):
        load_folder(tmp_path / "nowhere")


def test_a_missing_parent_is_a_warning(tmp_path):
    packs = tiny.load_tiny(tmp_path, us_xx="", us_yy='extends = ["us-xx"]\n')
    assert warnings_of(packs, ("us-xx", "us-yy")) == []
    assert warnings_of(packs, ("us-yy",)) == [
        "us-yy builds on us-xx, which is not among the laws asked"
    ]


def test_a_copy_of_what_ships_loads_from_anywhere(tmp_path):
    with resources.as_file(resources.files("angerona.packs")) as folder:
        for path in folder.glob("*.toml"):
            shutil.copy(path, tmp_path)
    assert load_folder(tmp_path).packs.keys() == load().packs.keys()
