"""A core of the server after sign-out holds no key and no password.

The scan is first shown what it must find, in the midst of a look. Then, in a process that was
started to forget (sealed/forgetting.py), it must find none of a person's keys, of a record's, of a
session's, no password and no recovery code: not after sign-out, and not between two requests of
somebody who is still signed in. What the server needs while it runs stays: the keys that the boot
secret gives, the keys of ledger lines, the hash of a cookie.
"""

import os
import subprocess
import sys

import pytest

from angerona.ciphers.derive import derived
from angerona.practice import clients
from angerona.practice.members import NewMember, enrol, sign_in_with_password
from angerona.sealed.forgetting import forgetting
from angerona.sealed.holding import held_keys, seeds_of
from small_practice import AT, founded
from theft.memory import copies_in, memory_of

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the core is read from /proc")

WORDS = "the quolphine zinnias by the wall"
TYPED = "a sentence typed while she was here: velutinous"
TESS = "vexillary sparrow lantern"
WRONG = "vexillary sparrow lantren"
NEW = "umbrageous ladder quartz"
ENTRIES = 12


class Founded:
    """A practice on disk whose every secret is known."""

    def __init__(self, folder, monkeypatch):
        self.folder = folder
        made = []
        real = clients.new_keys

        def remembered(whose):
            keys, sheet = real(whose)
            made.append(keys)
            return keys, sheet

        monkeypatch.setattr(clients, "new_keys", remembered)
        practice = founded(folder)
        vault = practice.vault
        tess = NewMember(name="Tess", roles=("psychologist",), posts=("on_call",))
        with practice.visit("Thea") as visit:
            seeds = seeds_of(visit, tess.posts)
        enrolled = enrol(vault, tess, TESS, AT, by={}, post_seeds=seeds)
        practice.people["Tess"] = enrolled.person_id
        practice.cookies["Tess"] = sign_in_with_password(vault, "Tess", TESS, AT)
        self.client_id = practice.client("Ada Invented", treating="Tess")
        for number in range(ENTRIES):
            practice.keep("Tess", self.client_id, "progress_note", f"{number}: {WORDS}. " * 20)
        practice.keep("Tess", self.client_id, "psychotherapy_note", f"Apart: {WORDS}")
        self.practice_id, self.boot = vault.practice_id, practice.boot
        self.code = enrolled.recovery_code
        self.texts = {"password": TESS, "wrong password": WRONG, "recovery code": self.code}
        with practice.visit("Tess") as visit:
            seed = visit.unlocked.keys.seed
            held = held_keys(visit, vault.authority(self.client_id))
        self.keys = {
            "the person's seed": seed,
            "the person's wrap key": derived(seed, "angerona/person/wrap/v1"),
            "the person's signing key": derived(seed, "angerona/person/sign/v1"),
            "the client's key": made[0].client,
            "the post's seed": seeds["on_call"],
            **{f"the key of {name.partition(':')[0]}": key for name, (_, key) in held.items()},
        }
        vault.store.close()


class Served:
    """The server in a process of its own, told what to do by a pipe."""

    def __init__(self, founded_one, environment):
        self._process = subprocess.Popen(
            [sys.executable, "-m", "theft.serving"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
            env=environment,
        )
        lines = (founded_one.folder, founded_one.boot.revealed().hex(), founded_one.practice_id)
        assert self.tell(*lines[:2], lines[2].hex()) == "ready"

    def tell(self, *lines):
        self._process.stdin.write("".join(f"{line}\n" for line in lines).encode())
        return self._process.stdout.readline().decode().rstrip("\n")

    def core(self):
        return memory_of(self._process.pid)

    def end(self):
        self._process.stdin.close()
        self._process.stdout.close()
        assert self._process.wait(20) == 0


def environment(*, forgets):
    plain = {one: value for one, value in os.environ.items() if one != "PYTHONMALLOC"}
    tests = os.pathsep.join(one for one in sys.path if one)
    return {**(forgetting(plain) if forgets else plain), "PYTHONPATH": tests}


def left(core, keys, texts):
    """What a core holds: each secret with how many copies there are, halves counted too.

    A block that is free begins with what the allocator writes there, so half a key may be left.
    """
    found = {
        name: max(copies_in(core, key[:16]), copies_in(core, key[16:]))
        for name, key in keys.items()
    }
    for name, text in texts.items():
        found[name] = copies_in(
            core,
            text.encode(),
            text.encode("utf-16-le"),
            text.encode("utf-32-le"),
            text[6:].encode(),
        )
    return {name: copies for name, copies in found.items() if copies}


@pytest.fixture
def place(tmp_path, monkeypatch):
    return Founded(tmp_path / "practice", monkeypatch)


def day(server, place):
    """A day's work; the cores of its moments, and the session's key."""
    client_id = place.client_id.hex()
    assert server.tell("sign_in", "Tess", WRONG) == "WrongSignIn"
    cookie = server.tell("sign_in", "Tess", TESS)
    assert int(server.tell("look", cookie, client_id, "wait")) > 20 * ENTRIES * len(WORDS)
    cores = {"in a look": server.core()}
    server._process.stdin.write(b"\n")  # noqa: SLF001 -- go on
    assert server.tell("keep", cookie, client_id, "risk", "Plan", TYPED) == "Kept"
    assert len(server.tell("enrol_client", cookie, "Una Invented")) == 32
    new_code = server.tell("enrol_member", "Nora", NEW)
    by_code = server.tell("sign_in_with_code", "Tess", place.code)
    assert server.tell("look", by_code, client_id, "") != "0"
    cores["between two requests"] = server.core()
    assert server.tell("sign_out", cookie) == "signed out"
    assert server.tell("sign_out", by_code) == "signed out"
    cores["signed out"] = server.core()
    process = bytes.fromhex(server.tell("reveal"))
    keys = dict(place.keys)
    for name, shown in (("session", cookie), ("other session", by_code)):
        raw = bytes.fromhex(shown)
        keys |= {
            f"the {name}'s cookie": raw,
            f"the {name}'s key": derived(raw + process, "angerona/session/v1"),
        }
    return cores, keys, {**place.texts, "new password": NEW, "new recovery code": new_code}


def words_left(core):
    return copies_in(core, WORDS.encode(), TYPED.encode())


def test_no_key_and_no_password_stays_in_a_server_that_forgets(place):
    server = Served(place, environment(forgets=True))
    cores, keys, texts = day(server, place)
    server.end()
    in_a_look = left(cores["in a look"], keys, {})
    assert {"the person's seed", "the session's key"} <= set(in_a_look), "else the scan is blind"
    assert words_left(cores["in a look"]) >= ENTRIES
    assert left(cores["between two requests"], keys, texts) == {}
    assert left(cores["signed out"], keys, texts) == {}
    assert words_left(cores["signed out"]) == 0


def test_what_stays_in_a_server_that_does_not(place, capsys):
    """The proof that the test above could fail. The figures are published in docs/BENCH.md."""
    server = Served(place, environment(forgets=False))
    cores, keys, texts = day(server, place)
    server.end()
    after = left(cores["signed out"], keys, texts)
    said = f"{sum(after.values())} copies of {len(after)} secrets"
    words = f"{words_left(cores['signed out'])} clinical sentences"
    with capsys.disabled():
        sys.stdout.write(f"\nleft without forgetting: {said}, {words}\n")
    assert "the person's seed" in after
    assert words_left(cores["signed out"]) > 0
