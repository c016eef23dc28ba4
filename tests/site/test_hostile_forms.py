"""What no browser sends, and what goes wrong in the midst of a form."""

import base64
import contextlib
import http.client
import os
import re
import socket
import tempfile

import pytest

from angerona.errors import AuthorityMoved, StoreClosed, StoreFull, Unopenable
from angerona.ledger.ledger import Ledger
from angerona.sealed.vault import _Kept
from running_site import HOST, running

NOTE = "what she said on the bridge, in full, and longer than forty characters"
PLAIN = "application/x-www-form-urlencoded"
BOUND = "xxxxxxxx"
PARTS = f"multipart/form-data; boundary={BOUND}"


@pytest.fixture(scope="module")
def tess(site):
    return site.in_session("Tess")


@pytest.fixture
def client(site):
    return site.prepared.clients["Ada"].hex()


def raw(site, visitor, path, body, kind, **more):
    """Send bytes as a form; the token of the visitor goes with them where they are parts."""
    with contextlib.closing(http.client.HTTPConnection(HOST, site.port, timeout=60)) as connection:
        cookie = "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())
        heads = {"content-type": kind, "sec-fetch-site": "same-origin", "cookie": cookie}
        connection.request("POST", path, body, heads | more)
        response = connection.getresponse()
        return response.status, dict(response.getheaders()), response.read().decode()


def part(name, value, head=""):
    return f'--{BOUND}\r\ncontent-disposition: form-data; name="{name}"{head}\r\n\r\n{value}\r\n'


def parts(*given):
    return "".join((*given, f"--{BOUND}--\r\n"))


MANY = 100_000
BODIES = {
    "100,000 fields": ("a=1&" * MANY, PLAIN),
    "one field too many": ("a=1&" * 400 + "b=1", PLAIN),
    "bytes that are no UTF-8": ("text=%ff%fe", PLAIN),
    "half a character": ("text=%ed%a0%80", PLAIN),
    "a NUL": ("text=a%00b", PLAIN),
    "a NUL in a name": ("te%00xt=a", PLAIN),
    "raw bytes": ("text=\xff\xfe".encode("latin-1"), PLAIN),
    "JSON": ('{"text": "a"}', "application/json"),
    "no kind": ("text=a", ""),
    "another alphabet": ("text=a", f"{PLAIN}; charset=utf-7"),
    "100,000 parts": (parts(part("a", "1") * MANY), PARTS),
    "parts without an end": (part("text", "a") * 3, PARTS),
    "parts without a boundary": (parts(part("text", "a")), "multipart/form-data"),
    "parts of another boundary": (parts(part("text", "a")), f"{PARTS}y"),
    "a part within a part": (parts(part("a", part("b", "c"), "; filename=x")), PARTS),
    "a head without an end": (f"--{BOUND}\r\n" + "x" * MANY, PARTS),
    "a thousand heads": (f"--{BOUND}\r\n" + "x: y\r\n" * 1_000 + "\r\n", PARTS),
    "parts in another alphabet": (
        parts(part("text", "\\ud800")),
        f"{PARTS}; charset=unicode_escape",
    ),
    "parts that would take long to read": (
        parts(part("text", "a" * 50_000 + "-" + "b" * 50_000)),
        f"{PARTS}; charset=punycode",
    ),
    "a file where none is taken": (parts(part("text", "a", "; filename=a.txt")), PARTS),
}


@pytest.mark.parametrize("what", BODIES)
def test_what_no_browser_sends_is_refused_and_changes_nothing(
    site, tess, client, what, tmp_path, monkeypatch
):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    body, kind = BODIES[what]
    tess.get("/clients")
    once = os.urandom(16).hex()
    if kind.startswith(PARTS):
        token = part("token", tess.token) + part("once", once)
    else:
        token = f"token={tess.token}&once={once}&"
    body = token.encode() + (body if isinstance(body, bytes) else body.encode())
    before = site.practice.vault.ledger.size
    status, heads, said = raw(site, tess, f"/clients/{client}/notes/new", body, kind)
    assert status == 422
    assert heads["content-type"].startswith("text/html")
    assert "ud800" not in said
    assert site.practice.vault.ledger.size == before
    assert list(tmp_path.iterdir()) == [], "nothing was written to a disk"


def test_half_a_form_keeps_nothing_and_names_nobody(site, tess, client, caplog):
    before = count(site, client)
    cookie = "; ".join(f"{name}={value}" for name, value in tess.cookies.items())
    head = (
        f"POST /clients/{client}/notes/new HTTP/1.1\r\nhost: {HOST}:{site.port}\r\n"
        f"cookie: {cookie}\r\ncontent-type: {PLAIN}\r\nsec-fetch-site: same-origin\r\n"
        f"content-length: 5000\r\n\r\ntext={NOTE[:20]}"
    )
    with socket.create_connection((HOST, site.port)) as lost:
        lost.sendall(head.encode())
    assert tess.get("/clients").status == 200
    assert count(site, client) == before
    assert client not in caplog.text
    assert NOTE[:20] not in caplog.text


NAMES = (
    'a"; x="b.pdf',
    "a\r\nset-cookie: session=x.pdf",
    "..\\..\\a.pdf",
    "/etc/passwd",
    "\u202efdp.exe",
)


@pytest.mark.parametrize("name", NAMES)
def test_no_file_s_name_reaches_a_head(site, tess, client, name):
    page = f"/clients/{client}/documents/new"
    assert tess.get(page).status == 200
    quoted = name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
    body = parts(
        part("token", tess.token),
        part("once", os.urandom(16).hex()),
        part("class", "correspondence"),
        part("heading", "a letter"),
        part("file", "%PDF-1.4 nothing", f'; filename="{quoted}"'),
    )
    status, heads, _ = raw(site, tess, page, body.encode(), PARTS)
    assert status in {303, 422}
    assert "set-cookie" not in {one.lower() for one in heads}
    for found in re.findall(r'href="([^"]*/file[^"]*)"', tess.get(f"/clients/{client}").text):
        said = tess.get(found).headers
        assert re.fullmatch(r'attachment; filename="[A-Za-z0-9. _-]+"', said["content-disposition"])


@contextlib.contextmanager
def failing(monkeypatch, problem):
    """Nothing can be written to the ledger while the block runs."""

    def fails(*_args, **_more):
        raise problem

    with monkeypatch.context() as patch:
        patch.setattr(Ledger, "append", fails)
        patch.setattr(Ledger, "append_all", fails)
        yield


def fields_of(page):
    """The fields of the form of a page, as a browser sends them again."""
    hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page.text)
    return dict(hidden)


@pytest.mark.parametrize(
    ("problem", "status"),
    [
        (StoreFull("full"), 503),
        (StoreClosed("closed"), 503),
        (AuthorityMoved(), 409),
        (Unopenable("a note"), 500),
        (OverflowError(), 500),
    ],
    ids=["full", "closed", "moved", "shut", "fault"],
)
def test_a_note_that_cannot_be_kept_comes_back_and_can_be_sent_again(
    site, client, monkeypatch, problem, status
):
    tess = site.in_session("Tess")
    path = f"/clients/{client}/notes/new"
    fields = fields_of(tess.get(path)) | {
        "heading": "Session 9",
        "says": "",
        "class": "progress_note",
        "text": NOTE,
        "act": "keep",
    }
    with failing(monkeypatch, problem):
        told = tess.post(path, fields)
    assert told.status == status
    assert f">\n{NOTE}</textarea>" in told.text
    again = fields_of(told) | {"text": NOTE}
    assert again["heading"] == "Session 9"
    assert tess.post(path, again).to.endswith("done=kept")
    assert NOTE in tess.get(f"/clients/{client}").text


def test_a_password_never_comes_back(site, monkeypatch):
    tess = site.in_session("Tess")
    tess.get("/account")
    secret = "a sentence that nobody else shall ever read"
    with failing(monkeypatch, StoreFull("full")):
        told = tess.post("/account/password", {"new": secret, "repeated": secret, "again": secret})
    assert told.status == 503
    assert secret not in told.text
    session = dict(tess.cookies)
    tess.post("/account/sessions")
    tess.cookies = session
    typed = {"new": secret, "repeated": secret, "again": secret, "title": NOTE}
    told = tess.post("/account/password", typed)
    assert (told.status, NOTE in told.text) == (403, True)
    assert secret not in told.text


def count(site, client):
    return len(site.practice.vault.places(bytes.fromhex(client)))


def test_the_same_note_sent_twice_is_kept_once(site, client):
    tess = site.in_session("Tess")
    path = f"/clients/{client}/notes/new"
    fields = fields_of(tess.get(path)) | {
        "says": "",
        "class": "progress_note",
        "text": f"once: {NOTE}",
        "act": "keep",
    }
    before = count(site, client)
    first, second = tess.post(path, fields), tess.post(path, fields)
    assert first.status == 303
    assert second.status in {303, 409, 422}
    assert count(site, client) == before + 1


def test_two_tabs_keep_two_notes(site, client):
    tess = site.in_session("Tess")
    path = f"/clients/{client}/notes/new"
    one, other = fields_of(tess.get(path)), fields_of(tess.get(path))
    before = count(site, client)
    for number, fields in enumerate((one, other)):
        said = {"says": "", "class": "progress_note", "text": f"tab {number}", "act": "keep"}
        assert tess.post(path, fields | said).status == 303
    assert count(site, client) == before + 2


def test_the_same_addendum_sent_twice_is_kept_once(site, client):
    tess = site.in_session("Tess")
    entry = next(
        one
        for one in site.practice.vault.places(bytes.fromhex(client))
        if one.author_id == site.prepared.people["Tess"] and one.wanted == "progress_note"
    )
    path = f"/clients/{client}/entries/{entry.entry_id.hex()}/amend"
    fields = fields_of(tess.get(path)) | {"heading": "x", "text": f"added: {NOTE}"}
    before = count(site, client)
    assert tess.post(path, fields).status == 303
    assert tess.post(path, fields).status in {303, 409, 422}
    assert count(site, client) == before + 1


def test_a_store_that_is_gone_is_a_page_too(tmp_path):
    """For somebody of whom nothing is at hand any more, and for who is not signed in."""
    with running(tmp_path / "practice") as site:
        site.practice.open("Bill", site.clock.at)
        site.practice.vault._kept = _Kept(1)  # noqa: SLF001 -- as after a start
        bill = site.visitor()
        cookie = base64.urlsafe_b64encode(site.practice.cookies["Bill"]).decode().rstrip("=")
        bill.cookies["session"] = cookie
        site.practice.vault.store.close()
        for visitor, path, status in (
            (bill, "/clients", 503),
            (bill, "/nothing", 404),
            (site.visitor(), "/sign-in", 200),
        ):
            told = visitor.get(path)
            assert (told.status, told.headers["content-type"][:9]) == (status, "text/html")
