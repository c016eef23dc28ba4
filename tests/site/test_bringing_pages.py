"""Clients, files of many clients and notes, brought in by forms, with and without scripts."""

import csv
import io
import re
import zipfile

import pytest

from angerona.practice.bringing import BATCH_BYTES_MAX, SLICE
from angerona.web.bringing import FOLDERS_SHOWN, UPLOADS_MAX
from browsing import barriers, browsing, too_wide

PDF = b"%PDF-1.7\n%quiet"
LIST = b"Full name;DOB;Mobile;Shoe size\nLena Invented;17.05.1990;555 0101;44\nPia Invented;May;;\n"


def packed(names):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as written:
        for name in names:
            data = b"<html>" if name.endswith(".html") else PDF + name.encode()
            written.writestr(zipfile.ZipInfo(name), data)
    return target.getvalue()


@pytest.fixture
def tess(site):
    visitor = site.in_session("Tess")
    visitor.get("/bring")
    return visitor


def on_file(site, name):
    """Who is enrolled under a name."""
    vault = site.practice.vault
    rows = vault.store.rows("clients.all", practice_id=vault.practice_id)
    found = [vault.authority(client_id) for client_id, *_ in rows]
    return [one for one in found if one.client.name == name]


def said(answer):
    """What a page says, without its marks."""
    text = re.sub(r"<progress.*?</progress>|<[^>]+>", " ", answer.text)
    return " ".join(text.replace("\u2019", "'").split())


def go_on(visitor):
    """Go on until it is over; the last page, and how often it took."""
    for times in range(1, 50):
        answer = visitor.post("/bring/now")
        assert (answer.status, answer.to) == (303, "/bring/now")
        page = visitor.get("/bring/now")
        if "<button>Close</button>" in page.text:
            is_whole = "Not taken</h2>" not in page.text
            assert ("Everything is done" in page.text) == is_whole
            return page, times
    raise AssertionError("it never ends")


def test_a_list_is_looked_at_mended_and_brought_in(site, tess):
    answer = tess.send_file("/bring/clients", {}, "list.csv", LIST)
    assert (answer.status, answer.to) == (303, "/bring/columns")
    page = tess.get("/bring/columns")
    assert "2 rows. Nothing has come in yet." in said(page)
    assert "Lena Invented" in page.text
    assert re.search(r'name="column-1".*?value="born" selected', page.text)
    assert re.search(r'name="dates".*?value="dmy" selected', page.text, re.DOTALL)
    fields = {"column-0": "name", "column-1": "born", "column-2": "phone", "column-3": "phone"}
    wrong = tess.post("/bring/columns", fields | {"dates": "dmy"})
    assert wrong.status == 422
    assert "two of them say" in wrong.text
    assert re.search(r'name="column-3".*?value="phone" selected', wrong.text), "as it was chosen"
    assert not on_file(site, "Lena Invented")
    unsaid = tess.post("/bring/columns", fields | {"column-3": "", "dates": ""})
    assert (unsaid.status, "can be read in several ways" in unsaid.text) == (422, True)
    answer = tess.post("/bring/columns", fields | {"column-3": "", "dates": "dmy"})
    assert answer.to == "/bring/now"
    page, _ = go_on(tess)
    assert "2 of 2 rows are done New clients 1 Here already 0 Not taken 1" in said(page)
    [lena] = on_file(site, "Lena Invented")
    assert dict(lena.client.contact) == {"phone": "555 0101", "born": "1990-05-17"}
    assert not on_file(site, "Pia Invented")
    kept = tess.post("/bring/rejects")
    assert kept.headers["content-disposition"] == 'attachment; filename="not-taken.csv"'
    rows = list(csv.reader(kept.text.splitlines()))
    assert rows == [["line", "reason"], ["3", "date of birth is not written as in 17.05.1990"]]


def test_the_same_list_sent_twice_makes_nobody_twice(site, tess):
    for _ in range(2):
        tess.send_file("/bring/clients", {}, "list.csv", b"name\nTwice Invented\n")
        tess.post("/bring/columns", {"column-0": "name"})
        page, _ = go_on(tess)
    assert "New clients 0 Here already 1" in said(page)
    assert len(on_file(site, "Twice Invented")) == 1


def test_files_come_in_a_part_at_a_time_and_go_on_after_a_broken_connection(site, tess):
    names = [f"old/Mara Invented/{number}.pdf" for number in range(SLICE)]
    data = packed([*names, "old/Ada/x/1.pdf", "old/Ada/2.html"])
    answer = tess.send_file("/bring/files", {"class": "risk"}, "old.zip", data)
    assert (answer.status, answer.to) == (303, "/bring/folders")
    page = tess.get("/bring/folders")
    assert re.search(r"1\. Ada 2 files · your client [0-9a-f-]{9}", said(page))
    assert f"2. Mara Invented {SLICE} files · a new client" in said(page)
    told = tess.post("/bring/folders", {"folder-0": "Ada", "folder-1": "Mara Invented"})
    assert told.to == "/bring/now"
    page = tess.get("/bring/now")
    assert f"0 of {SLICE + 2} files are done" in said(page)
    assert "Go on" in page.text
    tess.post("/bring/now")
    page = tess.get("/bring")
    assert f"{SLICE} of {SLICE + 2} are done" in said(page)
    assert 'href="/bring/now"' in page.text
    page, times = go_on(tess)
    assert times == 1
    assert f"Brought in {SLICE + 1} New clients 1 Here already 0 Not taken 1" in said(page)
    [mara] = on_file(site, "Mara Invented")
    assert len(site.practice.vault.places(mara.client_id)) == SLICE
    assert {one.wanted for one in site.practice.vault.places(mara.client_id)} == {"risk"}
    tess.send_file("/bring/files", {"class": "risk"}, "old.zip", data)
    tess.post("/bring/folders", {"folder-0": "Ada", "folder-1": "Mara Invented"})
    page, _ = go_on(tess)
    assert f"Brought in 0 New clients 0 Here already {SLICE + 1} Not taken 1" in said(page)


def test_a_folder_goes_to_whom_one_says_and_never_to_a_name_mistyped(site, tess):
    ada = site.prepared.clients["Ada"]
    before = len(site.practice.vault.places(ada))
    tess.send_file("/bring/files", {"class": "risk"}, "a.zip", packed(["A. R./1.pdf", "B/2.pdf"]))
    fields = {"folder-0": "Adda", "folder-1": "B"}
    wrong = tess.post("/bring/folders", fields)
    assert wrong.status == 422
    assert "Folder 1 names nobody whom you treat" in said(wrong)
    assert 'value="Adda"' in wrong.text, "as it was typed"
    short = f"{ada.hex()[:4]}-{ada.hex()[4:8]}"
    assert tess.post("/bring/folders", {"folder-0": short, "folder-1": ""}).status == 303
    page, _ = go_on(tess)
    assert "Brought in 1 New clients 0" in said(page)
    assert "its folder was left out" in page.text
    assert len(site.practice.vault.places(ada)) == before + 1
    assert not on_file(site, "B")


def test_a_folder_that_several_clients_are_called_by_needs_an_id(tess):
    tess.send_file(
        "/bring/clients", {}, "l.csv", b"name,born\nTwo I.,1990-01-01\nTwo I.,1991-01-01\n"
    )
    tess.post("/bring/columns", {"column-0": "name", "column-1": "born", "dates": "ymd"})
    go_on(tess)
    tess.send_file("/bring/files", {"class": "risk"}, "a.zip", packed(["Two I./1.pdf"]))
    page = tess.get("/bring/folders")
    assert "several are called so:" in said(page)
    assert "born 1991-01-01" in page.text
    assert "Folder 1 fits several" in said(tess.post("/bring/folders", {"folder-0": "Two I."}))
    found = re.search(r"called so: ([0-9a-f-]{9})", said(page))
    assert tess.post("/bring/folders", {"folder-0": found[1]}).status == 303
    assert "Brought in 1" in said(go_on(tess)[0])


def test_the_clients_may_lie_one_folder_further_in(tess):
    tess.send_file(
        "/bring/files", {"class": "risk"}, "a.zip", packed(["y/2019/C/1.pdf", "z/D/2.pdf"])
    )
    assert "1. y 1 file" in said(tess.get("/bring/folders"))
    assert tess.post("/bring/folders", {"act": "in"}).to == "/bring/folders"
    page = tess.get("/bring/folders")
    assert "1. 2019 1 file" in said(page)
    assert "2. D 1 file" in said(page)
    tess.post("/bring/folders", {"act": "out"})
    assert "2. z 1 file" in said(tess.get("/bring/folders"))
    assert tess.post("/bring/folders", {"act": "out"}).status == 422


def test_single_files_are_brought_to_one_client(tess):
    files = [("one.pdf", PDF), ("two.txt", b"plain words"), ("three.html", b"<html>")]
    assert tess.send_files("/bring/files", {"class": "report_summary"}, files).status == 303
    assert "1. Files in no folder 3 files · nobody's yet" in said(tess.get("/bring/folders"))
    tess.post("/bring/folders", {"folder-0": "ada"})
    page, _ = go_on(tess)
    assert "Brought in 2 New clients 0 Here already 0 Not taken 1" in said(page)


def test_notes_come_in_at_once(site, tess):
    rows = "client,date,class,heading,text\nNora Invented,2025-02-01,risk,One,Slept badly.\n"
    answer = tess.send_file("/bring/notes", {}, "notes.csv", rows.encode())
    assert answer.to == "/bring/now"
    page, _ = go_on(tess)
    assert "1 of 1 notes is done Brought in 1 New clients 1" in said(page)
    assert on_file(site, "Nora Invented")


@pytest.mark.parametrize(
    ("kind", "name", "data", "wrong"),
    [
        ("clients", "a.csv", "name\nAda\n".encode("utf-16"), "not UTF-8 text"),
        ("clients", "a.csv", b"", "File is missing"),
        ("clients", "a.csv", b"name,name\nA,B\n", "a column name stands twice"),
        ("notes", "a.csv", b"name\nAda\n", "a column is missing"),
        ("files", "a.zip", b"PK\x03\x04 no zip", "is no .zip file"),
        ("files", "a.zip", packed([".hidden/a.pdf"]), "holds no files"),
    ],
)
def test_what_cannot_be_brought_is_said_and_nothing_is_held(site, kind, name, data, wrong):
    visitor = site.in_session("Tess")
    visitor.get("/bring")
    answer = visitor.send_file(f"/bring/{kind}", {"class": "risk"}, name, data)
    assert answer.status == 422
    assert wrong in said(answer)
    for page in ("/bring/columns", "/bring/folders", "/bring/now"):
        assert visitor.get(page).to == "/bring", "nothing waits there"


def test_more_than_is_taken_at_a_time_is_refused(tess):
    files = [(f"{number}.pdf", PDF) for number in range(UPLOADS_MAX + 1)]
    answer = tess.send_files("/bring/files", {"class": "risk"}, files)
    assert (answer.status, f"{UPLOADS_MAX} files" in answer.text) == (422, True)
    large = b"name\n" + b"A" * (BATCH_BYTES_MAX + 2_000_000)
    answer = tess.send_file("/bring/clients", {}, "a.csv", large)
    assert (answer.status, "is too large" in answer.text) == (422, True)


def test_a_long_row_of_folders_goes_by_their_names(tess):
    names = [f"Folder {number:03}/1.html" for number in range(FOLDERS_SHOWN + 2)]
    tess.send_file("/bring/files", {"class": "risk"}, "a.zip", packed(names))
    page = tess.get("/bring/folders")
    assert "2 further folders go by their own names" in said(page)
    told = {f"folder-{number}": f"Folder {number:03}" for number in range(FOLDERS_SHOWN)}
    assert tess.post("/bring/folders", told).status == 303


def test_it_can_be_stopped_and_nobody_elses_is_seen(site, tess):
    tess.send_file("/bring/clients", {}, "a.csv", b"name\nNobody Yet\n")
    other = site.in_session("Theo")
    assert other.get("/bring/columns").to == "/bring"
    assert "Nobody Yet" in tess.get("/bring/columns").text
    assert tess.get("/bring/now").to == "/bring/columns", "it has not begun"
    assert "held here no more" in tess.get(tess.post("/bring/stop").to).text
    assert tess.get("/bring/columns").to == "/bring"


def test_it_is_gone_with_the_session(site, tess):
    tess.send_file("/bring/clients", {}, "a.csv", b"name\nNobody Yet\n")
    tess.post("/sign-out")
    again = site.in_session("Tess")
    assert again.get("/bring/columns").to == "/bring"


def test_it_is_on_the_page_of_clients_for_who_treats(site):
    assert 'href="/bring"' in site.in_session("Tess").get("/clients").text
    assert 'href="/bring"' not in site.in_session("Fay").get("/clients").text


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_a_walk_in_a_browser(chromium, site, tmp_path, scripts):
    window = browsing(chromium, site, "Tess", java_script_enabled=scripts)
    page = window.page
    name = f"Walk {scripts} Invented"
    names = [f"{name}/{number}.pdf" for number in range(2 * SLICE)]
    (tmp_path / "old.zip").write_bytes(packed([*names, f"{name}/x.html"]))
    (tmp_path / "list.csv").write_text("name,may call\nList Invented,no\n", "utf-8")
    looked = []

    def look():
        if scripts:
            looked.extend([*barriers(page), *too_wide(page)])

    window.to("/bring")
    page.set_input_files("#clients-file", tmp_path / "list.csv")
    page.click("text=Look at the list")
    page.wait_for_url("**/bring/columns")
    look()
    window.to("/bring")
    look()
    page.set_input_files("#files-file", tmp_path / "old.zip")
    page.click("text=Look at the files")
    page.wait_for_url("**/bring/folders")
    look()
    page.click("text=Bring them in")
    page.wait_for_url("**/bring/now")
    clicks = 0
    while not scripts and page.locator("button:text-is('Go on')").count():
        page.click("button:text-is('Go on')")
        clicks += 1
    page.wait_for_selector("h1:text-is('Gone through, and not all was taken')")
    assert clicks == (0 if scripts else 3)
    assert f"Brought in\n{2 * SLICE}" in window.text
    look()
    assert looked == []
    assert window.heard == []
    with page.expect_download() as found:
        page.click("text=Save the whole list")
    assert found.value.suggested_filename == "not-taken.csv"
    assert len(on_file(site, name)) == 1
