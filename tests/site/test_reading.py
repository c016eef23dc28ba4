"""Every page a client reads: grade 6 at most, no sentence over 20 words, no promise too many."""

import re

import pytest

from angerona.web.table import ROUTES
from documents import ROOT
from reading import grade, sentences, sentences_of_template

GRADE_MAX = 6
WORDS_MAX = 20
NOBODY = "00" * 16
FOR_MEMBERS = {"/", "/sign-in", "/join", "/away"}
"""Of the pages for everybody, those that are no text for clients."""
PAGES = [
    one.path
    for one in ROUTES
    if one.method == "GET"
    and (one.face == "client" or (one.face == "visitor" and one.path not in FOR_MEMBERS))
    and "{" not in one.path
]
TOO_MUCH = re.compile(
    r"100 ?%|completely confidential|fully confidential|nobody will ever", re.IGNORECASE
)


@pytest.fixture(scope="module")
def pages(site):
    ada = site.in_session("Ada")
    return {path: ada.get(path) for path in PAGES}


def test_the_pages_are_all_there(pages):
    assert {"/me", "/limits", "/limits/young", "/limits/parents", "/limits/ask"} <= set(pages)
    for path, answer in pages.items():
        assert answer.status == 200, path


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_easy_to_read(pages, path):
    found = sentences(pages[path].text)
    assert found
    assert grade(found) <= GRADE_MAX


@pytest.mark.parametrize("path", PAGES)
def test_no_sentence_is_long(pages, path):
    long = [" ".join(one) for one in sentences(pages[path].text) if len(one) > WORDS_MAX]
    assert long == []


@pytest.mark.parametrize("path", PAGES)
def test_nothing_is_promised_that_cannot_be_kept(pages, path):
    assert not TOO_MUCH.search(pages[path].text)


def test_the_measure_finds_what_is_hard():
    hard = (
        "<main><p>Notwithstanding the aforementioned considerations, confidentiality obligations "
        "are, in exceptional circumstances, superseded by statutory notification requirements."
        "</p></main>"
    )
    assert grade(sentences(hard)) > 12
    assert grade(sentences("<main><p>You can say no. We stay calm.</p></main>")) < 2
    assert [len(one) for one in sentences("<main><p>One two. Three!</p><p>Four</p></main>")] == [
        2,
        1,
        1,
    ]


FOR_STAFF = {"own_pages.html"}
"""How a member of the practice gives a client pages of his or her own."""
TEMPLATES = [
    one
    for start in ("own_*", "limits*", "help*", "base")
    for one in sorted((ROOT / "src" / "angerona" / "web" / "templates").glob(f"{start}.html"))
    if one.name not in FOR_STAFF
]


@pytest.mark.parametrize("template", TEMPLATES, ids=[one.name for one in TEMPLATES])
def test_every_word_of_a_template_for_clients_is_easy_to_read(template):
    """Also the words that no page of the sample shows."""
    found = sentences_of_template(template.read_text(encoding="utf-8"))
    assert found
    assert grade(found) <= GRADE_MAX
    assert [" ".join(one) for one in found if len(one) > WORDS_MAX] == []


def test_the_text_of_a_record_is_not_measured():
    assert sentences('<main><p class="words">Of the client alone.</p></main>') == []
