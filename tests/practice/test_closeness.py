"""Who is close to whom is noted by those who may, and by nobody else."""

import pytest

from angerona.errors import BadInput, NotPermitted, Unknown
from angerona.practice.closeness import note_close, say_close, shares_name
from angerona.practice.who_looked import in_words
from angerona.sealed.checking import check_rows
from owed_duties import copy, last, practice
from prepared_practice import AT

__all__ = ["copy", "practice"]


def test_one_says_of_oneself_who_is_close_and_of_colleagues_alone(practice):
    sue, tess = practice.people["Sue"], practice.people["Tess"]
    with practice.visit("Sue") as visit:
        say_close(visit, [tess])
        assert visit.person.row.close_to == (tess,)
        for whom in (bytes(16), sue):
            with pytest.raises(BadInput, match="works here"):
                say_close(visit, [whom])
        say_close(visit, [])
        assert visit.person.row.close_to == ()


@pytest.mark.parametrize(
    ("words", "shares"),
    [("Ida FIELD", True), ("Dr Field, the county court", True), ("Ida Fields", False)],
)
def test_a_family_name_is_found_among_words(practice, words, shares):
    practice.enrol("Rosa Field")
    assert shares_name(practice.vault.person(practice.people["Rosa Field"]), words) == shares


def test_of_a_client_it_is_noted_by_whoever_treats_and_stands_in_the_list(practice, copy):
    ada, nina = copy.clients["Ada"], practice.people["Nina"]
    for name, problem in (("Sue", NotPermitted), ("Stan", Unknown)):
        with practice.visit(name) as visit, pytest.raises(problem):
            note_close(visit, ada, [nina])
    with practice.visit("Tess") as visit:
        note_close(visit, ada, [nina])
    assert practice.vault.authority(ada).client.close_to == {nina: practice.people["Tess"]}
    [said] = in_words([last(practice, ada)], AT.tzinfo)
    assert "noted which members are close to the client" in said.sentence
    assert check_rows(practice.vault, AT) == []
