"""Walking through the pages as people do: clicks counted, papers in hand, and what left at the end.

A walk begins where somebody is after signing in, and goes on by what stands on the page alone.
"""

import contextlib
import shutil
import subprocess

from angerona.practice.own_choices import ITEMS, choose_shown, read_about_staying_unseen
from angerona.practice.portal import give_way_in
from angerona.sealed.held_lines import all_waiting
from angerona.sealed.kept_packets import all_rows
from browsing import browsing
from prepared_practice import quick_passwords
from running_site import PASSWORD, over, settle
from small_practice import AT, founded

LEAVES = frozenset({"disclosure", "handed_over"})
"""The kinds of lines that something left by; what was told by word of mouth says how, besides."""
QUESTION = "form.decides:has(input[name=fact])"


class Walk:
    """Somebody's window, in which each click is counted: links, choices and buttons."""

    def __init__(self, window):
        self.window, self.page, self.clicks = window, window.page, 0

    @property
    def text(self):
        return self.page.inner_text("main")

    @property
    def said(self):
        """What the page says of what was just done."""
        return self.page.inner_text("[role=status]")

    def on(self, *selectors):
        """Click on what leads on, and on what then stands there."""
        for one in selectors:
            self.clicks += 1
            self.window.follow(one)

    def menu(self, says):
        """A link at the top, which can stand behind a word or two that open."""
        self._behind("nav[aria-label=Pages]", says)

    def tab(self, says):
        """A link to another page of the same client, which stands behind a word on a phone."""
        self._behind("nav.tabs", says)

    def opens(self, summary):
        """Open what is folded."""
        self.clicks += 1
        self.page.click(f"summary:has-text('{summary}')")

    def _behind(self, nav, says):
        link = f"{nav} a:text-is('{says}')"
        for one in self.page.locator(f"{nav} details:has(a:text-is('{says}')) > summary").all():
            if not self.page.locator(link).is_visible() and one.is_visible():
                self.clicks += 1
                one.click()
        self.on(link)

    def tick(self, *selectors):
        for one in selectors:
            self.clicks += 1
            self.page.check(one)

    def fills(self, **fields):
        """Type into fields and choose from lists, by their names; neither is a click."""
        for name, value in fields.items():
            field = self.page.locator(f"#{name}")
            if field.evaluate("one => one.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)

    def takes(self, selector):
        """Click on what sends a file: its bytes."""
        self.clicks += 1
        with self.page.expect_download() as taken:
            self.page.click(selector)
        return taken.value.path().read_bytes()

    def reads(self, selector):
        """The words of the PDF that a click sends."""
        return pdf_text(self.takes(selector))

    def answers(self, facts):
        """Answer what decides next, for as long as something does; what was asked, in order.

        `facts`: the answers by their facts, `yes`, `no` or a word; of the rest nobody knows.
        """
        asked = []
        while (form := self.page.locator(QUESTION)).count():
            asked.append(form.locator("[name=fact]").get_attribute("value"))
            assert len(asked) == len(set(asked)), f"asked twice: {asked}"
            self.on(f"{QUESTION} button[value='{facts.get(asked[-1], 'unknown')}']")
        return asked

    def refuses(self, title, answer="refused"):
        """Nothing leaves but a letter: its words. By it the request is settled."""
        self.on(f"main a:text-is('{title}')")
        words = self._letter()
        self.fills(answer=answer, how="by post")
        self.on("button:text-is('Settle it')")
        assert self.said == "It is answered, and settled."
        return words

    def _letter(self):
        """Fill what a letter leaves open, and set it: its words."""
        for one in self.page.locator("[name^='blank:']").all():
            one.fill("as agreed")
        if self.page.locator("button:text-is('Fill it in')").count():
            self.on("button:text-is('Fill it in')")
        return self.reads("button:text-is('Make the PDF')")


def pdf_text(data):
    """The words of a PDF, without regard to where its lines break."""
    assert data.startswith(b"%PDF-")
    program = shutil.which("pdftotext")
    assert program, "needs pdftotext (poppler-utils)"
    done = subprocess.run([program, "-", "-"], input=data, capture_output=True, check=True)
    return " ".join(done.stdout.decode().split())


@contextlib.contextmanager
def place(folder, packs, *, is_solo=False):
    """A practice that these packs bind, with its site.

    Thea holds every post; unless she is alone there, Tess treats, and Fay has the front desk.
    """
    with quick_passwords():
        practice = founded(folder, packs=packs)
        if not is_solo:
            practice.enrol("Tess", roles=("psychologist",))
            practice.enrol("Fay", posts=("front_desk",))
        try:
            with over(practice) as site:
                yield site
        finally:
            practice.vault.store.close()


def comes(site, name, *, treating="Tess", **facts):
    """A client whose own pages show all there is; the id (16 bytes)."""
    practice = site.practice
    given = {"client.age": 34, **{one.replace("__", "."): said for one, said in facts.items()}}
    client_id = practice.client(name, treating=treating, facts=given)
    with practice.visit(treating) as visit:
        practice.people[name] = give_way_in(visit, client_id, name, PASSWORD).person_id
        settle(visit, practice.door.packs, client_id)
    practice.sign_in(name)
    with practice.visit(name) as visit:
        read_about_staying_unseen(visit)
        choose_shown(visit, ITEMS)
    return client_id


def walks(chromium, site, name, start="/", **more):
    """Somebody who has signed in, where that leads."""
    window = browsing(chromium, site, name, accept_downloads=True, **more)
    size = window.page.viewport_size
    assert window.to(start) == 200
    window.page.set_viewport_size(size)
    return Walk(window)


def left(site, client_id):
    """The lines by which something left, also where the client is not told yet."""
    vault = site.practice.vault
    lines = [*vault.ledger.lines_of(client_id), *vault.ledger.lines_of(vault.practice_id)]
    return [one for one in lines if one.kind in LEAVES or {"announced", "how"} <= one.body.keys()]


def nothing_left(site, client_id):
    """No line says that something left, no packet is kept, and no mail waits to be sent."""
    vault = site.practice.vault
    assert left(site, client_id) == []
    with vault.store.snapshot() as reading:
        assert client_id not in {row.client_id for *_, row in all_rows(vault, reading)}
        held = {one.message_id for one in all_waiting(vault, reading)}
        there = {
            message_id
            for message_id, _ in reading.rows("outbox.all", practice_id=vault.practice_id)
        }
    assert there == held, "but what the client's own list does not say yet"


def own_list(chromium, site, name):
    """What the client reads under "Who looked"."""
    walk = walks(chromium, site, name)
    walk.menu("Who looked")
    words = walk.text
    walk.window.context.close()
    return words


__all__ = ["AT", "Walk", "comes", "left", "nothing_left", "own_list", "pdf_text", "place", "walks"]
