"""A subpoena that no judge signed opens nothing in three states; nor does an officer's paper."""

import html
import re

import pytest

from driven import MORNING, practice_of
from paper_forms import SEEN, SUBPOENA

NEEDLE = "a needle that nobody else wrote"


@pytest.mark.parametrize("state", ["us-ca", "us-ny", "us-nc"])
def test_a_lawyer_s_subpoena_without_an_order_is_objected_to_and_nothing_leaves(state, tmp_path):
    with practice_of(("house", "us-hipaa", state), tmp_path / "practice") as site:
        practice = site.practice
        client_id = practice.client("Ada Invented", treating="Tess")
        practice.keep("Tess", client_id, "diagnosis", NEEDLE)
        tess = site.in_session("Tess")
        tess.get("/requests/new")
        received = {"received": MORNING.strftime("%Y-%m-%dT%H:%M"), "wants": ["diagnosis"]}
        fields = {**SUBPOENA, **received, "client": client_id.hex()}
        path = tess.post("/requests/new", fields).to.partition("?")[0]
        assert tess.post(f"{path}/paper", {**SEEN, "title": "subpoena", "signer": "attorney"})
        read = {"names": ["diagnosis"], "to": "opposing_attorney"}
        assert tess.post(f"{path}/paper/read", read).status == 303
        page = html.unescape(tess.get(path).text)
        assert "Choose what goes" not in page
        assert "Refusing is not ignoring" in page
        letters = re.findall(rf'href="({path}/letters/[^"]+)"', page)
        kinds = {one.rpartition("/")[2].partition(".")[0] for one in letters}
        assert {"objection", "quash_sheet"} <= kinds
        about = f"/matters/{path.rpartition('/')[2]}"
        entries = [one.entry_id.hex() for one in practice.vault.places(client_id)]
        got = [
            tess.post(f"{about}/choose", {"entry": entries}),
            tess.get(f"{about}/leaves"),
            tess.post(f"{about}/leaves", {"seen": "0" * 64, "how": "by post", "form": "json"}),
        ]
        assert not any(NEEDLE in html.unescape(one.text) for one in (*got, tess.get(path)))
        assert tess.post(f"{path}/end", {"answer": "objected", "how": "by post"}).status == 303
        kinds_of_lines = [one.kind for one in practice.vault.ledger.lines_of(client_id)]
        assert not {"disclosure", "handed_over"}.intersection(kinds_of_lines)


@pytest.mark.parametrize("title", ["warrant", "demand"])
def test_an_immigration_officer_s_own_paper_opens_nothing(title, tmp_path):
    with practice_of(("house", "us-hipaa", "us-ca"), tmp_path / "practice") as site:
        practice = site.practice
        client_id = practice.client("Ada Invented", treating="Tess")
        practice.keep("Tess", client_id, "diagnosis", NEEDLE)
        tess = site.in_session("Tess")
        assert "neither confirm nor deny" in tess.get("/at-the-door").text
        tess.get("/requests/new")
        received = {"received": MORNING.strftime("%Y-%m-%dT%H:%M"), "wants": ["diagnosis"]}
        asked = {"to": "immigration", "purpose": "immigration", "client": client_id.hex()}
        path = tess.post("/requests/new", {**SUBPOENA, **received, **asked}).to.partition("?")[0]
        seen = {"title": title, "signer": "officer", "names_court": "no", "commands": "enter"}
        assert tess.post(f"{path}/paper", seen).status == 303
        read = {"names": ["diagnosis"], "to": "immigration"}
        assert tess.post(f"{path}/paper/read", read).status == 303
        page = html.unescape(tess.get(path).text)
        assert "Choose what goes" not in page
        about = f"/matters/{path.rpartition('/')[2]}"
        assert NEEDLE not in tess.get(f"{about}/leaves").text
        kinds_of_lines = [one.kind for one in practice.vault.ledger.lines_of(client_id)]
        assert not {"disclosure", "handed_over"}.intersection(kinds_of_lines)
