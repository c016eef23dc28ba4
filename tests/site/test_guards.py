"""What every answer carries, and what no request gets past."""

import contextlib
import http.client
import socket
import time

import pytest

from angerona.site.guards import HEADERS
from angerona.site.strangers import LONG_AT_ONCE, SHORT_BYTES_MAX, SHORT_OF_ONE_ADDRESS
from running_site import HOST

PATHS = ("/sign-in", "/", "/nothing", "/static/nothing.css")


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_carries_the_headers(site, path):
    answer = site.visitor().get(path)
    for name, value in HEADERS.items():
        assert answer.headers[name] == value
    assert answer.headers["cache-control"] == "no-store"
    assert "server" not in answer.headers


def test_only_what_never_changes_is_kept_by_a_browser(site):
    page = site.visitor().get("/sign-in").text
    sheet = page.split('rel="stylesheet" href="')[1].split('"')[0]
    answer = site.visitor().get(sheet)
    assert answer.status == 200
    assert "immutable" in answer.headers["cache-control"]


def test_another_host_is_not_answered(site):
    connection = http.client.HTTPConnection(HOST, site.port)
    connection.request("GET", "/sign-in", headers={"host": "rebound.invalid"})
    response = connection.getresponse()
    assert response.status == 421
    connection.close()


def test_cookies_are_out_of_reach(site):
    visitor = site.visitor()
    answer = visitor.get("/sign-in")
    said = answer.headers["set-cookie"].lower()
    assert "httponly" in said
    assert "samesite=strict" in said
    assert "max-age" not in said, "it ends with the browser"


def test_a_form_that_is_too_large_is_refused(site):
    visitor = site.signed_in("Tess")
    client = site.prepared.clients["Ada"].hex()
    text = "x" * 1_000_001
    answer = visitor.post(f"/clients/{client}/notes/new", {"text": text})
    assert answer.status in {403, 413, 422}
    assert "x" * 100 not in answer.text


def test_a_form_that_does_not_arrive_is_given_up(site, monkeypatch):
    monkeypatch.setattr("angerona.site.forms.FORM_S_MAX", 0.2)
    with socket.create_connection((HOST, site.port), timeout=20) as half:
        head = (
            f"POST /sign-in HTTP/1.1\r\nhost: {HOST}:{site.port}\r\n"
            "sec-fetch-site: same-origin\r\ncontent-length: 900\r\n"
            "content-type: application/x-www-form-urlencoded\r\n\r\nname=a"
        )
        half.sendall(head.encode())
        said = b""
        while b"did not arrive in time" not in said:
            piece = half.recv(65_536)
            assert piece, "nothing more comes, and nothing was said"
            said += piece


def begun(site, size, *, source="", told=900_000):
    """A stranger's form of which so many bytes have come, and the rest has not."""
    half = socket.create_connection((HOST, site.port), 20, (source, 0) if source else None)
    head = (
        f"POST /sign-in HTTP/1.1\r\nhost: {HOST}:{site.port}\r\n"
        f"sec-fetch-site: same-origin\r\ncontent-length: {told}\r\n"
        "content-type: application/x-www-form-urlencoded\r\n\r\n"
    )
    half.sendall(head.encode() + b"name=" + b"a" * (size - 5))
    return half


def said(half, seconds=20):
    half.settimeout(seconds)
    try:
        return half.recv(65_536)
    except TimeoutError:
        return b""


@pytest.fixture
def kept_open():
    with contextlib.ExitStack() as stack:
        yield stack.enter_context


def test_of_one_stranger_few_forms_are_read_at_once(site, kept_open):
    """The next is refused at once; others, and whoever is signed in there, notice nothing."""
    tess = site.in_session("Tess")
    for _ in range(SHORT_OF_ONE_ADDRESS):
        assert said(kept_open(begun(site, 100)), 0.05) == b""
    late = kept_open(begun(site, 100))
    assert b"422" in said(late).partition(b"\r\n")[0]
    elsewhere = site.visitor()
    elsewhere.place = "127.0.0.2"
    assert elsewhere.sign_in("Sue").status == 303
    client = site.prepared.clients["Ada"].hex()
    fields = {"act": "keep", "heading": "x" * 300, "text": "long " * 100_000}
    answer = tess.post(f"/clients/{client}/notes/new", fields)
    assert "one of too many" not in answer.text


def test_there_is_room_again_once_a_stranger_is_gone(site, caplog):
    for _ in range(3 * SHORT_OF_ONE_ADDRESS):
        begun(site, 100, source="127.0.0.3").close()
    visitor = site.visitor()
    visitor.place = "127.0.0.3"
    for _ in range(200):
        if visitor.sign_in("Cora").status == 303:
            assert "ClientDisconnect" not in caplog.text, "nor does who leaves fill the log"
            return
        time.sleep(0.05)
    pytest.fail("the room of who left is never given back")


def test_of_one_stranger_one_long_form_is_read_and_quickly(site, kept_open, monkeypatch):
    first = kept_open(begun(site, SHORT_BYTES_MAX + 5_000, source="127.0.0.4"))
    assert said(first, 0.2) == b"", "somebody's session may have ended while it was typed"
    second = kept_open(begun(site, SHORT_BYTES_MAX + 5_000, source="127.0.0.4"))
    assert b"422" in said(second).partition(b"\r\n")[0]
    monkeypatch.setattr("angerona.site.strangers.LONG_S_MAX", 0.2)
    slow = kept_open(begun(site, SHORT_BYTES_MAX + 5_000, source="127.0.0.5"))
    assert b"422" in said(slow).partition(b"\r\n")[0], "given up long before the minute is over"


def test_of_all_strangers_few_long_forms_are_read(site, kept_open):
    for one in range(LONG_AT_ONCE):
        half = kept_open(begun(site, SHORT_BYTES_MAX + 5_000, source=f"127.0.1.{one + 1}"))
        assert said(half, 0.2) == b""
    late = kept_open(begun(site, SHORT_BYTES_MAX + 5_000, source="127.0.1.99"))
    assert b"422" in said(late).partition(b"\r\n")[0]


def test_half_a_request_holds_nobody_up(site):
    with socket.create_connection((HOST, site.port)) as half:
        half.sendall(b"POST /sign-in HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 9\r\n\r\n")
        assert site.visitor().get("/sign-in").status == 200
