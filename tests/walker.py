"""Somebody who walks through the pages and counts each click: links, choices, buttons, headings.

Only what stands on the page can be clicked; what lies behind a heading that opens costs its click.
"""

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"input", "link", "meta", "br", "img", "hr"}


@dataclass
class Field:
    name: str
    kind: str
    value: str
    is_set: bool
    hidden_in: int


@dataclass
class FormShown:
    action: str
    hidden_in: int
    fields: list = field(default_factory=list)
    buttons: list = field(default_factory=list)


class Reader(HTMLParser):
    """The links and forms of a page, and behind how many closed headings each lies.

    A menu is open, but for a narrow window."""

    def __init__(self, text):
        super().__init__()
        self.links, self.forms, self.open, self.at = {}, [], [], None
        self.feed(text)

    @property
    def depth(self):
        return sum(self.open)

    def handle_starttag(self, tag, attrs):
        has = dict(attrs)
        if tag not in VOID:
            self.open.append(tag == "details" and "open" not in has and has.get("class") != "menu")
        if tag == "a" and "href" in has:
            self.links.setdefault(has["href"], self.depth)
        elif tag == "form":
            self.at = FormShown(has.get("action", ""), self.depth)
            self.forms.append(self.at)
        elif self.at is not None and tag in {"input", "textarea", "select"}:
            kind = has.get("type", "text") if tag == "input" else tag
            given = Field(
                has.get("name", ""), kind, has.get("value", "on"), "checked" in has, self.depth
            )
            self.at.fields.append(given)
        elif self.at is not None and tag == "button":
            self.at.buttons.append((has.get("name", ""), has.get("value", "")))

    def handle_endtag(self, tag):
        if tag == "form":
            self.at = None
        if tag not in VOID and self.open:
            self.open.pop()


@dataclass
class Walker:
    """A visitor at a page, with the clicks so far."""

    visitor: object
    path: str
    clicks: int = 0
    page: object = None

    def __post_init__(self):
        self.page = self.visitor.get(self.path)
        assert self.page.status == 200, self.page.text

    @property
    def shown(self):
        return Reader(self.page.text)

    def follow(self, path):
        """Click on a link of this page."""
        depth = self.shown.links[path]
        self.clicks += 1 + depth
        self._at(path)

    def choices(self):
        """What can be chosen on this page outside of closed headings, by name."""
        return {
            one.name
            for form in self.shown.forms
            for one in form.fields
            if one.kind in {"radio", "text", "checkbox"} and not one.hidden_in
        }

    def send(self, having, given):
        """Fill and send the form that has all these fields: each choice and the button a click."""
        wanted = {*having, *given}
        forms = [
            one
            for one in self.shown.forms
            if wanted <= {f.name for f in one.fields} | {name for name, _ in one.buttons}
        ]
        assert forms, (wanted, self.page.text.partition("<main")[2])
        form = forms[0]
        fields = {
            one.name: one.value
            for one in form.fields
            if one.kind == "hidden" and one.name not in {"token", "once"}
        }
        for one in form.fields:
            if one.kind == "checkbox" and one.is_set:
                fields.setdefault(one.name, [])
                fields[one.name] = [*fields[one.name], one.value]
        by_name = {one.name: one for one in form.fields}
        opened = {by_name[name].hidden_in for name in given if name in by_name} - {0}
        buttons = {name for name, _ in form.buttons}
        self.clicks += len(opened) + 1 + sum(name not in buttons for name in given)
        sent = self.visitor.post(form.action or self.path, {**fields, **given})
        if sent.status == 303:
            self._at(sent.to)
        return sent

    def _at(self, path):
        self.path = path.partition("?")[0]
        self.page = self.visitor.get(path)
        assert self.page.status == 200, (path, self.page.status)
