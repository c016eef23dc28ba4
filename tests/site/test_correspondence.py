"""Messages, documents and search in a browser."""

import re

import pytest

from angerona.practice.documents import DOCUMENT_BYTES_MAX
from angerona.site import application


@pytest.fixture
def path(site):
    return f"/clients/{site.prepared.clients['Ada'].hex()}"


def test_a_message_stands_in_the_class_for_letters(site, visitor_of, path):
    tess = visitor_of("Tess")
    page = tess.get(f"{path}/messages")
    assert "Write to the client" in page.text
    answer = tess.post(f"{path}/messages", {"subject": "Thursday", "text": "At ten, as always."})
    assert answer.to.endswith("/messages?done=message")
    shown = tess.get(answer.to).text
    assert "Thursday" in shown
    assert "At ten, as always." in shown
    place = site.practice.vault.places(site.prepared.clients["Ada"])[-1]
    assert place.wanted == "correspondence"
    line = site.practice.vault.ledger.lines_of(site.prepared.clients["Ada"])[-1]
    assert line.body["classes"] == ["correspondence"], "and nothing else was opened"
    empty = tess.post(f"{path}/messages", {"subject": "typed", "text": "  "})
    assert empty.status == 422
    assert 'value="typed"' in empty.text


def test_whoever_lacks_the_key_is_not_offered_the_box(site, visitor_of, path):
    before = site.practice.vault.places(site.prepared.clients["Ada"])
    page = visitor_of("Cora").get(f"{path}/messages")
    assert "Write to the client" not in page.text
    answer = visitor_of("Cora").post(f"{path}/messages", {"subject": "", "text": "x"})
    assert answer.status in {200, 422}
    assert site.practice.vault.places(site.prepared.clients["Ada"]) == before


def test_a_file_goes_in_and_comes_out_under_another_name(visitor_of, path):
    tess = visitor_of("Tess")
    form = f"{path}/documents/new"
    assert 'type="file"' in tess.get(form).text
    fields = {"class": "correspondence", "heading": "From her GP", "text": ""}
    answer = tess.send_file(form, fields, "Otto's secret.txt", b"what the GP wrote")
    assert answer.to.endswith("done=document"), answer.text
    page = tess.get(path).text
    part = page[page.index("From her GP") :]
    entry = re.search(r"/entries/([0-9a-f]{32})/file", part)[1]
    given = tess.post(f"{path}/entries/{entry}/file", {"version": "1", "for": "read"})
    assert given.data == b"what the GP wrote"
    assert "secret" not in given.headers["content-disposition"]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("page.pdf", b"<html><script>alert(1)</script>"),
        ("picture.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("letter.txt", b"MZ\x90\x00"),
        ("empty.txt", b""),
    ],
)
def test_what_is_not_taken_in_is_said_and_what_was_typed_stays(visitor_of, path, name, data):
    tess = visitor_of("Tess")
    tess.get(f"{path}/documents/new")
    fields = {"class": "correspondence", "heading": "typed with care", "text": ""}
    answer = tess.send_file(f"{path}/documents/new", fields, name, data)
    assert answer.status == 422
    assert "typed with care" in answer.text


def test_no_file_of_a_stranger_is_read(site, path, monkeypatch):
    read, real = [], application.read_form

    def seen(request, *, file_bytes_max=0, **more):
        read.append(file_bytes_max)
        return real(request, file_bytes_max=file_bytes_max, **more)

    monkeypatch.setattr(application, "read_form", seen)
    stranger, tess = site.visitor(), site.in_session("Tess")
    stranger.get("/sign-in")
    fields = {"class": "correspondence", "heading": "", "text": ""}
    for visitor in (stranger, tess):
        visitor.send_file(f"{path}/documents/new", fields, "a.txt", b"a letter")
    assert read == [0, DOCUMENT_BYTES_MAX]


def test_the_words_of_a_search_stand_in_no_address(visitor_of):
    tess = visitor_of("Tess")
    assert tess.get("/search").status == 200
    answer = tess.post("/search", {"words": "Nobody Else"})
    assert answer.status == 200
    assert "<mark>nobody else</mark>" in answer.text
    assert not re.search(r'(?:href|action)="[^"]*nobody', answer.text, re.IGNORECASE)
    assert tess.post("/search", {"words": "x"}).status == 422
    assert "<mark>" not in visitor_of("Sue").post("/search", {"words": "nobody else"}).text
