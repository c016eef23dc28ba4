"""Forms of which no half is lost: saved as sealed drafts, with a script or without one.

A draft lies under the key of its form, so that of two tabs that go on with it one does the work.
A page that fills its form from `Turn.form` needs nothing more than to be wrapped here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from angerona.errors import Unknown
from angerona.practice.drafts import draft_kept, drafts_of, save_draft, throw_away
from angerona.sealed.drafts import FormDraft
from angerona.web.answers import ANSWER
from angerona.web.turn import Form, Moved, Page, read_id

if TYPE_CHECKING:
    from collections.abc import Callable

    from angerona.errors import BadInput
    from angerona.practice.drafts import SavedDraft
    from angerona.web.turn import Result, Turn

ACTS: Final = ("send", "save", "quietly", "throw")
"""What such a form can be sent for: its act, saving it, the script; throwing the draft away."""
_STAMPS: Final = frozenset({"token", "once", "act", "draft", "mark"})
"""Fields that nobody typed, new on each page."""


@dataclass(frozen=True, slots=True)
class Drafting:
    """The draft that a form goes on with (none is ""), and the others of this page."""

    draft: str
    mark: str
    saved: SavedDraft | None
    others: tuple[SavedDraft, ...]
    page: str


def with_drafts(page: Callable[[Turn], Result]) -> Callable[[Turn], Result]:
    """The page, its form filled from the draft that the address names, if it names one."""

    def shown(turn: Turn) -> Result:
        if "draft" not in turn.asked:
            return _over(turn, page(turn), None)
        draft_id = read_id(turn.asked["draft"])
        for one in _here(turn):
            if one.draft_id == draft_id and isinstance(one.draft, FormDraft):
                return _over(turn, page(replace(turn, form=Form(one.draft.fields))), one)
        raise Unknown

    return shown


def with_typed(page: Callable[[Turn, BadInput], Page]) -> Callable[[Turn, BadInput], Page]:
    """The page with what was typed and what is wrong with it, still over its draft."""

    def shown(turn: Turn, problem: BadInput) -> Page:
        return _about(page(turn, problem), _drafting(turn, turn.form.text("draft"), None))

    return shown


def saving(
    act: Callable[[Turn], Result], called: Callable[[Turn], str]
) -> Callable[[Turn], Result]:
    """What a form is sent for, which may be to save it; `called`: what its draft is called.

    Once its act is done the draft is gone; where the rules ask or refuse, it is saved.
    """

    def sent(turn: Turn) -> Result:
        form, client_id = turn.form, _client_of(turn)
        what, after = form.choice("act", ACTS, default="send"), form.text("mark")
        draft_id = read_id(form.text("draft") or form.text("once"))
        if what == "throw":
            throw_away(turn.visit, client_id, draft_id)
            return Moved(turn.path, done="thrown-away")
        typed = {name: said for name, said in form.fields.items() if name not in _STAMPS}
        draft = FormDraft(page=turn.path, heading=called(turn), fields=typed, saved=turn.at)
        if what == "send":
            result = act(turn)
            if isinstance(result, Moved) or result_stays(result):
                draft_kept(turn.visit, client_id, draft_id, draft, after=after)
            elif isinstance(result, Page) and result.template == ANSWER:
                save_draft(turn.visit, client_id, draft_id, draft, after=after)
            return result
        saved = save_draft(turn.visit, client_id, draft_id, draft, after=after)
        if what == "quietly":
            return Page("draft_saved.html", {"saved": saved})
        done = "draft-apart" if saved.is_apart else "draft"
        return Moved(f"{turn.path}?draft={saved.draft_id.hex()}", done)

    return sent


def result_stays(result: Result) -> bool:
    """Whether a page says that something was done."""
    return isinstance(result, Page) and result.stays


def _client_of(turn: Turn) -> bytes:
    """Whom the page is about, on a client's own pages too."""
    return turn.person.row.client_id or turn.id_of("client")


def _here(turn: Turn) -> list[SavedDraft]:
    """The drafts of this page, the one saved last first."""
    found = drafts_of(turn.visit, _client_of(turn))
    return [
        one for one in found if isinstance(one.draft, FormDraft) and one.draft.page == turn.path
    ]


def _drafting(turn: Turn, draft: str, saved: SavedDraft | None) -> Drafting:
    others = tuple(one for one in _here(turn) if one.draft_id.hex() != draft)
    mark = saved.mark if saved is not None else turn.form.text("mark")
    return Drafting(draft, mark, saved, others, turn.path)


def _over(turn: Turn, result: Result, saved: SavedDraft | None) -> Result:
    if not isinstance(result, Page):
        return result
    draft = saved.draft_id.hex() if saved is not None else ""
    page = _about(result, _drafting(turn, draft, saved))
    return replace(page, once=draft)


def _about(page: Page, drafting: Drafting) -> Page:
    return replace(page, says={**page.says, "drafting": drafting})
