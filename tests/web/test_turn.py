"""Which faces a person has."""

from types import SimpleNamespace

import pytest

from angerona.web.turn import ANYBODY, MEMBER, faces_of


def person(*roles, posts=(), client_id=None):
    return SimpleNamespace(row=SimpleNamespace(roles=roles, posts=posts, client_id=client_id))


@pytest.mark.parametrize(
    ("who", "faces"),
    [
        (person("psychologist"), {"clinic"}),
        (person("unlicensed"), {"clinic"}),
        (person("unlicensed", posts=("front_desk",)), {"desk"}),
        (person("unlicensed", posts=("biller",)), {"desk"}),
        (person("psychologist", posts=("front_desk",)), {"clinic", "desk"}),
        (person(posts=("on_call",)), {"clinic"}),
        (person(posts=("privacy_officer",)), {"officer"}),
        (person(), set()),
    ],
)
def test_roles_and_posts_give_the_faces(who, faces):
    assert faces_of(who) == {ANYBODY, MEMBER, *faces}


def test_a_client_has_the_face_of_a_client_and_no_other():
    assert faces_of(person("client", posts=("front_desk",), client_id=bytes(16))) == {
        ANYBODY,
        "client",
    }
