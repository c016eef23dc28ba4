"""What pages ask for: files named by their hash, from here, and nothing from elsewhere."""

import hashlib
import re
from importlib import resources

import pytest

from angerona.web.static_files import static_address, static_file

WEB = resources.files("angerona.web")
TEMPLATES = sorted(
    (one for one in WEB.joinpath("templates").iterdir() if one.name.endswith(".html")),
    key=lambda one: one.name,
)
STATIC = sorted(
    one.name for one in WEB.joinpath("static").iterdir() if not one.name.startswith("_")
)
LOADS = re.compile(r"""<(?:script|link|img|iframe|audio|video|source|object|embed|use)\b[^>]*>""")
ADDRESS = re.compile(r'\b(?:src|href|data|srcset|poster)="([^"]*)"')
OURS = re.compile(r"""\A(?:\{\{ ?static\(.*\) ?\}\}|data:.*|\{\{ picture \}\})\Z""")
ELSEWHERE = re.compile(r"""(?:https?:)?//(?!#)[\w-]+\.\w|@import|url\((?!["']?data:)""")


@pytest.mark.parametrize("name", STATIC)
def test_each_file_is_named_by_its_hash(name):
    hashed = static_address(name).rpartition("/")[2]
    found = static_file(hashed)
    assert found is not None
    stem, digits, ending = hashed.split(".")
    assert digits == hashlib.sha256(found.data).hexdigest()[: len(digits)]
    assert f"{stem}.{ending}" == name
    assert static_file(name) is None
    assert static_file(f"{stem}.{'0' * len(digits)}.{ending}") is None


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda one: one.name)
def test_templates_load_hashed_files_of_ours_and_nothing_else(template):
    for element in LOADS.findall(template.read_text(encoding="utf-8")):
        assert all(OURS.match(one) for one in ADDRESS.findall(element)), element


@pytest.mark.parametrize("name", STATIC)
def test_styles_and_scripts_name_no_other_origin(name):
    text = WEB.joinpath("static", name).read_text(encoding="utf-8")
    code = re.sub(r"/\*.*?\*/|^\s*//.*$", "", text, flags=re.DOTALL | re.MULTILINE)
    assert not ELSEWHERE.search(code)
