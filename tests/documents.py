"""What the tests of the documents share: a page, and whether the things it names are there."""

import ast
import re
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "angerona"


def page(name):
    """The text of a page, by its path from the root."""
    return (ROOT / name).read_text("utf-8")


def sections(text, mark="##"):
    """Heading -> what stands below it, up to the next heading of the same depth."""
    parts = re.split(rf"^{mark} (.+)$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def rows(text, columns):
    """The rows of the tables in a text that have so many columns, headings and rules left out."""
    found = [
        [cell.strip() for cell in re.split(r"(?<!\\)\|", line[1:-1])]
        for line in re.findall(r"^(\|.+\|)$", text, flags=re.MULTILINE)
        if not re.match(r"\|[-|]+\|$", line)
    ]
    return [row for row in found if len(row) == columns]


def found(name):
    """The thing a dotted name under angerona stands for; raises if there is none."""
    parts = name.split(".")
    for end in range(len(parts), 0, -1):
        try:
            thing = import_module(".".join(("angerona", *parts[:end])))
        except ModuleNotFoundError:
            continue
        for part in parts[end:]:
            thing = getattr(thing, part)
        return thing
    raise ModuleNotFoundError(name)


def paths_in(text):
    """The files and folders of the repository that a page names."""
    return sorted(set(re.findall(r"`((?:tests|scripts|src|docs|bench)/[\w./-]+)`", text)))


def guards_in(text):
    """(file, test) of each test that a page names."""
    return sorted(set(re.findall(r"`(tests/[\w./]+\.py)::(\w+)`", text)))


def is_defined(path, name):
    """Whether a file defines a function, class, method or constant of this (dotted) name."""
    body = ast.parse((ROOT / path).read_text("utf-8")).body
    *outer, last = name.split(".")
    for each in outer:
        classes = [one for one in body if isinstance(one, ast.ClassDef) and one.name == each]
        if not classes:
            return False
        body = classes[0].body
    return last in {one for node in body for one in _names(node)}


def _names(node):
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [node.name]
    if isinstance(node, ast.AnnAssign):
        return [node.target.id]
    if isinstance(node, ast.Assign):
        return [one.id for one in node.targets if isinstance(one, ast.Name)]
    return []
