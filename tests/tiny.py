"""Tiny packs for tests: a few lines of TOML become loaded packs, with the source keys filled in."""

import re

from angerona.packs import load_folder
from angerona.rules.ask import read_ask
from angerona.rules.decide import decide

SOURCE = 'cite = "Code 1"\nsource_url = []\nverified = true\nas_of = 2026-11-01\n'
HEAD = '[pack]\nid = "{id}"\ntitle = "{id}"\njurisdiction = "{id}"\nas_of = 2026-11-01\n'
TITLED = {"ground": 'title = "T"\n', "lock": 'title = "T"\n'}
SOURCED = re.compile(
    r"^\[\[(ground|lock|duty|consent_form|right|breach|retention|help)\]\]\n", re.MULTILINE
)


def pack_text(pack, text):
    """A whole pack file: text with `[[ground]]` and so on, to which head and sources are added."""
    own, _, entries = text.partition("[[")
    default = "" if "default" in own else 'default = "closed"\n'
    body = SOURCED.sub(
        lambda m: f"{m.group(0)}{SOURCE}{TITLED.get(m.group(1), '')}",
        f"[[{entries}" if entries else "",
    )
    return HEAD.format(id=pack) + default + own + body


def write(folder, **packs):
    """Write packs (keyword `us_xx` becomes `us-xx`) and give back the folder."""
    for name, text in packs.items():
        pack = name.replace("_", "-")
        (folder / f"{pack}.toml").write_text(pack_text(pack, text), encoding="utf-8")
    return folder


def load_tiny(folder, **packs):
    return load_folder(write(folder, **packs))


def ask_of(packs, /, **changes):
    """A plain Ask to police for protection of the attendance class, changed as wished."""
    raw = {
        "packs": list(packs.packs),
        "at": "2026-11-23T10:00:00Z",
        "by": {"role": "psychologist", "relation": "treating"},
        "to": "police",
        "purpose": "law_enforcement",
        "instrument": "none",
        "wants": ["attendance"],
    }
    return raw | changes


def read(packs, /, **changes):
    return read_ask(ask_of(packs, **changes), packs.facts, packs.packs)


def answer(packs, /, **changes):
    return decide(read(packs, **changes), packs)
