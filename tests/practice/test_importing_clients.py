"""Lists of clients: which column says what; each once; what does not fit is rejected by line."""

import io

import pytest

from angerona.errors import BadInput
from angerona.practice.caseload import caseload
from angerona.practice.clients import NewClient, enrol_client
from angerona.practice.contact import contact_of
from angerona.practice.importing import NOT_TOLD_APART, Taken, import_clients
from angerona.practice.importing_clients import Listed, clients_of, matched, ways_written
from angerona.practice.importing_rows import Rejected, read_table
from small_practice import AT, founded

pytestmark = pytest.mark.usefixtures("quickly")


@pytest.fixture
def practice(tmp_path):
    practice = founded(tmp_path / "practice")
    yield practice
    practice.vault.store.close()


def read(text, columns=None, **more):
    table = read_table(io.BytesIO(text.encode()))
    return list(clients_of(table, columns or matched(table.columns), **more))


def who(text, **more):
    (listed,) = read(text, **more)
    assert isinstance(listed, Listed), listed
    return listed.who


def reasons(text, **more):
    return [(one.line, one.reason) for one in read(text, **more) if isinstance(one, Rejected)]


def bring(practice, text, *, by="Thea", **more):
    with practice.visit(by) as visit:
        table = read_table(io.BytesIO(text.encode()))
        listed = clients_of(table, matched(table.columns), **more)
        return list(import_clients(practice.door, visit, listed, clock=lambda: AT))


def named(practice, by="Thea"):
    with practice.visit(by) as visit:
        return sorted((one.name, one.born) for one in caseload(visit) if one.relations)


LIST = (
    "Name,Date of birth,Mobile,E-mail\nAda R.,1990-05-17,555 0101,ada@example.org\nBen,,555 0102,\n"
)


def test_columns_are_known_by_what_people_call_them():
    assert matched(
        ["Full name", "D.O.B.", "mobile phone", "E-Mail", "OK to call", "Shoe size"]
    ) == {
        "Full name": "name",
        "D.O.B.": "born",
        "mobile phone": "phone",
        "E-Mail": "mail",
        "OK to call": "may_phone",
        "Shoe size": "",
    }
    assert matched(["phone", "mobile"]) == {"phone": "phone", "mobile": ""}, "each meaning once"


def test_a_list_enrols_everybody_once(practice):
    assert bring(practice, LIST) == [
        Taken(2, kept=True, enrolled=True),
        Taken(3, kept=True, enrolled=True),
    ]
    assert named(practice) == [("Ada R.", "1990-05-17"), ("Ben", "")]
    before = practice.vault.ledger.size
    assert bring(practice, LIST) == [
        Taken(2, kept=False, enrolled=False),
        Taken(3, kept=False, enrolled=False),
    ]
    assert practice.vault.ledger.size == before, "and nothing more is written"
    lines = practice.vault.ledger.lines_of(practice_id_of(practice, "Ada R."))
    assert [one.body["what"] for one in lines] == ["record opened"]


def practice_id_of(practice, name):
    with practice.visit("Thea") as visit:
        return next(one.client_id for one in caseload(visit) if one.name == name)


def test_how_to_reach_somebody_comes_with_the_record(practice):
    bring(
        practice,
        "first name;last name;phone;may call;may text;never;code word\n"
        "Ada;Invented;555 0101;no;Yes;the old number;heron\n"
        "Ben;Invented;555 0102;;;;\n",
    )
    with practice.visit("Thea") as visit:
        ada = contact_of(visit, practice_id_of(practice, "Ada Invented"))
        ben = contact_of(visit, practice_id_of(practice, "Ben Invented"))
    assert ada.address("phone") == "555 0101"
    assert (ada.way("phone").allowed, ada.way("text").allowed) == (False, True)
    assert not ada.way("mail").allowed, "what was not said is no"
    assert (ada.never, ada.code_word) == ("the old number", "heron")
    assert not ben.is_said, "nothing was said, so only ask, in person"


def test_a_row_that_does_not_fit_is_rejected_by_its_line_and_no_other():
    assert reasons(
        "name,born,may call\n"
        ",1990-05-17,\n"
        "Ada,17 May 1990,\n"
        "Ben,1990-02-30,\n"
        "Cora,,perhaps\n"
        "Dora,,yes\n"
        "Eve,1890-01-01,\n"
        "Fay\n"
    ) == [
        (2, "name is empty"),
        (3, "date of birth is not written as in 1990-05-17"),
        (4, "date of birth is not written as in 1990-05-17"),
        (5, "“May be called (yes or no)” is neither yes nor no"),
        (7, "date of birth is not written as in 1990-05-17"),
        (8, "1 fields where there are 3 columns"),
    ]


@pytest.mark.parametrize(
    "rows",
    ["Ada,1990-05-17\nADA,1990-05-17\n", "Ada,\nAda,1990-05-17\n", "Ada,1990-05-17\nAda,\n"],
    ids=["the same day", "one without a day first", "one without a day last"],
)
def test_two_rows_that_may_be_one_person_are_not_made_two(rows):
    assert reasons(f"name,born\n{rows}") == [
        (3, "cannot be told apart from line 2; give days of birth")
    ]


def test_two_people_of_one_name_are_two(practice):
    text = "name,born\nAda,1990-05-17\nAda,1991-05-17\n"
    for _ in range(2):
        bring(practice, text)
        assert named(practice) == [("Ada", "1990-05-17"), ("Ada", "1991-05-17")]


def test_who_is_here_without_a_day_of_birth_is_not_guessed_at(practice):
    practice.client("Ada")
    assert bring(practice, "name,born\nAda,1990-05-17\n") == [Rejected(2, NOT_TOLD_APART)]
    assert bring(practice, "name\nada\n") == [Taken(2, kept=False, enrolled=False)]
    assert named(practice) == [("Ada", "")]


def test_a_row_without_a_day_fits_the_only_one_of_its_name(practice):
    bring(practice, LIST)
    assert bring(practice, "name\nADA R.\n") == [Taken(2, kept=False, enrolled=False)]


def test_a_row_without_a_day_that_fits_several_is_rejected(practice):
    bring(practice, "name,born\nAda,1990-05-17\nAda,1991-05-17\n")
    assert bring(practice, "name\nAda\n") == [Rejected(2, NOT_TOLD_APART)]


def test_a_colleagues_client_of_the_same_name_is_another(practice):
    practice.enrol("Tom", roles=("psychologist",))
    with practice.visit("Tom") as visit:
        enrol_client(visit, NewClient(name="Ada"), treating=practice.people["Tom"])
    assert bring(practice, "name\nAda\n") == [Taken(2, kept=True, enrolled=True)]


def test_who_treats_nobody_enrols_nobody(practice):
    practice.enrol("Fay", roles=(), posts=("front_desk",))
    with pytest.raises(BadInput, match="nobody who treats"):
        bring(practice, LIST, by="Fay")


@pytest.mark.parametrize(
    ("columns", "wrong"),
    [
        ({"name": "name"}, "column 2: would be lost"),
        ({"name": "name", "fax": "beard"}, "column 2: is placed nowhere"),
        ({"name": "name", "fax": "name"}, "two of them say “Name”"),
        ({"name": "", "fax": "phone"}, "none of them says a name"),
        ({"name": "name", "fax": "last"}, "two of them say a name"),
    ],
)
def test_a_column_is_never_dropped_unasked(columns, wrong):
    with pytest.raises(BadInput, match=wrong):
        read("name,fax\nAda,555\n", columns)
    assert who("name,fax\nAda,555\n", columns={"name": "name", "fax": ""}).contact == {}


def test_what_is_no_list_is_refused_whole():
    with pytest.raises(BadInput, match="no list"):
        read('{"name": "Ada"}\n')
    with pytest.raises(BadInput, match="not UTF-8"):
        read_table(io.BytesIO("name\nAda\n".encode("utf-16")))


def test_days_of_birth_are_read_as_they_are_written():
    assert who("name,born\nAda,17.05.1990\n", dates="dmy").contact == {"born": "1990-05-17"}
    assert who("name,born\nAda,5/7/1990\n", dates="mdy").contact == {"born": "1990-05-07"}
    assert reasons("name,born\nAda,05/17/1990\n", dates="dmy")
    assert reasons("name,born\nAda,5/7/90\n", dates="mdy"), "a year of two digits says no century"
    with pytest.raises(BadInput, match="none of the ways"):
        read("name\nAda\n", dates="ydm")


def test_how_days_may_be_written_is_found_out():
    assert ways_written(["1990-05-17", ""]) == ("ymd",)
    assert ways_written(["05/06/1990"]) == ("dmy", "mdy"), "somebody must say which"
    assert ways_written(["05/06/1990", "17/05/1990"]) == ("dmy",)
    assert ways_written(["05/06/1990", "17/05/1990", "May"]) == ("dmy",), "most of them"
    assert ways_written(["May 1990", ""]) == ()
