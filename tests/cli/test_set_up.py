"""The first run: a practice founded in a browser, in a real process, up to signing in."""

import os
import pty
import re
import signal
import stat
import subprocess
import sys

import pytest

from angerona.cli.entrance import opened
from angerona.cli.settings import read_settings
from angerona.errors import BadInput, Unopenable
from angerona.sealed.keepers.file import file_keeper
from angerona.sealed.kit import gathered
from databases import postgres_server
from ferry_street import COMMAND
from notices.reading_pages import texts_of
from running_site import Visitor
from served_process import STARTED_S_MAX, launched, own_port, wait_until_open, wait_until_said
from terminal import TAKE_TERMINAL, read_until

__all__ = ["postgres_server"]

NAME = "Invented Rooms"
THEA = "Thea Invented"
PASSWORD = "a long and quiet sentence"
TYPED = {
    "name": NAME,
    "place": "US-CA",
    "founder": THEA,
    "roles": ["psychologist", "marriage_family_therapist"],
    "password": PASSWORD,
    "repeated": PASSWORD,
    "holders": "Thea\r\nNotary\r\n\r\nSister",
    "keeper": "file",
}
TICKED = {"kit": "yes", "seats": "yes", "code": "yes"}
CODE = re.compile(r"(?:[0-9A-Z]{5}-){6}[0-9A-Z]{5}")


class Browser(Visitor):
    """One that calls the site by the name it is called."""

    def _asked(self, method, path, body, headers):
        host = {"host": f"localhost:{self.port}"}
        return super()._asked(method, path, body, headers | host)

    def begin(self, server):
        """Open the address that was said at the terminal, and what it leads to."""
        answer = self.get(address_of(server))
        if answer.status == 303:
            self.get("/set-up")
        return answer


def browser(server):
    return Browser(server.port, "")


def address_of(server):
    return re.search(r"http://localhost:\d+(/begin/[0-9a-f]{32})", server.said)[1]


def wait_for_the_address(server):
    wait_until_said(server, "/begin/")
    wait_until_said(server, "\n")


@pytest.fixture(scope="module")
def life(tmp_path_factory):
    """One first run, as its founder and somebody else on the machine saw it."""
    folder = tmp_path_factory.mktemp("first")
    seen = {"folder": folder}
    with launched(folder) as server:
        wait_for_the_address(server)
        founder, other = browser(server), browser(server)
        seen["nobody"] = other.get("/set-up")
        seen["wrong address"] = other.get("/begin/" + "ab" * 16)
        seen["begun"] = founder.begin(server)
        seen["begun by another"] = other.begin(server)
        seen["form of another"] = other.post("/set-up", TYPED)
        seen["form"] = founder.get("/set-up")
        seen["no token"] = founder.post("/set-up", TYPED, token="no")
        seen["from elsewhere"] = founder.post("/set-up", TYPED, sec_fetch_site="cross-site")
        seen["papers too early"] = founder.get("/papers")
        founder.get("/set-up")
        seen["wrong"] = founder.post("/set-up", TYPED | {"repeated": "another sentence"})
        seen["nothing made"] = sorted(one.name for one in folder.iterdir())
        seen["founded"] = founder.post("/set-up", TYPED)
        seen["papers"] = founder.get("/papers")
        seen["files"] = [founder.get(f"/papers/{n}") for n in range(6)]
        seen["second"] = founder.post("/set-up", TYPED | {"name": "Another"})
        seen["papers of another"] = [other.get("/papers"), other.get("/papers/0")]
        seen["modes"] = {
            one.name: stat.S_IMODE(one.stat().st_mode)
            for one in [*folder.glob("practice-*"), *(folder / "practice-papers").iterdir()]
        }
        seen["not ticked"] = founder.post("/papers", {"kit": "yes", "seats": "yes"})
        seen["still there"] = (folder / "practice-papers").exists()
        seen["over"] = founder.post("/papers", TICKED)
        seen["first page"] = seen["over"]
        while seen["first page"].status == 303:  # it waits at the socket for the site
            seen["first page"] = founder.get(seen["over"].to)
        wait_until_open(server)
        seen["papers again"] = [founder.get("/papers"), founder.get("/papers/0")]
        seen["set-up again"] = [founder.get("/set-up"), founder.get(address_of(server))]
        seen["signed in"] = founder.sign_in(THEA, PASSWORD)
        seen["home"] = founder.get("/account/second")
        server.process.send_signal(signal.SIGTERM)
        seen["code"] = server.process.wait(STARTED_S_MAX)
        seen["log"] = server.log
        seen["said"] = server.said
    return seen


def test_nobody_else_on_the_machine_founds_it(life):
    refused = ("nobody", "wrong address", "begun by another", "form of another")
    assert [life[one].status for one in refused] == [404] * 4
    assert all("Nothing is open here yet" in life[one].text for one in refused)
    assert life["begun"].status == 303
    assert [one.status for one in life["papers of another"]] == [404, 404]


def test_the_form_stands_behind_the_guards_of_every_other(life):
    assert (life["no token"].status, life["from elsewhere"].status) == (403, 403)
    assert life["form"].headers["cache-control"] == "no-store"
    assert "default-src 'none'" in life["form"].headers["content-security-policy"]
    assert "<title>Begin · Folder</title>" in life["form"].text
    assert "<script" not in life["form"].text


def test_the_form_says_which_law_is_loaded_in_a_place(life):
    said = "United States: California (law: house, us-hipaa, us-ca)"
    assert f'<option value="US-CA">{said}</option>' in life["form"].text


def test_what_is_wrong_shows_the_form_again_with_all_but_the_passwords(life):
    page = life["wrong"].text
    assert life["wrong"].status == 422
    assert 'role="alert"' in page
    assert f'value="{NAME}"' in page
    assert f'value="{THEA}"' in page
    assert '<option value="US-CA" selected>' in page
    assert "Notary\n\nSister</textarea>" in page.replace("\r\n", "\n")
    assert PASSWORD not in page
    assert "another sentence" not in page
    assert life["nothing made"] == ["stderr", "stdout"]


def test_the_papers_are_there_before_they_are_ticked(life):
    assert (life["founded"].status, life["founded"].to) == (303, "/papers")
    assert life["papers too early"].status == 404
    *pdfs, code, none = life["files"]
    assert [one.data[:5] for one in pdfs] == [b"%PDF-"] * 4
    names = [one.headers["content-disposition"] for one in (*pdfs, code)]
    assert names == [
        f'attachment; filename="{name}"'
        for name in (
            *("recovery-kit.pdf", "seat-1.pdf", "seat-2.pdf", "seat-3.pdf"),
            "recovery-code.txt",
        )
    ]
    shown = CODE.search(life["papers"].text)[0]
    assert shown in code.text
    assert none.status == 404
    assert "Seat 2: Notary" in life["papers"].text
    assert "2 of these 3 together" in life["papers"].text
    assert set(life["modes"].values()) <= {0o600, 0o700}


def test_a_practice_is_not_founded_a_second_time(life):
    assert (life["second"].status, life["second"].to) == (303, "/papers?done=founded-before")
    assert "Another" not in life["home"].text


def test_all_must_be_ticked_and_then_the_papers_are_nowhere(life):
    assert (life["not ticked"].status, life["still there"]) == (422, True)
    assert (life["over"].status, life["over"].to) == (303, "/sign-in?done=founded")
    folder = life["folder"]
    assert not (folder / "practice-papers").exists()
    left = sorted(one.name for one in folder.iterdir())
    assert left == ["practice", "practice-boot", "state", "stderr", "stdout"]
    members, *again = (*life["papers again"], *life["set-up again"])
    assert (members.status, members.to.partition("?")[0]) == (303, "/sign-in"), "a member's page"
    assert [one.status for one in again] == [404] * 3


def test_the_same_process_goes_on_as_the_site_and_the_founder_signs_in(life):
    assert life["first page"].status == 200
    assert "The practice is open. Sign in" in life["first page"].text
    assert life["signed in"].status == 303
    assert life["home"].status == 200
    assert THEA in life["home"].text
    assert (life["code"], life["log"]) == (0, "")
    assert life["said"].count("/begin/") == 1
    assert THEA not in life["said"]


@pytest.fixture(scope="module")
def form(tmp_path_factory):
    """A set-up at which nothing is ever founded, and its founder."""
    folder = tmp_path_factory.mktemp("never")
    with launched(folder) as server:
        wait_for_the_address(server)
        founder = browser(server)
        founder.begin(server)
        yield folder, founder
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(STARTED_S_MAX) == 0
    assert not (folder / "practice" / "angerona.toml").exists()
    assert not (folder / "practice-papers").exists()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"name": " "}, "Name</strong> is empty"),
        ({"place": "Atlantis"}, "Place</strong> is none of the choices"),
        ({"roles": "wizard"}, "Roles</strong> unknown"),
        ({"roles": []}, "Profession</strong> is not ticked"),
        ({"roles": ["nurse", "none"]}, "Profession</strong> is ticked, and that you treat nobody"),
        ({"place": "US-TX"}, "The time zone</strong> is missing, and this place has more than one"),
        ({"zone": "Europe/Atlantis"}, "Zone</strong> is none of the choices"),
        ({"kit": "shares"}, "The shares</strong> are not counted"),
        ({"kit": "shares", "needed": "2"}, "The shares</strong> are not counted"),
        ({"kit": "shares", "needed": "two", "shares": "3"}, "suffice</strong> is no number"),
        (
            {"kit": "shares", "needed": "1", "shares": "3"},
            "The shares</strong>",
        ),
        (
            {"kit": "shares", "needed": "3", "shares": "2"},
            "The shares</strong>",
        ),
        ({"kit": "halves"}, "Kit</strong> is none of the choices"),
        ({"founder": ""}, "Your name</strong> is missing"),
        ({"password": "short", "repeated": "short"}, "Password</strong> is too short or too long"),
        ({"holders": "One\nTwo"}, "Seats</strong> too few or too many"),
        ({"quorum": "1"}, "Quorum</strong> too small or too large"),
        ({"quorum": "two"}, "How many must agree</strong> is no number"),
        ({"keeper": "prompt"}, "Keeper</strong> is none of the choices"),
        ({"file": "boot"}, "Keeper</strong> not a whole path"),
        ({"file": "DATA/boot"}, "Where the file lies</strong> is in a folder of the records"),
        ({"file": "DATA-papers/boot"}, "Where the file lies</strong> is in a folder of the"),
        ({"keeper": "other", "address": "vault:x"}, "Keeper</strong> no such kind of keeper"),
        ({"keeper": "other", "address": "systemd:boot"}, "The boot secret</strong>"),
        ({"paper": "a5"}, "Paper</strong> is none of the choices"),
        ({"name": "\ud800".encode("utf-8", "surrogatepass")}, "cannot be read"),
    ],
)
def test_what_cannot_be_founded_is_said_and_nothing_is_made(form, typed, said):
    folder, founder = form
    typed = {
        one: given.replace("DATA", str(folder / "practice")) if isinstance(given, str) else given
        for one, given in typed.items()
    }
    answer = founder.post("/set-up", TYPED | typed)
    assert answer.status == 422
    assert said in answer.text
    assert PASSWORD not in answer.text
    assert not (folder / "practice" / "angerona.toml").exists()
    assert not (folder / "practice-papers").exists()
    assert not (folder / "practice-boot").exists()


def test_stopped_before_the_papers_were_ticked_they_stay_and_it_is_said(tmp_path):
    with launched(tmp_path) as server:
        wait_for_the_address(server)
        founder = browser(server)
        founder.begin(server)
        assert founder.post("/set-up", TYPED).status == 303
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(STARTED_S_MAX) == 0
        assert "print and hand out what lies in" in server.log
    assert (tmp_path / "practice-papers" / "recovery-kit.pdf").exists()
    with launched(tmp_path) as server:
        wait_until_open(server)
        assert "/begin/" not in server.said


@pytest.fixture(scope="module")
def on_a_server(tmp_path_factory, postgres_server):
    """A practice of somebody alone in a database, its recovery kit in shares; and its folder."""
    folder, address = tmp_path_factory.mktemp("server"), postgres_server.empty()
    with launched(folder, "--store", address) as server:
        wait_for_the_address(server)
        founder = browser(server)
        founder.begin(server)
        form = founder.get("/set-up").text
        kit = {"kit": "shares", "needed": "2", "shares": "3", "zone": "America/New_York"}
        assert founder.post("/set-up", TYPED | kit).status == 303
        papers = founder.get("/papers")
        shares = [founder.get(f"/papers/{number}") for number in (1, 2, 3)]
        founder.get("/papers")
        over = founder.post("/papers", TICKED)
        while over.status == 303:
            over = founder.get(over.to)
        wait_until_open(server)
        assert founder.sign_in(THEA, PASSWORD).status == 303
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(STARTED_S_MAX) == 0
    return folder, address, form, papers.text, shares


def test_it_is_founded_in_the_database_that_was_named(on_a_server, monkeypatch):
    folder, address, form, papers, _ = on_a_server
    name = address.partition("?")[0].rpartition("/")[2]
    for page in (form, papers):
        assert f"in the PostgreSQL database {name}" in page
        assert address not in page
    assert "Times are those of New York." in papers
    settings = read_settings(folder / "practice")
    assert settings.store == address
    assert not (folder / "practice" / "practice.db").exists()
    monkeypatch.setenv("XDG_STATE_HOME", str(folder / "state"))
    with opened(folder / "practice") as vault:
        row = vault.practice().row
        (found,) = vault.store.rows("people.all", practice_id=vault.practice_id)
        person = vault.person(found[0])
    assert (row.name, row.zone) == (NAME, "America/New_York")
    assert person.row.roles == ("psychologist", "marriage_family_therapist")
    assert set(person.row.posts) == {"privacy_officer", "on_call", "front_desk", "biller"}


def test_two_shares_of_the_kit_are_the_boot_secret_and_one_is_not(on_a_server):
    folder, _, _, papers, shares = on_a_server
    assert "any 2 of these 3 do what the whole kit does" in papers
    assert "The recovery kit, and each of its shares" in papers
    assert [one.headers["content-disposition"] for one in shares] == [
        f'attachment; filename="kit-share-{number}.pdf"' for number in (1, 2, 3)
    ]
    words = []
    for share in shares:
        (text,) = texts_of(share.data)
        found = re.findall(r"(?<!\S)(\d{1,2})\. ([a-z]{3,8})(?!\S)", text)
        words.append(" ".join(word for _, word in sorted((int(n), word) for n, word in found)))
    kept = file_keeper(str(folder / "practice-boot")).fetch()
    for pair in (words[:2], words[1:], [words[0], words[2]]):
        with gathered(pair, None) as secret:
            assert secret.same_as(kept)
    with pytest.raises((BadInput, Unopenable)):
        gathered(words[:1], None)


def test_the_store_of_a_practice_that_is_there_is_in_its_settings(on_a_server):
    folder, address, *_ = on_a_server
    with launched(folder, "--store", address) as server:
        assert server.process.wait(STARTED_S_MAX) == 2
        assert "--store: is for the founding" in server.log


@pytest.mark.parametrize(
    ("store", "code"),
    [("mysql://here/practice", 2), ("postgresql://nobody@/none?host=/nowhere", 2)],
)
def test_a_store_that_cannot_be_opened_is_said_before_anybody_fills_in_a_form(
    tmp_path, store, code
):
    with launched(tmp_path, "--store", store) as server:
        assert server.process.wait(STARTED_S_MAX) == code
        assert "/begin/" not in server.said
        assert len(server.log.splitlines()) == 1
        assert "nobody" not in server.log
    assert not (tmp_path / "practice").exists()


@pytest.fixture
def port():
    with own_port() as found:
        yield found


def test_with_the_prompt_the_words_of_the_kit_are_typed_and_the_site_opens(tmp_path, port):
    """At a terminal the boot secret may stand on paper alone; the paper is tried at once."""
    terminal, its_end = pty.openpty()
    serve = [*COMMAND, "serve", "--data", str(tmp_path / "practice"), "--port", str(port)]
    process = subprocess.Popen(
        [sys.executable, "-c", TAKE_TERMINAL, os.ttyname(its_end), *serve],
        env=os.environ | {"TERM": "xterm", "XDG_STATE_HOME": str(tmp_path / "state")},
        start_new_session=True,
    )
    try:
        said = read_until(terminal, "/begin/", "")
        while not re.search(r"/begin/[0-9a-f]{32}\s", said):
            said = read_until(terminal, "\n", said.rpartition("\n")[2])
        founder = Browser(port, "")
        founder.get(re.search(r"/begin/[0-9a-f]{32}", said)[0])
        founder.get("/set-up")
        assert founder.post("/set-up", TYPED | {"keeper": "prompt"}).status == 303
        page = founder.get("/papers")
        assert "The terminal then asks for the words" in page.text
        kit = " ".join(texts_of(founder.get("/papers/0").data))
        words = " ".join(re.findall(r"\b\d+\. ([a-z]+)\b", kit)[:24])
        assert not (tmp_path / "practice-boot").exists()
        founder.get("/papers")
        assert founder.post("/papers", TICKED).status == 303
        read_until(terminal, "secret", "")
        os.write(terminal, f"{words}\n".encode())
        read_until(terminal, "is open at", "")
        assert founder.sign_in(THEA, PASSWORD).status == 303
        process.send_signal(signal.SIGTERM)
        assert process.wait(STARTED_S_MAX) == 0
    finally:
        process.kill()
        process.wait()
        os.close(its_end)
        os.close(terminal)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--origin", "https://folder.example"), "one is founded only from this machine"),
        (("--host", "192.0.2.7", "--certificate", "C", "--key", "K"), "--certificate: cannot"),
    ],
)
def test_nothing_is_founded_from_elsewhere(direct, tmp_path, options, said):
    code, out, err = direct("serve", "--data", tmp_path / "data", *options)
    assert (code, out) == (2, "")
    assert said in err
    assert not (tmp_path / "data").exists()


def test_papers_that_lie_there_are_not_taken_for_new_ones(direct, tmp_path):
    (tmp_path / "data-papers").mkdir()
    code, _, err = direct("serve", "--data", tmp_path / "data")
    assert code == 2
    assert err.startswith("angerona: the folder for the papers: is there already")


def test_what_is_left_of_a_practice_is_not_founded_over(direct, tmp_path):
    (tmp_path / "data").mkdir(mode=0o700)
    (tmp_path / "data" / "keyset").write_bytes(b"x")
    code, _, err = direct("serve", "--data", tmp_path / "data")
    assert code == 2
    assert err.startswith("angerona: the data folder: there is a practice already")
