"""What every answer carries, and what no request gets past."""

import http.client
import socket

import pytest

from angerona.site.guards import HEADERS
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


def test_half_a_request_holds_nobody_up(site):
    with socket.create_connection((HOST, site.port)) as half:
        half.sendall(b"POST /sign-in HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 9\r\n\r\n")
        assert site.visitor().get("/sign-in").status == 200
