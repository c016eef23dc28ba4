"""`angerona disclose` and `packet verify`: what leaves, what stays, what the ledger says of it."""

import datetime
import json
import os
import shutil
import signal
import subprocess
import time

import pytest

from angerona.cli.demo_story import ESTABLISHED
from angerona.cli.entrance import now
from ferry_street import INES, TOMAS

INSURER = (
    *("disclose", "Benedikt Sorel", "--to", "insurer", "--purpose", "insurance"),
    *("--instrument", "consent", "--for", "Harbor Mutual"),
)
WANTS = ("--wants", "diagnosis,treatment_plan,progress_note")
LAWYER = (
    *("disclose", "Kofi Brandt", "--to", "opposing_attorney", "--purpose", "legal_proceeding"),
    *("--instrument", "written_request"),
)
CLINICAL = ("stairs", "nitroglycerin", "panic disorder, onset")


@pytest.fixture
def letter(house):
    """What was established about the insurer's letter."""
    path = house.folder / "letter.json"
    path.write_text(json.dumps({"facts": ESTABLISHED}), encoding="utf-8")
    return path


def hand_over(house, letter, name, *more):
    out = house.folder / name
    return house.run(*INSURER, *WANTS, "--facts", letter, "--out", out, "--yes", *more, who=INES)


@pytest.mark.parametrize("name", ["packet.json", "packet.pdf"])
def test_what_the_consent_names_leaves_and_the_rest_stays(house, letter, name):
    code, out, err = hand_over(house, letter, name)
    assert (code, err) == (0, "")
    assert "You may; you do not have to." in out
    assert "What would be handed over\n  - Diagnosis: 1\n  - Treatment plan: 1\n" in out
    assert "and would stay\n  - Session notes: 6\n" in out
    packet = house.folder / name
    assert packet.stat().st_mode & 0o777 == 0o600
    if name.endswith(".json"):
        parts = json.loads(packet.read_text(encoding="utf-8"))["parts"]
        assert [part["class"] for part in parts] == ["diagnosis", "treatment_plan"]
        assert "stairs" in packet.read_text(encoding="utf-8")
        assert {part["written_at"][-6:] for part in parts} <= {"-08:00", "-07:00"}
    announced, followed = house.lines("Benedikt Sorel")[-2:]
    assert (announced.kind, announced.body["what"]) == ("disclosure", "Harbor Mutual")
    assert (announced.body["to"], announced.body["outcome"]) == ("insurer", "permit")
    assert followed.kind == "handed_over"
    assert followed.body["announced"] == announced.event_id.hex()
    code, out, _ = house.run("packet", "verify", packet)
    assert (code, out.splitlines()[0]) == (0, "Genuine.")


def test_a_locked_packet_opens_with_the_words_that_were_shown_once(house, letter):
    _, out, _ = hand_over(house, letter, "packet.pdf", "--lock")
    words = next(line.strip() for line in out.splitlines() if line.count("-") == 6)
    data = (house.folder / "packet.pdf").read_bytes()
    assert not any(word.encode() in data for word in CLINICAL)
    assert house.run("packet", "verify", house.folder / "packet.pdf")[0] == 2
    secret = house.folder / "words"
    secret.write_text(words + "\n", encoding="utf-8")
    secret.chmod(0o600)
    given = ("packet", "verify", house.folder / "packet.pdf", "--passphrase-file", secret)
    assert house.run(*given)[0] == 0


def test_a_packet_is_checked_against_the_key_that_is_expected(house, letter):
    _, out, _ = hand_over(house, letter, "packet.json")
    packet = house.folder / "packet.json"
    printed = out.split("fingerprint of the practice:")[1].split()
    key = "".join(printed)
    shutil.rmtree(house.data)
    assert house.direct("packet", "verify", packet, "--key", key)[0] == 0
    other = ("0" if key[0] != "0" else "1") + key[1:]
    code, out, _ = house.direct("packet", "verify", packet, "--key", other)
    assert (code, out.splitlines()[0]) == (1, "Not genuine: do not rely on this packet.")
    packet.write_bytes(packet.read_bytes().replace(b"stairs", b"stares", 1))
    code, out, _ = house.direct("packet", "verify", packet, "--key", key)
    assert (code, "is not the one that was signed" in " ".join(out.split())) == (1, True), out
    code, _, err = house.direct("packet", "verify", packet, "--data", house.data)
    assert (code, err.startswith("angerona: --key: needed")) == (2, True)
    code, _, err = house.direct("packet", "verify", packet, "--key", "x")
    assert (code, err.startswith("angerona: fingerprint: not one")) == (2, True)


def test_a_lawyers_letter_is_refused_and_answered(house):
    before = house.kinds("Kofi Brandt")
    out_file = house.folder / "x.json"
    code, out, _ = house.run(*LAWYER, "--out", out_file, "--yes", who=TOMAS)
    assert code == 1
    assert out.startswith("Do not send this. You may instead say that you can neither confirm nor")
    assert "A letter you can send" in out
    assert not out_file.exists()
    assert house.kinds("Kofi Brandt") == [*before, "refusal"]
    last = house.lines("Kofi Brandt")[-1]
    assert (last.body["to"], last.body["outcome"]) == ("opposing_attorney", "deny")


def test_where_something_must_be_found_out_nothing_leaves(house):
    out_file = house.folder / "x.json"
    code, out, _ = house.run(*INSURER, *WANTS, "--out", out_file, "--yes", who=INES)
    assert code == 1
    assert out.startswith("One thing decides:")
    assert '{"facts": {' in out
    assert house.lines("Benedikt Sorel")[-1].body["outcome"] == "ask"
    assert not out_file.exists()


def test_nothing_is_opened_before_somebody_agrees(house, letter):
    before = house.kinds("Benedikt Sorel")
    out_file = house.folder / "x.json"
    given = ("--facts", letter, "--out", out_file)
    code, out, err = house.run(*INSURER, *WANTS, *given, who=INES)
    assert (code, err) == (
        2,
        "angerona: the terminal: nobody is here to agree; --yes agrees beforehand\n",
    )
    assert "What would be handed over" in out
    assert house.kinds("Benedikt Sorel") == before
    assert not out_file.exists()


def test_a_line_is_held_until_the_day_where_telling_is_forbidden_and_nowhere_else(house, letter):
    day = f"{now() + datetime.timedelta(days=40):%Y-%m-%d}"
    before = house.kinds("Benedikt Sorel")
    code, _, err = hand_over(house, letter, "x.json", "--hold-until", day)
    assert (code, err) == (
        2,
        "angerona: --hold-until: nothing here forbids telling the client; leave it out\n",
    )
    code, _, err = hand_over(house, letter, "x.json", "--hold-until", "soon")
    assert (code, err.startswith("angerona: --hold-until: is no day")) == (2, True)
    told = {**ESTABLISHED, "client.unsafe_to_tell": True}
    letter.write_text(json.dumps({"facts": told}), encoding="utf-8")
    code, _, err = hand_over(house, letter, "x.json", "--hold-until", "2001-01-01")
    assert (code, err.startswith("angerona: hold until: is past")) == (2, True)
    assert not (house.folder / "x.json").exists()
    code, _, err = hand_over(house, letter, "x.json", "--hold-until", day)
    assert (code, err) == (0, "")
    assert house.kinds("Benedikt Sorel") == before
    with house.vault() as vault:
        held = vault.ledger.lines_of(vault.practice_id)[-3:]
    said = [(one.body["held"], one.body["waits_until"][:10]) for one in held if one.kind == "held"]
    assert said == [("disclosure", day), ("handed_over", day)]


def test_a_consent_that_was_taken_back_hands_over_nothing(house, letter):
    _, out, _ = house.run("consent", "list", "Benedikt Sorel", who=INES)
    house.run("consent", "revoke", "Benedikt Sorel", out[:9], who=INES)
    assert hand_over(house, letter, "x.json")[0] == 1
    assert house.lines("Benedikt Sorel")[-1].kind == "refusal"


@pytest.mark.usefixtures("letter")
@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--to", "insurers"), "--to: no such word; did you mean insurer"),
        (("--purpose", "fun"), "--purpose: no such word"),
        (("--instrument", "oath"), "--instrument: no such word"),
        (("--paper", "a5"), "--paper: no such word"),
        (("--out", "x.txt"), "--out: neither a PDF nor JSON"),
        (("--out", "x.json", "--lock"), "--lock: only a PDF is locked"),
        (("--out", "/nowhere/x.json"), "x.json: cannot be written"),
        (("--out", "/dev/full"), "full: is no plain file"),
        (("--out", "letter.json"), "letter.json: exists already; --force writes over it"),
        (("--wants", "gossip"), "wants[0]: unknown class"),
        (("--wants", "attendance"), "--wants: nothing of it stands in this record"),
    ],
)
def test_what_could_not_be_done_is_said_before_anything_opens(house, options, said, monkeypatch):
    monkeypatch.chdir(house.folder)
    before = house.kinds("Benedikt Sorel")
    given = ("--facts", "letter.json", "--out", "x.json", "--yes")
    code, _, err = house.run(*INSURER, *given, *options, who=INES)
    assert code == 2
    assert err.startswith(f"angerona: {said}")
    assert house.kinds("Benedikt Sorel") == before


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[]", "--facts: a list where a table is needed"),
        ('{"client": 1}', "--facts: holds another key; allowed: facts, orders, blanks"),
        ('{"facts": []}', "--facts: facts: a list where a table is needed"),
        ('{"facts": {"moon.full": true}}', "facts.(a key): unknown fact"),
        ('{"facts": {"record.joint": "no"}}', "facts.record.joint: cannot be a text"),
    ],
)
def test_facts_are_read_strictly(house, letter, text, said):
    letter.write_text(text, encoding="utf-8")
    code, _, err = hand_over(house, letter, "x.json")
    assert (code, err.startswith(f"angerona: {said}")) == (2, True), err


def test_a_packet_that_cannot_be_written_is_a_line_that_it_failed(house, letter):
    """The ledger had announced it, so it says that it came to nothing."""
    code, _, err = house.run(
        *INSURER, *WANTS, "--facts", letter, "--out", "/proc/x.json", "--yes", who=INES
    )
    assert (code, err.startswith("angerona: x.json: the file cannot be written")) == (2, True)
    announced, followed = house.lines("Benedikt Sorel")[-2:]
    assert (announced.kind, followed.kind) == ("disclosure", "failed")
    assert followed.body["announced"] == announced.event_id.hex()


def can_mount():
    tried = subprocess.run(
        ["unshare", "-rm", "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True, check=False
    )
    return tried.returncode == 0


@pytest.mark.skipif(not shutil.which("unshare"), reason="needs util-linux")
def test_a_full_disk_leaves_no_half_packet(house, letter):
    """On a disk of 8 kB of its own, seen by this one process alone."""
    if not can_mount():
        pytest.skip("this machine lets no user mount a small disk")
    disk = house.folder / "disk"
    disk.mkdir()
    script = 'mount -t tmpfs -o size=8k none "$0" && "$@"; code=$?; ls -A "$0"; exit $code'
    process = house.launch(
        *INSURER,
        *(*WANTS, "--facts", str(letter), "--out", str(disk / "x.pdf"), "--yes"),
        who=INES,
        prefix=("unshare", "-rm", "sh", "-c", script, str(disk)),
    )
    out, err = process.communicate(timeout=120)
    assert process.returncode == 2
    assert err.decode() == (
        "angerona: x.pdf: the file cannot be written: No space left on device; correct the folder\n"
    )
    assert out.decode().splitlines()[-1] == "  - Session notes: 6"  # and no file was listed
    assert house.kinds("Benedikt Sorel")[-2:] == ["disclosure", "failed"]


def test_force_writes_over_a_file_and_nothing_else_does(house, letter):
    (house.folder / "packet.json").write_text("old", encoding="utf-8")
    assert hand_over(house, letter, "packet.json")[0] == 2
    assert hand_over(house, letter, "packet.json", "--force")[0] == 0
    assert (house.folder / "packet.json").stat().st_mode & 0o777 == 0o600


def test_a_disclosure_that_is_killed_stands_as_announced(house, letter):
    """No second line: whoever reads the ledger sees that it was announced, and no more."""
    before = house.kinds("Benedikt Sorel")
    process = house.launch(
        *INSURER,
        *(*WANTS, "--facts", str(letter), "--out", "x.pdf", "--yes"),
        who=INES,
    )
    process.stdout.read(1)  # the preview is on its way, so the announcement is near
    time.sleep(0.02)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate(timeout=60)
    after = house.kinds("Benedikt Sorel")[len(before) :]
    assert after in ([], ["disclosure"], ["disclosure", "handed_over"])
    assert after or not (house.folder / "x.pdf").exists()
    code, out, _ = house.run("ledger", "fsck")
    assert (code, "The ledger is whole." in out) == (0, True)
