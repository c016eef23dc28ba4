"""`clients`, `look` and `note`: what each person of a practice sees, and what silence is."""

import json
import re

import pytest

from ferry_street import DANA, GRACE, INES, NOOR, PAVEL, RUTH, TOMAS

IDS = re.compile(r"^([0-9a-f]{4}-[0-9a-f]{4})  (.*)$", re.MULTILINE)
SILENCE = (2, "", "angerona: there is nothing here that can be shown\n")
WRONG = (2, "", "angerona: name and password do not belong together, or are not known here\n")
CONSENT = {
    "by": "client",
    "form": "hipaa_authorization",
    "classes": ["diagnosis"],
    "to": ["insurer"],
    "purposes": ["insurance"],
    "from": "2026-01-01",
    "until": None,
    "revoked": None,
    "elements": {},
}


def listed(house, who):
    code, out, err = house.run("clients", who=who)
    assert (code, err) == (0, "")
    return {name.partition(" (")[0]: short for short, name in IDS.findall(out)}


def test_each_sees_the_names_within_reach(house):
    assert len(listed(house, INES)) == 7
    assert set(listed(house, TOMAS)) == {
        *("Carmen Ibarra", "Elif Karaca", "Greta Olander", "Iker Zabala", "Kofi Brandt"),
    }
    assert set(listed(house, RUTH)) == {"Carmen Ibarra", "Elif Karaca"}
    assert len(listed(house, NOOR)) == len(listed(house, DANA)) == 12


def test_that_names_were_listed_is_written_down(house):
    listed(house, TOMAS)
    with house.vault() as vault:
        row = next(
            one
            for one in vault.store.rows("people.all", practice_id=vault.practice_id)
            if vault.person(one[0]).row.name == TOMAS
        )
        last = [line for line in vault.ledger.lines_of(row[0]) if line.kind == "look"][-1]
    assert (last.body["what"], last.body["clients"]) == ("caseload", 5)


def test_a_client_is_named_by_id_by_its_beginning_or_by_name(house):
    short = listed(house, INES)["Amara Nwosu"]
    outs = {
        house.run("look", given, who=INES)[1]
        for given in (short, short.replace("-", ""), short[:4], "amara nwosu", " Amara Nwosu ")
    }
    assert len(outs) == 1
    assert "They planted a quince on Saturday." in outs.pop()


def test_what_fits_several_within_reach_is_asked_for_by_id(house):
    rows = "client,date,class,heading,text,born\n" + "".join(
        f"Twin,2026-01-0{day},risk,,T,199{day}-01-01\n" for day in (1, 2)
    )
    (house.folder / "twins.csv").write_text(rows, encoding="utf-8")
    assert house.run("import", house.folder / "twins.csv", who=INES)[0] == 0
    assert house.run("look", "Twin", who=INES) == (
        2,
        "",
        "angerona: client: this fits more than one; the id that the list of clients shows\n",
    )


def test_who_treats_reads_the_record_and_not_what_a_colleague_keeps_apart(house):
    _, out, _ = house.run("look", "Farid Daneshvar", who=INES)
    assert "Came ten minutes early with bread" in out
    assert "Twelve minutes." not in out
    _, out, _ = house.run("look", "Farid Daneshvar", "--mine", who=INES)
    assert "Twelve minutes." in out
    _, out, _ = house.run("look", "Carmen Ibarra", who=RUTH)
    assert "Twenty days." in out
    assert "She watches my face" not in out


def test_on_call_reads_what_keeps_someone_safe(house):
    code, out, _ = house.run("look", "Dov Lindqvist", who=DANA)
    assert code == 0
    assert "sertraline 50 mg" in out
    assert "theodolite" not in out


def test_the_desk_reads_who_comes_and_no_word_of_why(house):
    code, out, _ = house.run("look", "Lena Vargas", "--purpose", "operations", who=NOOR)
    assert code == 0
    assert "Six of six kept" in out
    assert "apron" not in out
    code, out, _ = house.run("look", "Amara Nwosu", who=NOOR)
    assert code == 1
    assert out.startswith("Nothing is shown.")


def test_one_entry_is_read_by_its_id(house):
    _, out, _ = house.run("look", "Hana Mori", "--list", who=INES)
    listed_ids = {kind: short for short, kind in IDS.findall(out)}
    _, out, _ = house.run("look", "Hana Mori", "--entry", listed_ids["Diagnosis"], who=INES)
    assert "Obsessive-compulsive disorder" in out
    assert "sling" not in out
    assert house.run("look", "Hana Mori", "--entry", "00000000", who=INES) == SILENCE
    assert house.kinds("Hana Mori")[-2:] == ["look", "look"]


def test_a_look_is_written_before_it_is_shown(house):
    house.run("look", "Kofi Brandt", who=TOMAS)
    last = house.lines("Kofi Brandt")[-1]
    assert (last.kind, last.body["by"]["name"]) == ("look", TOMAS)
    assert set(last.body["classes"]) == {"progress_note", "diagnosis"}


@pytest.fixture
def files(house):
    (house.folder / "consent.json").write_text(json.dumps(CONSENT), encoding="utf-8")
    return house.folder


SILENT = {
    "look": ("look", "{client}"),
    "list": ("look", "{client}", "--list"),
    "entry": ("look", "{client}", "--entry", "0a0a"),
    "note": ("note", "{client}"),
    "disclose": (
        *("disclose", "{client}", "--to", "insurer", "--purpose", "insurance"),
        *("--out", "{files}/x.json", "--yes"),
    ),
    "who looked": ("who-looked", "{client}"),
    "receipt": ("receipt", "{client}", "--out", "{files}/x"),
    "consents": ("consent", "list", "{client}"),
    "consent": ("consent", "add", "{client}", "{files}/consent.json"),
    "revoke": ("consent", "revoke", "{client}", "0a0a"),
    "its receipt": ("consent", "receipt", "{client}", "0a0a", "--out", "{files}/y.json"),
}


@pytest.mark.parametrize("command", SILENT.values(), ids=SILENT)
def test_a_colleagues_client_and_nobody_at_all_are_the_same_silence(house, files, command):
    ends, before = [], house.practice_kinds()
    for client in ("Carmen Ibarra", "Norbert Nobody"):
        given = [part.format(client=client, files=files) for part in command]
        ends.append(house.run(*given, who=INES, stdin="A note."))
        after = house.practice_kinds()
        assert after == [*before, "refusal"]
        before = after
    assert ends == [SILENCE, SILENCE]
    assert not (files / "x").exists()
    assert not (files / "x.json").exists()


def test_nor_does_the_ledger_of_the_client_tell_of_a_stranger(house):
    before = house.kinds("Carmen Ibarra")
    house.run("look", "Carmen Ibarra", who=INES)
    assert house.kinds("Carmen Ibarra") == before


def test_a_wrong_password_and_a_wrong_name_are_the_same(house):
    assert house.run("clients", who="Norbert Nobody") == WRONG
    house.password.write_text("another long sentence\n", encoding="utf-8")
    assert house.run("clients", who=INES) == WRONG


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda path: path.unlink(), "no such file"),
        (lambda path: path.chmod(0o644), "others on this machine may open the file"),
        (lambda path: path.write_bytes(b"x" * 5000), "the file is too large"),
        (lambda path: path.write_bytes(b"\xff"), "not UTF-8 text"),
    ],
)
def test_a_password_file_that_will_not_do_is_said(house, spoil, said):
    spoil(house.password)
    code, out, err = house.run("clients", who=INES)
    assert (code, out) == (2, "")
    assert err.startswith(f"angerona: the password file: {said}")


def test_without_a_terminal_nobody_is_asked(house):
    for given, said in (
        (["--as", INES], "nobody is here to type it unseen; --password-file FILE"),
        ([], "nobody is here to be asked; give the answer as an option"),
    ):
        process = house.launch("clients", *given)
        out, err = process.communicate(timeout=60)
        assert (process.returncode, out) == (2, b"")
        assert err.decode() == f"angerona: the terminal: {said}\n"


def test_what_is_written_is_read_again(house):
    code, out, _ = house.run(
        *("note", "Iker Zabala", "--heading", "A call"),
        who=TOMAS,
        stdin="Two lines,\r\nno more. \u00e9\n",
    )
    assert code == 0
    kept = re.match(r"Kept as ([0-9a-f-]{9}), version 1\.", out)[1]
    _, out, _ = house.run("look", "Iker Zabala", "--entry", kept, who=TOMAS)
    assert "A call\n" in out
    assert "  Two lines,\n  no more. \u00e9\n" in out
    amended = house.run("note", "Iker Zabala", "--amends", kept, who=TOMAS, stdin="One line.")
    assert amended[1] == f"Kept as {kept}, version 2.\n"
    _, out, _ = house.run("look", "Iker Zabala", "--entry", kept, who=TOMAS)
    assert "One line." in out
    assert "no more" not in out


@pytest.mark.parametrize(
    ("stdin", "said"),
    [
        (b"\xff", "standard input: not UTF-8 text"),
        (b"a\0b", "standard input: holds a NUL character; plain text"),
        (b" \n", "text: is empty; something to keep"),
        (b"x" * 1_000_001, "standard input: too long; at most 1000000 bytes"),
    ],
)
def test_what_is_no_note_is_not_kept(house, stdin, said):
    before = len(house.entries("Iker Zabala"))
    code, out, err = house.run("note", "Iker Zabala", who=TOMAS, stdin=stdin)
    assert (code, out, err) == (2, "", f"angerona: {said}\n")
    assert len(house.entries("Iker Zabala")) == before


def test_a_class_that_is_none_is_said_before_anybody_signs_in(house):
    code, _, err = house.run("note", "Iker Zabala", "--class", "gossip", who="Nobody")
    assert (code, "no class of the record" in err) == (2, True)


def test_the_desk_writes_attendance_and_nothing_else(house):
    given = ("note", "Greta Olander", "--class")
    code, _, _ = house.run(*given, "attendance", "--purpose", "operations", who=NOOR, stdin="Came.")
    assert code == 0
    code, out, _ = house.run(*given, "progress_note", who=NOOR, stdin="She seemed sad.")
    assert code == 1
    assert out.startswith("Nothing was kept.\n")
    assert house.kinds("Greta Olander")[-1] == "refusal"


def test_the_biller_bills(house):
    given = ("note", "Greta Olander", "--class", "billing", "--purpose", "payment")
    assert house.run(*given, who=PAVEL, stdin="Six sessions.")[0] == 0


def test_an_escape_sequence_in_a_note_does_not_reach_the_terminal(house):
    house.run("note", "Iker Zabala", who=TOMAS, stdin="red \x1b[31m alert")
    _, out, _ = house.run("look", "Iker Zabala", who=TOMAS)
    assert "\x1b" not in out
    assert "alert" in out


def test_consents_are_filed_listed_and_taken_back(house, files):
    given = ("Benedikt Sorel", files / "consent.json")
    code, out, err = house.run("consent", "add", *given, who=INES)
    assert (code, "was not seen yet" in err) == (2, True)
    words = re.search(r"all the same: (.+)", out)[1].split()
    assert set(words) >= {"--despite", "element"}
    code, out, _ = house.run("consent", "add", *given, *words, who=INES)
    assert code == 0
    added = re.match(r"On file as ([0-9a-f-]{9}): diagnosis, to an insurer, for insurance", out)[1]
    assert "Under 45 CFR 164.508(c) nothing goes on it until it has what is missing:" in out
    target = house.folder / "consent-receipt.json"
    shown = ("Benedikt Sorel", added, "--out", target)
    assert house.run("consent", "receipt", *shown, who=INES)[0] == 0
    record = json.loads(target.read_text("utf-8"))["consent_record"]
    assert record["events"][0]["event_state"] == "consent given"
    _, out, _ = house.run("consent", "list", "Benedikt Sorel", who=GRACE)
    assert len(IDS.findall(out)) == 2
    assert f"{added}  In force. Diagnosis" in out.replace("\n           ", " ") or added in out
    code, out, _ = house.run("consent", "revoke", "Benedikt Sorel", added, who=INES)
    assert out == "Taken back. From now on nothing leaves on it.\n"
    _, out, _ = house.run("consent", "list", "Benedikt Sorel", who=INES)
    assert f"{added}  Taken back on " in out
    assert house.run("consent", "revoke", "Benedikt Sorel", "0a0a0a0a", who=INES) == SILENCE
    kinds = house.kinds("Benedikt Sorel")
    assert kinds[-5:] == ["grant", "look", "look", "revocation", "look"]


def test_a_consent_that_cannot_be_read_is_not_filed(house, files):
    (files / "consent.json").write_text(json.dumps(CONSENT | {"to": ["aliens"]}), encoding="utf-8")
    code, _, err = house.run("consent", "add", "Benedikt Sorel", files / "consent.json", who=INES)
    assert (code, err.startswith("angerona: consent.to")) == (2, True)
    assert house.kinds("Benedikt Sorel")[-1] != "grant"
