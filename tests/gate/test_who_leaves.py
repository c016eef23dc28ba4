"""Who can read what while people leave and keys turn: the same model, and nobody comes back.

What the model of test_who_can_read.py promises must hold whoever leaves in between, hands clients
over, or has keys turned; and at the end every row beside the ledger is as it should be.
"""

import hypothesis.strategies as st
from hypothesis import settings
from hypothesis.stateful import rule

from angerona.errors import BadInput, NotPermitted
from angerona.practice.leaving import end_membership, left_alone
from angerona.practice.ties import begin_tie
from angerona.practice.turning import turn_owed
from angerona.sealed.checking import check_rows
from gate.test_who_can_read import CLIENTS, CLINICIANS, Model, Practice, Tie

clinicians = st.sampled_from(CLINICIANS)


class ModelOfLeaving(Model):
    """The same promises, and one more: whoever left is given nothing."""

    def __init__(self):
        super().__init__()
        self.left = set()

    def gives(self, by, person, client, relation):
        return person not in self.left and super().gives(by, person, client, relation)

    def alone(self, person):
        """The clients whom this person treats and nobody else does."""

        def treats(one, client):
            return "treating" in self.relations(one, client)

        others = [one for one in CLINICIANS if one != person]
        return {
            client
            for client in CLIENTS
            if treats(person, client) and not any(treats(one, client) for one in others)
        }


class PracticeWithLeavers(Practice):
    """The practice, whose clinicians leave one after the other until one is left."""

    def open(self):
        if not isinstance(self.model, ModelOfLeaving):
            self.model = ModelOfLeaving()
        super().open()

    @rule(person=clinicians)
    def come_in(self, person):
        """Whoever comes in turns what is owed; nobody reads more or less for it."""
        with self.visit(person) as visit:
            turn_owed(visit)

    @rule(person=clinicians, successor=clinicians)
    def leave(self, person, successor):
        model, people = self.model, self.practice.people
        stay = [one for one in CLINICIANS if one not in {*model.left, person}]
        if person in model.left or successor not in stay:
            return
        alone = model.alone(person)
        may = not any(model.outlasts(person, client, None) for client in alone)
        with self.visit(person) as visit:
            found = left_alone(visit, people[person])
            names = {client_id: name for name, client_id in self.clients.items()}
            assert {names[one] for one in found if one in names} == alone
            given = dict.fromkeys(found, people[successor])
            try:
                end_membership(visit, people[person], clients=given, posts={})
            except BadInput:
                assert not may
                return
        assert may
        self.has_left(person, successor, alone)

    def has_left(self, person, successor, handed_over):
        model, vault = self.model, self.practice.vault
        model.left.add(person)
        for tie in model.ties:
            if tie.person == person and tie.holds(model.now):
                tie.until = model.now
        known = {one.id for one in model.ties}
        for client in handed_over:
            ties = vault.authority(self.clients[client]).ties.items()
            [new] = [one for one, tie in ties if one not in known and tie.until is None]
            model.ties.append(Tie(successor, client, "treating", None, new))
            model.have_treated.add((successor, client))
        self.practice.open(person, model.now)
        for client in CLIENTS:
            self.look(person, client)
            self.look(successor, client)
            self.nothing_is_given_to(person, client)

    def nothing_is_given_to(self, person, client):
        by = self.treating(client)
        if by is None:
            return
        with self.visit(by) as visit:
            try:
                begin_tie(
                    visit,
                    self.clients[client],
                    self.practice.people[person],
                    "covering",
                    until=None,
                )
            except NotPermitted:
                return
        raise AssertionError("somebody who left was given a tie")

    def teardown(self):
        if hasattr(self, "practice"):
            assert check_rows(self.practice.vault, self.model.now) == []
        super().teardown()


TestWhoLeaves = PracticeWithLeavers.TestCase
TestWhoLeaves.settings = settings(max_examples=10, stateful_step_count=15, deadline=None)
