"""The doors that move keys: ties, key holders, posts taken away, a successor (doors.py)."""

import datetime

from angerona.errors import SignedOut
from angerona.practice import openings
from angerona.practice.leaving import end_membership, left_alone, shut_out
from angerona.practice.members import NewMember
from angerona.practice.posts import take_post
from angerona.practice.seats import NewSeats, change_seats, share_out_anew
from angerona.practice.succession import succeed
from angerona.practice.ties import begin_tie, end_tie, share_notes, turn_keys
from angerona.practice.turning import records_owed, turn_owed
from small_practice import AT

DAY = datetime.timedelta(days=1)


def ties(desk):
    """Colleagues come and go, notes are shared, keys turn."""
    ada, sue = desk.clients["Ada"], desk.person("Sue")
    with desk.visit("Tess") as visit:
        tie_id = begin_tie(visit, ada, sue, "supervisor", until=AT + DAY)
        share_notes(visit, ada, tie_id)
        turn_keys(visit, ada)
    desk.practice.look("Sue", ada, purpose="supervision", reason=desk.typed("supervising"))
    with desk.visit("Sue") as visit:
        end_tie(visit, ada, tie_id)
    assert records_owed(desk.vault, AT).turn == 1
    with desk.visit("Tess") as visit:
        assert turn_owed(visit) == 1


def quorum(desk):
    """The officer has the key holders open a record; request and shares travel as files."""
    with desk.visit("Olaf") as visit:
        request = openings.state_request(
            visit,
            desk.clients["Ada"],
            ["risk", "progress"],
            limit="court",
            reason=desk.typed("order"),
            expires=AT + DAY,
        )
        file = openings.request_file(desk.vault, request)
        (desk.folder / "request").write_bytes(file)
        request = openings.read_request(desk.vault, file)
        given = []
        for paper in desk.practice.papers[:2]:
            desk.words.secret(f"secret of seat {paper.number}", paper.secret)
            one = openings.contribute(desk.vault, request, paper.secret, AT)
            file = openings.contribution_file(one)
            (desk.folder / f"contribution-{paper.number}").write_bytes(file)
            given.append(openings.read_contribution(file))
        openings.open_record(visit, request, given)


def partings(desk):
    """Somebody loses a post, hands clients over and leaves; seats change; another is shut out."""
    vault, tess, sue = desk.vault, desk.person("Tess"), desk.person("Sue")
    with desk.visit("Tess") as visit:
        keys = visit.unlocked.keys
    with desk.visit("Thea") as visit:
        take_post(visit, tess, "on_call")
    with desk.refused(SignedOut), desk.visit("Tess"):
        pass
    with vault.visit(vault.agent.open(vault.practice_id, tess, keys, AT), AT) as visit:
        given = dict.fromkeys(left_alone(visit, tess), sue)
        end_membership(visit, tess, clients=given, posts={})
    with desk.visit("Sue") as visit:
        assert turn_owed(visit) == len(given)
    with desk.visit("Olaf") as visit:
        secrets = [paper.secret for paper in desk.practice.papers[:2]]
        new = NewSeats(removed=(3,), added=(desk.typed("newseat"),), quorum=2)
        [paper] = change_seats(visit, secrets, new)
        desk.words.secret("secret of the new seat", paper.secret)
        assert share_out_anew(visit, secrets).left == 0
    with desk.visit("Thea") as visit:
        shut_out(visit, sue, posts={})
    for name in ("Tess", "Sue"):
        del desk.practice.cookies[name]


def successor(desk):
    """Nobody can sign in any more, and the key holders sit down together."""
    who = NewMember(name=desk.typed("successor"), roles=("psychologist",), posts=())
    password = desk.words.secret("password of the successor", desk.typed("password"))
    papers = [paper.secret for paper in desk.practice.papers[:2]]
    made = succeed(desk.vault, papers, who, password, AT)
    desk.words.secret("recovery code of the successor", made.recovery_code)
