"""Records taken along from the browser: one, and all of one's own."""

import io
import json
import zipfile

from angerona.errors import Unopenable
from angerona.practice.caseload import short_id
from angerona.practice.exporting import Copy
from angerona.web import copies
from angerona.web.turn import Form, House, Turn
from prepared_practice import WRITTEN, text_of
from small_practice import AT, founded

PART2 = ("house", "us-hipaa", "us-part2")
"""A place whose rules ask of each record first whether it is of a programme of a kind."""


def address(site, client="Ada"):
    return f"/clients/{site.prepared.clients[client].hex()}/copy"


def test_who_treats_takes_one_file_with_everything(site):
    tess = site.signed_in("Tess")
    page = tess.get(address(site))
    assert "in clear" in page.text
    answer = tess.post(address(site), {"for": "read"})
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/zip"
    assert "Ada" not in answer.headers["content-disposition"]
    assert answer.headers["cache-control"] == "no-store"
    with zipfile.ZipFile(io.BytesIO(answer.data)) as packed:
        assert packed.testzip() is None
        document = json.loads(packed.read("record.json"))
        assert {one["text"] for one in document["entries"]} >= {
            text_of("Ada", wanted) for wanted in WRITTEN
        }
        for one in document["entries"]:
            if one["file"]:
                assert packed.read(one["file"]).startswith(b"The file: Ada")
        assert "record.pdf" in packed.namelist()


def test_it_asks_again_who_it_is_when_that_was_some_time_ago(site):
    tess = site.signed_in("Tess")
    tess.get(address(site))
    site.clock.goes_on(minutes=10)
    answer = tess.post(address(site), {"for": "read"})
    assert answer.headers["content-type"].startswith("text/html")
    assert "password" in answer.text.lower()


def test_who_supervises_takes_nothing_along(site):
    sue = site.signed_in("Sue")
    sue.get("/clients")
    assert sue.post(address(site), {"for": "read"}).status == 404


def all_of(site, name="Tess"):
    answer = site.in_session(name).post("/export", {"for": "moving"})
    assert (answer.status, answer.headers["content-type"]) == (200, "application/zip")
    return zipfile.ZipFile(io.BytesIO(answer.data))


def contents(packed):
    return packed.read("contents.txt").decode()


def copied(site, client):
    lines = site.practice.vault.ledger.lines_of(site.prepared.clients[client])
    return sum(one.body.get("what") == "copied" for one in lines)


def folder_of(site, client):
    return short_id(site.prepared.clients[client])


def test_all_of_ones_own_is_a_folder_for_each_with_a_line_for_each(site):
    page = site.in_session("Tess").get("/export")
    assert "in clear" in page.text
    assert "angerona export" in page.text
    ada = folder_of(site, "Ada")
    before = copied(site, "Ada"), copied(site, "Otto")
    with all_of(site) as packed:
        assert packed.testzip() is None
        names = packed.namelist()
        document = json.loads(packed.read(f"{ada}/record.json"))
        texts = {one["text"] for one in document["entries"]}
        assert texts >= {text_of("Ada", wanted) for wanted in WRITTEN}
        files = [one["file"] for one in document["entries"] if one["file"]]
        assert files
        for one in files:
            assert packed.read(f"{ada}/{one}").startswith(b"The file: Ada")
        assert f"{ada}/record.pdf" in names
        assert {one.partition("/")[0] for one in names} == {ada, "contents.txt"}
        entries = len(document["entries"])
        said = f"{ada}  Ada: {entries} entries, {len(files)} files"
        assert said in contents(packed).splitlines()
    assert (copied(site, "Ada"), copied(site, "Otto")) == (before[0] + 1, before[1])


def test_whom_one_only_supervises_is_named_as_left_out_by_initials(site):
    with all_of(site, "Sue") as packed:
        assert packed.namelist() == ["contents.txt"]
        assert "left out, because you do not treat this client" in contents(packed)
        assert "Ada" not in contents(packed)


def test_whom_the_rules_ask_about_first_is_named_as_left_out(tmp_path):
    practice = founded(tmp_path / "data", packs=PART2)
    practice.enrol("Sue", roles=("psychologist",))
    practice.client("Ada Invented", treating="Sue")
    house = House(door=practice.door, title="", origin="")
    with practice.visit("Sue") as visit:
        turn = Turn(
            house=house, at=AT, given={}, asked={}, form=Form({"for": ("moving",)}), signed_in=visit
        )
        made = copies.copy_all(turn)
    practice.vault.store.close()
    with zipfile.ZipFile(io.BytesIO(made.data)) as packed:
        assert packed.namelist() == ["contents.txt"]
        assert "Ada Invented: left out, because the rules ask questions first" in contents(packed)


def test_files_without_room_are_left_out_and_the_texts_are_not(site, monkeypatch):
    monkeypatch.setattr(copies, "FILE_BYTES_MAX", 10)
    with all_of(site) as packed:
        ada = folder_of(site, "Ada")
        assert sorted(packed.namelist()) == sorted(
            [f"{ada}/record.json", f"{ada}/record.pdf", "contents.txt"]
        )
        assert "left out for want of room: angerona export" in contents(packed)


def test_a_file_that_does_not_open_is_named_and_takes_nothing_with_it(site, monkeypatch):
    real, broken = Copy.fetch, []

    def fetch(found, name, target):
        if not broken:
            target.write(b"half")
            broken.append(name)
        if name in broken:
            raise Unopenable("file", "it was changed")
        real(found, name, target)

    monkeypatch.setattr(Copy, "fetch", fetch)
    with all_of(site) as packed:
        ada = folder_of(site, "Ada")
        assert f"{ada}/record.json" in packed.namelist()
        assert f"{ada}/{broken[0]}" not in packed.namelist()
        assert f"do not open: {broken[0]}" in contents(packed)


def test_all_of_it_asks_again_who_it_is(site):
    tess = site.in_session("Tess")
    tess.get("/export")
    before = copied(site, "Ada")
    site.clock.goes_on(minutes=10)
    answer = tess.post("/export", {"for": "moving"})
    assert (answer.status, "Is it you?" in answer.text) == (403, True)
    assert copied(site, "Ada") == before
