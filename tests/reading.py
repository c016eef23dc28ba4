"""How hard a text is to read: its own words, sentence by sentence, and their Flesch-Kincaid grade.

What is not ours is left out: a client's record, the texts of the law, names of kinds. Tools of this
kind only help to prioritise; they find what is too long, not what is unclear.
"""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

NOT_OURS = {
    "of-the-law",
    "list-of-kinds",
    "words",
    "lines",
    "line-said",
    "digits",
    "banner",
    "what",
}
SKIPPED = {"nav", "select", "code", "script", "style", "textarea", "button", "noscript"}
BLOCKS = {"p", "li", "h1", "h2", "h3", "legend", "label", "td", "th", "summary", "div", "span"}
VOID = {"input", "br", "meta", "link", "img", "hr"}
_END = re.compile(r"(?<=[.!?:])[\u201d\u2019)]*\s+")
_WORD = re.compile(r"[A-Za-z\u2019'-]+|\d+")
_BLANK = re.compile(r"\[[^\[\]]+\]")
_BLANK_LINE = re.compile(r"\s*\[[^\[\]]+\]\s*$")
_STATEMENT = re.compile(r"\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_EXPRESSION = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_VOWELS = re.compile(r"[aeiouy]+")
_SILENT = re.compile(
    r"(?<=[^aeiouyl])e$|(?<=[aeiouy]l)e$"  # date, file; but the, table
    r"|(?<=[^aeiouylsxzcgh])e(?=s$)|(?<=[aeiouy]l)e(?=s$)|(?<=th)e(?=s$)"  # dates; but places
    r"|(?<=[^aeiouytdl])e(?=d$)|(?<=[aeiouyl]l)e(?=d$)|(?<=[aeiouy]l)e(?=d$)"  # asked; but settled
    r"|(?<=[a-z][^aeiouyl])e(?=(?:ly|ments?|ty|ness|ful|less|things?|body|ones?|where|selfs?)$)"
    r"|(?<=^som)e(?=[a-z])|(?<=^ev)e(?=ry)|(?<=els)e(?=where)|(?<=g)ue(?=s?$)|(?<=^bus)i"
)
_APART = re.compile(
    r"[aeiouy](?=ings?$)"  # be-ing
    r"|(?<=[^aeioutcsgqx])i(?=a|o(?!u))|(?<=pr)i(?=et)|(?<=[^aeioutcsgq]l)i(?=en)|(?<=p)i(?=ent)"
    r"|(?<=[aeo]y)(?=ers?$)|(?<=[^aeiougq])u(?=a)|(?<=^c)o(?=o[rp])|(?<=[nre])y(?=on)"
    r"|(?<=^cl)i(?=en)|(?<=rl)i(?=er)|(?<=^s)u(?=i)|(?<=^wh)o(?=e)|(?<=t)i(?=ality)"
)


@dataclass
class _Page(HTMLParser):
    """The blocks of text in `main` that are ours."""

    blocks: list = field(default_factory=list)
    _open: list = field(default_factory=list)
    _skipping: int = 0
    _in_main: bool = False

    def __post_init__(self):
        super().__init__()

    def handle_starttag(self, tag, attrs):
        if tag in VOID:
            return
        classes = set((dict(attrs).get("class") or "").split())
        skips = tag in SKIPPED or bool(classes & NOT_OURS)
        self._open.append((tag, skips))
        self._skipping += skips
        self._in_main = self._in_main or tag == "main"
        if tag in BLOCKS - {"span"} or classes & {"hint"}:
            self.blocks.append("")

    def handle_endtag(self, tag):
        while self._open:
            opened, skips = self._open.pop()
            self._skipping -= skips
            if opened == tag:
                break
        self._in_main = self._in_main and tag != "main"
        if tag in BLOCKS - {"span"}:
            self.blocks.append("")

    def handle_data(self, data):
        if self._in_main and not self._skipping and self.blocks:
            self.blocks[-1] += data


def sentences(html):
    """The sentences of a page, each as its words; a block ends one."""
    page = _Page()
    page.feed(html)
    found = []
    for block in page.blocks:
        parts = _END.split(" ".join(block.split()))
        found += [words for part in parts if (words := _WORD.findall(part))]
    return found


def sentences_of_letter(says):
    """The sentences of a letter's template: a line ends one, and a blank reads as one word."""
    lines = [line.lstrip("#- ") for line in says.splitlines() if not _BLANK_LINE.match(line)]
    parts = [part for line in lines for part in _END.split(_BLANK.sub("this", line))]
    return [words for part in parts if (words := _WORD.findall(part))]


def sentences_of_template(source):
    """The sentences of a page's template: its tags, its expressions and its comments left out."""
    html = _EXPRESSION.sub("this", _STATEMENT.sub(" ", source))
    return sentences(f"<main>{html}</main>")


def syllables(word):
    """How many syllables an English word has, by rules: right for 49 of 50 words that we use.

    tests/test_reading.py holds it against the CMU Pronouncing Dictionary.
    """
    if len(word) > 1 and word.isupper():  # spelt out: PDF
        return len(word)
    word = re.sub(r"[^a-z]", "", word.lower())
    many = len(_VOWELS.findall(_SILENT.sub("", word))) + len(_APART.findall(word))
    return max(many, 1)


def grade(found):
    """The Flesch-Kincaid grade of some sentences."""
    words = [word for one in found for word in one]
    each = sum(map(syllables, words)) / len(words)
    return 0.39 * len(words) / len(found) + 11.8 * each - 15.59
