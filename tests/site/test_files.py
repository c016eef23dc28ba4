"""Files of entries in a browser: taken in, shown as pictures, saved; a client's own too."""

import base64
import io
import re

import pikepdf
import pytest
from PIL import Image

from angerona.notices.confining import can_confine
from angerona.practice.own_choices import ITEMS, choose_shown

NOBODY = "00" * 16
NOT_SHOWN = "This file cannot be shown here"
SHOWN = re.compile(r'src="data:image/webp;base64,([^"]+)"')


def scan(pages=2):
    first, *others = [Image.new("1", (120, 90), n % 2) for n in range(pages)]
    target = io.BytesIO()
    told = {270: "told by the scanner"}
    first.save(
        target,
        "TIFF",
        compression="group4",
        save_all=True,
        append_images=others,
        tiffinfo=told,
    )
    return target.getvalue()


def pdf(pages=1):
    target = io.BytesIO()
    with pikepdf.new() as made:
        for _ in range(pages):
            made.add_blank_page()
        made.save(target)
    return target.getvalue()


@pytest.fixture(scope="module")
def path(site):
    return f"/clients/{site.prepared.clients['Ada'].hex()}"


@pytest.fixture(scope="module")
def entry_of(site, visitor_of, path):
    """The id of an entry with a file that Tess has added, by its kind and class."""
    made = {}

    def added(name, wanted="correspondence"):
        if (name, wanted) not in made:
            data = {"scan.tiff": scan, "letter.pdf": lambda: pdf(9), "words.txt": lambda: b"words"}
            tess = visitor_of("Tess")
            tess.get(f"{path}/documents/new")
            fields = {"class": wanted, "heading": "A paper", "text": ""}
            answer = tess.send_file(f"{path}/documents/new", fields, name, data[name]())
            assert answer.to.endswith("done=document"), answer.text
            [*_, place] = site.practice.vault.places(site.prepared.clients["Ada"])
            made[name, wanted] = place.entry_id.hex()
        return made[name, wanted]

    return added


@pytest.fixture
def ada(site):
    """Ada, who has turned everything on, before each test anew."""
    shows(site, "Ada", ITEMS)
    return site.in_session("Ada")


def shows(site, name, items):
    site.practice.open(name, site.clock.at)
    with site.practice.visit(name) as visit:
        choose_shown(visit, items)


def lines_of(site):
    return site.practice.vault.ledger.lines_of(site.prepared.clients["Ada"])


def pictures(answer):
    return [
        Image.open(io.BytesIO(base64.b64decode(one)), formats=["WEBP"])
        for one in SHOWN.findall(answer.text)
    ]


def test_a_scan_is_taken_in_without_what_it_says(visitor_of, path, entry_of):
    entry = entry_of("scan.tiff")
    given = visitor_of("Tess").post(f"{path}/entries/{entry}/file", {"version": "1", "for": "read"})
    assert given.headers["content-type"] == "image/tiff"
    assert b"told by the scanner" not in given.data
    assert Image.open(io.BytesIO(given.data)).n_frames == 2


@pytest.mark.skipif(not can_confine(), reason="no process can be shut in here")
def test_first_pages_are_pictures_and_one_look(site, visitor_of, path, entry_of):
    tess = visitor_of("Tess")
    for name, count, says in (
        ("scan.tiff", 2, "All 2 pages"),
        ("letter.pdf", 3, "The first 3 of 9"),
    ):
        entry, before = entry_of(name), len(lines_of(site))
        answer = tess.post(f"{path}/entries/{entry}/preview", {"version": "1"})
        assert answer.status == 200
        assert len(pictures(answer)) == count
        assert says in answer.text
        assert answer.headers["cache-control"] == "no-store"
        [line] = lines_of(site)[before:]
        assert (line.kind, line.body["classes"]) == ("look", ["correspondence"])
        assert "image/tiff" not in answer.text
        assert "application/pdf" not in answer.text


def test_a_file_that_cannot_be_shown_says_what_to_do(visitor_of, path, entry_of):
    entry = entry_of("words.txt")
    answer = visitor_of("Tess").post(f"{path}/entries/{entry}/preview", {"version": "1"})
    assert (answer.status, NOT_SHOWN in answer.text) == (200, True)
    assert f'action="{path}/entries/{entry}/file"' in answer.text


@pytest.mark.parametrize("what", ["file", "preview"])
def test_what_is_not_there_is_silence(visitor_of, path, site, entry_of, what):
    visitor_of("Tess").post(f"{path}/messages", {"subject": "", "text": "without a file"})
    [*_, place] = site.practice.vault.places(site.prepared.clients["Ada"])
    mine = place.entry_id.hex()
    for entry, version in ((NOBODY, "1"), (mine, "1"), (entry_of("scan.tiff"), "2")):
        answer = visitor_of("Tess").post(
            f"{path}/entries/{entry}/{what}", {"version": version, "for": "read"}
        )
        assert answer.status == 404


def test_a_client_saves_the_files_of_the_own_record(site, ada, entry_of):
    entry, before = entry_of("scan.tiff"), len(lines_of(site))
    page = ada.get("/me/record").text
    assert f'action="/me/record/{entry}/file"' in page
    opened = len(lines_of(site))
    given = ada.post(f"/me/record/{entry}/file")
    assert (given.status, given.headers["content-type"]) == (200, "image/tiff")
    assert given.headers["content-disposition"].startswith('attachment; filename="')
    assert given.headers["x-content-type-options"] == "nosniff"
    assert Image.open(io.BytesIO(given.data)).n_frames == 2
    assert opened == before + 1
    [line] = lines_of(site)[opened:]
    assert (line.kind, line.body["purpose"]) == ("look", "client_request")
    assert line.body["by"]["name"] == "Ada"


@pytest.mark.skipif(not can_confine(), reason="no process can be shut in here")
@pytest.mark.parametrize("item", ["record", "messages"])
def test_a_client_sees_their_first_pages(ada, entry_of, item):
    answer = ada.post(f"/me/{item}/{entry_of('letter.pdf')}/preview")
    assert len(pictures(answer)) == 3
    assert "stays on this device" in answer.text
    assert "<title>File · Folder</title>" in answer.text


@pytest.mark.parametrize("what", ["file", "preview"])
@pytest.mark.parametrize("item", ["record", "messages"])
def test_nothing_is_opened_that_is_not_turned_on(site, ada, entry_of, item, what):
    entry = entry_of("scan.tiff")
    shows(site, "Ada", set(ITEMS) - {item})
    before = len(lines_of(site))
    answer = ada.post(f"/me/{item}/{entry}/{what}")
    assert "This is not turned on" in answer.text
    assert len(lines_of(site)) == before


@pytest.mark.parametrize("what", ["file", "preview"])
def test_among_the_messages_are_no_files_of_other_kinds(ada, entry_of, what):
    entry = entry_of("scan.tiff", "treatment_plan")
    assert ada.post(f"/me/record/{entry}/{what}").status == 200
    assert ada.post(f"/me/messages/{entry}/{what}").status == 404
    assert f"/me/messages/{entry}" not in ada.get("/me/messages").text
    assert f"/me/messages/{entry_of('scan.tiff')}/file" in ada.get("/me/messages").text


@pytest.mark.parametrize("what", ["file", "preview"])
def test_what_is_kept_apart_or_of_somebody_else_is_not_there(site, ada, entry_of, what):
    kept_apart = entry_of("words.txt", "psychotherapy_note")
    before = len(lines_of(site))
    for entry in (kept_apart, NOBODY):
        answer = ada.post(f"/me/record/{entry}/{what}")
        assert answer.status in {403, 404}
        assert "words" not in answer.text
    otto = site.in_session("Otto")
    assert otto.post(f"/me/record/{entry_of('scan.tiff')}/{what}").status == 404
    assert all(one.kind == "refusal" for one in lines_of(site)[before:])
