"""The scripts of a client's pages, in a real browser: the way off, and the check of the proof."""

import base64
import json
import os
import urllib.parse

import pytest

from angerona.ledger import verifying
from browsing import browsing

CHECKED = "#found h2, #found h3"


@pytest.fixture(scope="module")
def window(chromium, site):
    return browsing(chromium, site, "Ada")


@pytest.fixture
def fresh(chromium, site):
    """A window of its own: what is tried here ends the session."""
    found = browsing(chromium, site, "Ada")
    yield found
    found.context.close()


# The way off


def is_over(window):
    window.to("/me")
    return "/sign-in" in window.page.url


def test_a_button_leads_away_and_ends_the_session(fresh):
    fresh.to("/me/record")
    fresh.page.click("button.leave")
    fresh.has_left()
    assert fresh.page.title() == "Clouds"
    assert is_over(fresh)


def test_three_times_shift_does_the_same(fresh):
    fresh.to("/me/record")
    for _ in range(3):
        fresh.page.keyboard.press("Shift")
    fresh.has_left()
    assert is_over(fresh)


def test_two_times_shift_and_typing_do_nothing(fresh):
    fresh.to("/me/messages")
    fresh.page.focus("#text")
    for key in ("Shift", "Shift", "a", "Shift", "Shift", "b", "Shift"):
        fresh.page.keyboard.press(key)
    fresh.page.keyboard.type("I AM Here, And Now")
    assert fresh.page.url.endswith("/me/messages")
    assert fresh.page.input_value("#text") == "abI AM Here, And Now"


def test_the_page_that_was_left_is_no_more_in_the_history(fresh):
    fresh.to("/help")
    fresh.to("/me/record")
    fresh.page.click("button.leave")
    fresh.has_left()
    fresh.page.go_back()
    assert "/me/record" not in fresh.page.url


def test_the_page_is_covered_at_once(fresh):
    """In the same moment, before anything is asked of a network that may be slow."""
    fresh.to("/me/record")
    seen = "getComputedStyle(document.body).visibility"
    pressed = f"document.querySelector('button.leave').click(); return [before, {seen}]"
    told = fresh.page.evaluate(f"() => {{ const before = {seen}; {pressed} }}")
    assert told == ["visible", "hidden"]


def test_a_page_out_of_the_memory_of_the_browser_is_asked_for_again(fresh):
    fresh.to("/me/record")
    with fresh.page.expect_navigation():
        fresh.page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    assert fresh.page.evaluate("document.documentElement.className") == ""


def test_without_a_script_the_same_button_leads_away(chromium, site):
    found = browsing(chromium, site, "Ada", java_script_enabled=False)
    found.to("/me/record")
    found.page.click("button.leave")
    found.has_left()
    assert is_over(found)
    found.context.close()


def test_nothing_stays_on_the_device(fresh):
    fresh.to("/me/check")
    fresh.page.click("#check-now")
    fresh.page.wait_for_selector(CHECKED)
    assert fresh.page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]


# The check of the proof


def check(window, *, older="", key="", change=None):
    """What the page says after a check; `change` alters the proof on its way."""
    page = window.page

    def altered(route):
        answer = route.fetch()
        text = answer.text()
        route.fulfill(response=answer, body=change(text) if change else text)

    window.to("/me/check")
    page.route("**/me/receipt", altered)
    try:
        page.fill("#older", older)
        page.fill("#key", key)
        page.click("#check-now")
        page.wait_for_selector(CHECKED)
        return page.inner_text("#found")
    finally:
        page.unroute("**/me/receipt")


def receipt(window, since=""):
    window.to("/me/check")
    token = window.page.input_value("#check input[name=token]")
    once = os.urandom(16).hex()
    body = urllib.parse.urlencode({"token": token, "once": once, "since": since})
    fetched = "([body]) => fetch('/me/receipt', {method: 'POST', body, headers: {'content-type':"
    fetched += " 'application/x-www-form-urlencoded'}}).then((answer) => answer.text())"
    return window.page.evaluate(fetched, [body])


def extra_of(text):
    return json.loads(base64.b64decode(text.split("\n")[1][6:]))


def with_extra(**changes):
    """A change of the proof: some of its table replaced."""

    def change(text):
        lines = text.split("\n")
        table = extra_of(text)
        table |= {name: made(table[name]) for name, made in changes.items()}
        told = json.dumps(table, ensure_ascii=False, separators=(",", ":")).encode()
        lines[1] = f"extra {base64.b64encode(told).decode()}"
        return "\n".join(lines)

    return change


def flipped(place):
    """One bit of a base64 value turned."""

    def flip(value):
        raw = bytearray(base64.b64decode(value))
        raw[place] ^= 1
        return base64.b64encode(raw).decode()

    return flip


def without_a_line(lines):
    return lines[:-2] + lines[-1:]


def with_lines_swapped(lines):
    return [lines[1], lines[0], *lines[2:]]


def with_another_text(lines):
    first = next(number for number, line in enumerate(lines) if len(line) == 3)
    leaf, secret, body = lines[first]
    told = body.replace("Tess", "Nobody") if "Tess" in body else body + " "
    return [*lines[:first], [leaf, secret, told], *lines[first + 1 :]]


def with_another_leaf(lines):
    return [[flipped(80)(lines[0][0]), *lines[0][1:]], *lines[1:]]


def root_changed(text):
    above, gap, note = text.partition("\n\n")
    lines = note.split("\n")
    lines[2] = flipped(0)(lines[2])
    return above + gap + "\n".join(lines)


def index_changed(text):
    lines = text.split("\n")
    lines[2] = f"index {int(lines[2][6:]) - 1}"
    return "\n".join(lines)


def proof_changed(text):
    lines = text.split("\n")
    if len(lines[3]) != 44:
        pytest.skip("this tree has no path")
    lines[3] = flipped(0)(lines[3])
    return "\n".join(lines)


CHANGES = {
    "a line taken out": with_extra(lines=without_a_line),
    "two lines swapped": with_extra(lines=with_lines_swapped),
    "another text": with_extra(lines=with_another_text),
    "another leaf": with_extra(lines=with_another_leaf),
    "another label": with_extra(label=flipped(0)),
    "another state": with_extra(state=flipped(20)),
    "fewer lines by the state": with_extra(state=flipped(7)),
    "another epoch": with_extra(epoch=flipped(20)),
    "another path": with_extra(path=flipped(3)),
    "another root": root_changed,
    "another index": index_changed,
    "another proof": proof_changed,
}


def test_a_proof_that_holds_is_said_to_hold(window):
    said = check(window)
    assert "It holds" in said
    assert "None was changed" in said
    many = len(extra_of(receipt(window))["lines"])
    assert many > 5


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_proof_that_was_changed_is_found_here_as_in_the_reference(window, change):
    text = receipt(window)
    with pytest.raises(verifying.NotProved):
        verifying.verify(change(text), key=None, since=None)
    said = check(window, change=change)
    assert "It does not hold" in said


@pytest.mark.parametrize(
    "change",
    [lambda text: text[:-1], lambda text: text[5:], lambda _: "", lambda text: text + "\nmore"],
    ids=["cut at the end", "cut at the start", "nothing", "something behind"],
)
def test_what_is_no_proof_can_not_be_read(window, change):
    with pytest.raises(verifying.Unreadable):
        verifying.verify(change(receipt(window)), key=None, since=None)
    assert "This can not be read" in check(window, change=change)


def test_a_signature_of_somebody_else_is_found(window):
    def resigned(text):
        above, gap, note = text.partition("\n\n")
        lines = note.split("\n")
        at = next(number for number, line in enumerate(lines) if line.startswith("—"))
        start, _, raw = lines[at].rpartition(" ")
        lines[at] = f"{start} {flipped(10)(raw)}"
        return above + gap + "\n".join(lines)

    assert "the signature of the head is wrong" in check(window, change=resigned)


def test_what_was_kept_from_last_time_is_compared(window):
    old = receipt(window)
    note = old.partition("\n\n")[2]
    window.to("/me/who-looked")
    for kept in (note, old):
        assert "Nothing that stood there last time is gone" in check(window, older=kept)


def test_a_ledger_that_was_set_back_is_found(window):
    """What the practice hands out today is what it handed out before the newer one was kept."""
    before = receipt(window)
    window.to("/me/who-looked")
    newer = receipt(window)
    said = check(window, older=newer, change=lambda _: before)
    assert "the ledger was set back" in said


def test_an_older_proof_whose_lines_are_gone_is_found(window):
    """A head that continues the old one, and a list that does not."""
    old = receipt(window)
    assert "It does not hold" in check(window, older=with_extra(lines=without_a_line)(old))


def test_another_key_is_said_to_be_another(window):
    own = extra_of(receipt(window))["key"]
    assert "Compare it" not in check(window, key=own)
    name = own.split("+")[0]
    key_id = verifying.key_id(name, 1, bytes(32))
    other = verifying.vkey(verifying.Key(name, key_id, 1, bytes(32)))
    assert "does not carry a signature of this key" in check(window, key=other)
