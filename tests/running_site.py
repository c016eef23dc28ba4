"""The site of a prepared practice, really running, and somebody who visits it."""

import base64
import contextlib
import datetime
import http.client
import os
import re
import urllib.parse
from dataclasses import dataclass, field
from http.cookies import SimpleCookie

from angerona.practice.clients import establish
from angerona.practice.own_choices import ITEMS, choose_shown, read_about_staying_unseen
from angerona.practice.portal import give_way_in, questions_before_opening
from angerona.site.application import Site
from angerona.site.serving import listening, origin_at, served
from angerona.web.turn import House
from prepared_practice import AT, PASSWORD, prepared, quick_passwords

HOST = "127.0.0.1"
TITLE = "Quiet Rooms"
_TOKEN = re.compile(r'name="token" value="([0-9a-f]{64})"')


@dataclass
class Clock:
    """The time of the site, which a test sets forward."""

    at: datetime.datetime = AT

    def __call__(self):
        return self.at

    def goes_on(self, **length):
        self.at += datetime.timedelta(**length)


@dataclass
class RunningSite:
    """A site at an address, over a practice a test may look into."""

    practice: object
    prepared: object
    port: int
    clock: Clock
    called: str = HOST

    @property
    def origin(self):
        return origin_at(self.called, self.port, is_secure=False)

    def visitor(self):
        return Visitor(self.port, self.origin)

    def in_session(self, name):
        """Somebody in a new session, without a sign-in: of those an address has but a few."""
        self.practice.open(name, self.clock.at)
        cookie = base64.urlsafe_b64encode(self.practice.cookies[name]).decode().rstrip("=")
        visitor = self.visitor()
        visitor.cookies["session"] = cookie
        visitor.get("/limits")
        assert visitor.token
        return visitor

    def signed_in(self, name):
        """Somebody who has just signed in with the password of these tests."""
        visitor = self.visitor()
        answer = visitor.sign_in(name)
        assert answer.status == 303, answer.text
        return visitor


@dataclass
class Answer:
    status: int
    headers: dict
    text: str
    data: bytes

    @property
    def to(self):
        return self.headers.get("location", "")


@dataclass
class Visitor:
    """A browser reduced to what it says: cookies, and forms with the token of the last page."""

    port: int
    origin: str
    cookies: dict = field(default_factory=dict)
    token: str = ""
    place: str = ""
    """The address of this machine that it comes from: another one of 127/8, or any."""

    def get(self, path, **headers):
        return self._asked("GET", path, None, headers)

    def post(self, path, fields=(), *, token=None, **headers):
        """A form is a new one each time, unless it names its key, the field `once`."""
        given = {"once": os.urandom(16).hex()} | dict(fields)
        given["token"] = self.token if token is None else token
        body = urllib.parse.urlencode(given, doseq=True).encode()
        sent = {
            "content-type": "application/x-www-form-urlencoded",
            "sec-fetch-site": "same-origin",
            "origin": "null",
        } | headers
        return self._asked("POST", path, body, sent)

    def send_file(self, path, fields, name, data):
        """A form with one file in the field `file`, as a browser sends one."""
        return self.send_files(path, fields, [(name, data)])

    def send_files(self, path, fields, files):
        """A form with several files (name, data) in the field `file`."""
        edge = "----edge"
        parts = [
            f'--{edge}\r\ncontent-disposition: form-data; name="{one}"\r\n\r\n{said}\r\n'.encode()
            for one, said in {"once": os.urandom(16).hex(), **fields, "token": self.token}.items()
        ]
        for name, data in files:
            head = f'content-disposition: form-data; name="file"; filename="{name}"'
            parts.append(f"--{edge}\r\n{head}\r\n\r\n".encode() + data + b"\r\n")
        body = b"".join(parts) + f"--{edge}--\r\n".encode()
        kind = f"multipart/form-data; boundary={edge}"
        return self._asked(
            "POST",
            path,
            body,
            {"content-type": kind, "sec-fetch-site": "same-origin", "origin": "null"},
        )

    def sign_in(self, name, password=PASSWORD, **more):
        self.get("/sign-in")
        answer = self.post("/sign-in", {"name": name, "password": password, **more})
        if answer.status == 303:
            self.get(answer.to)
        return answer

    def _asked(self, method, path, body, headers):
        source = (self.place, 0) if self.place else None
        connection = http.client.HTTPConnection(HOST, self.port, 30, source)
        with contextlib.closing(connection):
            sent = {name.replace("_", "-"): value for name, value in headers.items()}
            if self.cookies:
                sent["cookie"] = "; ".join(f"{one}={said}" for one, said in self.cookies.items())
            connection.request(method, path, body, sent)
            response = connection.getresponse()
            data = response.read()
            for name, value in response.getheaders():
                if name.lower() == "set-cookie":
                    self._keep(value)
        text = data.decode("utf-8", "replace")
        if found := _TOKEN.search(text):
            self.token = found[1]
        heads = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, heads, text, data)

    def _keep(self, header):
        for name, morsel in SimpleCookie(header).items():
            if morsel["max-age"] == "0":
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = morsel.value


@contextlib.contextmanager
def running(
    folder, *, is_sample=True, ways_in=("Ada", "Otto"), turned_on=True, away="", called=HOST
):
    """The site of a copy of the prepared practice, until the block ends, under the name `called`.

    The clients of `ways_in` get their own way in, under their names and the same password. With
    `turned_on` all that the law asks first is settled, and their pages show everything.
    """
    copy = prepared().copied(folder)
    with quick_passwords(), copy.opened() as practice:
        for name in ways_in:
            treating = {"Ada": "Tess", "Otto": "Theo"}[name]
            with practice.visit(treating) as visit:
                made = give_way_in(visit, copy.clients[name], name, PASSWORD)
                practice.people[name] = made.person_id
                if turned_on:
                    settle(visit, practice.door.packs, copy.clients[name])
            practice.sign_in(name)
            if turned_on:
                with practice.visit(name) as visit:
                    read_about_staying_unseen(visit)
                    choose_shown(visit, ITEMS)
        with over(practice, copy, is_sample=is_sample, away=away, called=called) as site:
            yield site


@contextlib.contextmanager
def over(practice, prepared=None, *, is_sample=True, away="", called=HOST):
    """The site of an open practice, until the block ends."""
    bound = listening(HOST, 0)
    port = bound.getsockname()[1]
    clock = Clock()
    house = House(
        door=practice.door,
        title=TITLE,
        origin=origin_at(called, port, is_secure=False),
        is_sample=is_sample,
        away=away,
    )
    with served(Site(house, clock).application(), bound):
        yield RunningSite(practice, prepared, port, clock, called)


def settle(visit, packs, client_id):
    """Answer whatever the law asks before a client's own pages show anything, with a no."""
    while asked := questions_before_opening(visit, packs, client_id):
        establish(visit, packs, client_id, dict.fromkeys(asked, False))


__all__ = ["AT", "PASSWORD", "RunningSite", "Visitor", "over", "running"]
