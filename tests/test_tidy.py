"""The house rules that no linter knows, each shown able to go red."""

import ast
import io
import os
import re
import shutil
import socket
import subprocess
import sys
import tokenize
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import pytest
import pytest_socket

ROOT = Path(__file__).resolve().parent.parent

FUNCTION_LINES_MAX = 60
MODULE_LINES_MAX = 500
FILE_BYTES_MAX = 2_000_000
LONGER = {
    # A client runs this one file alone, so its parts cannot be its neighbours.
    "src/angerona/ledger/verifying.py": 620,
}

SUPPRESSION = re.compile(
    r"#\s*(?:"
    r"(?:ruff:\s*)?noqa(?::\s*[A-Z]+[0-9]+(?:[,\s]+[A-Z]+[0-9]+)*)?"
    r"|type:\s*ignore(?:\[[\w, -]*\])?"
    r"|pragma:\s*no\s*\w+"
    r"|fmt:\s*(?:off|skip)"
    r")"
)
REASON = re.compile(r"(?:#|--)\s*\w+\W+\w+")
# The brackets keep this file from finding itself. A path inside a web address is no machine path.
MACHINE_PATH = re.compile(r"(?<![\w.~%-])/(?:wor[k]|roo[t]|hom[e])/")
REGISTRY_HOST = re.compile(
    r"pypi[.]org|pythonhoste[d]|npmj[s][.](?:org|com)|deb[.]debia[n]", re.IGNORECASE
)
JUNK_DRAWER = re.compile(r"(?:^|_)(?:utils?|common|helpers?|misc)$")


@dataclass(frozen=True)
class Rule:
    """One house rule: which files it reads, and what it complains about in a file's text."""

    reads: object
    complaints: object


def long_functions(_path, text):
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = node.end_lineno - node.lineno + 1
            if lines > FUNCTION_LINES_MAX:
                yield f"{node.lineno}: {node.name} has {lines} lines"


def long_modules(path, text):
    lines = len(text.splitlines())
    if lines > LONGER.get(path, MODULE_LINES_MAX):
        yield f"1: {lines} lines"


def assert_guards(_path, text):
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Assert):
            yield f"{node.lineno}: `python -O` strips an assert; raise instead"


def bare_suppressions(_path, text):
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT and SUPPRESSION.search(token.string):
            rest = SUPPRESSION.sub("", token.string)
            if not REASON.search(rest):
                yield f"{token.start[0]}: a suppression without a reason: {token.string}"


def foreign_permits(_path, text):
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call):
            named = getattr(node.func, "id", getattr(node.func, "attr", None))
            if named == "Permit":
                yield f"{node.lineno}: only rules/decide.py makes a Permit"
        elif isinstance(node, ast.alias) and node.name == "Permit" and node.asname:
            yield f"{node.lineno}: a Permit keeps its name, so that its making can be seen"


def junk_drawers(path, _text):
    for part in PurePosixPath(path).parts:
        if JUNK_DRAWER.search(part.removesuffix(".py")):
            yield f"1: {part} says nothing; name it after what it does"


def machine_paths(_path, text):
    return _matches(MACHINE_PATH, text, "a path of one machine")


def registry_hosts(_path, text):
    return _matches(REGISTRY_HOST, text, "the host name of a package registry")


def _matches(pattern, text, what):
    for number, line in enumerate(text.splitlines(), 1):
        if pattern.search(line):
            yield f"{number}: {what}"


def _any_file(_path):
    return True


def _python(path):
    return path.endswith(".py")


def _source(path):
    return _python(path) and path.startswith("src/")


def _not_a_table(path):
    """The specification is written as tables, one file per pack, however long."""
    return _python(path) and not path.startswith("tests/spec/")


def _not_the_decision(path):
    return _source(path) and path != "src/angerona/rules/decide.py"


RULES = {
    "functions stay short": Rule(_python, long_functions),
    "modules stay short": Rule(_not_a_table, long_modules),
    "no assert guards anything": Rule(_source, assert_guards),
    "every suppression has a reason": Rule(_python, bare_suppressions),
    "only the decision makes a Permit": Rule(_not_the_decision, foreign_permits),
    "no junk drawers": Rule(_python, junk_drawers),
    "no paths of one machine": Rule(_any_file, machine_paths),
    "no registry hosts": Rule(_any_file, registry_hosts),
}

LONG = "\n".join(["def f():", *["    pass"] * 60])

BAD = [
    ("functions stay short", "src/a.py", LONG),
    ("functions stay short", "src/a.py", LONG.replace("def", "async def")),
    ("modules stay short", "src/a.py", "\n" * 501),
    ("modules stay short", "src/angerona/ledger/verifying.py", "\n" * 621),
    ("no assert guards anything", "src/a.py", "if x:\n    assert y"),
    ("every suppression has a reason", "src/a.py", "x = 1  # noqa"),
    ("every suppression has a reason", "src/a.py", "x = 1  # noqa: S101, S102"),
    ("every suppression has a reason", "src/a.py", "# ruff: noqa: S101"),
    ("every suppression has a reason", "src/a.py", "x = 1  # type: ignore[misc]"),
    ("every suppression has a reason", "src/a.py", "x = 1  # type: ignore[misc]  # noqa: S1"),
    ("every suppression has a reason", "src/a.py", "x = 1  # pragma: no cover"),
    ("every suppression has a reason", "src/a.py", "x = 1  # fmt: skip"),
    ("only the decision makes a Permit", "src/a.py", "x = Permit(classes)"),
    ("only the decision makes a Permit", "src/a.py", "x = answer.Permit(classes)"),
    ("only the decision makes a Permit", "src/a.py", "from b import Permit as Pass"),
    ("no junk drawers", "src/angerona/utils.py", ""),
    ("no junk drawers", "src/angerona/helpers/names.py", ""),
    ("no junk drawers", "src/angerona/date_utils.py", ""),
    ("no paths of one machine", "a.toml", "see /wor" + "k/main"),
    ("no paths of one machine", "a.toml", "file:///hom" + "e/me"),
    ("no registry hosts", "a.txt", "https://PyPI" + ".org/simple"),
    ("no registry hosts", "a.txt", "registry.npmj" + "s.org"),
]

GOOD = [
    ("functions stay short", LONG.removesuffix("\n    pass")),
    ("modules stay short", "\n" * 500),
    ("every suppression has a reason", "x = 1  # noqa: S101 -- the reader sees why"),
    ("every suppression has a reason", "x = 1  # type: ignore[misc]  # z3 has no types"),
    ("every suppression has a reason", "x = 1  # pragma: no cover -- no such case"),
    ("every suppression has a reason", 'x = "# noqa"'),
    ("only the decision makes a Permit", "match x:\n    case Permit(classes):\n        pass"),
    ("no paths of one machine", "https://example.org/hom" + "e/page"),
]


@pytest.fixture(scope="module")
def texts():
    """Every file of the repository that is text."""
    found = {}
    for path in _files():
        try:
            found[path.relative_to(ROOT).as_posix()] = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
    return found


def _files():
    """What git keeps or would keep; without git, everything but what the tools made."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True)
        found = [ROOT / name for name in listed.stdout.split("\0") if name]
    except (FileNotFoundError, subprocess.CalledProcessError):
        made = {".git", ".venv", "build", "dist", "__pycache__"}
        made |= {".hypothesis", ".import_linter_cache", ".mypy_cache", ".pytest_cache"}
        found = [path for path in ROOT.rglob("*") if not made & set(path.parts)]
    return [path for path in found if path.is_file()]


@pytest.mark.parametrize("name", RULES)
def test_the_house_is_tidy(name, texts):
    rule = RULES[name]
    read = {path: text for path, text in texts.items() if rule.reads(path)}
    assert read, "this rule read no file at all"
    complaints = [
        f"{path}:{complaint}"
        for path, text in read.items()
        for complaint in rule.complaints(path, text)
    ]
    assert not complaints, "\n" + "\n".join(complaints)


@pytest.mark.parametrize(("name", "path", "text"), BAD)
def test_each_rule_can_go_red(name, path, text):
    assert RULES[name].reads(path)
    assert list(RULES[name].complaints(path, text))


@pytest.mark.parametrize(("name", "text"), GOOD)
def test_each_rule_leaves_good_text_alone(name, text):
    assert not list(RULES[name].complaints("src/a.py", text))


def test_the_decision_may_make_a_permit_and_a_table_may_be_long():
    assert not RULES["only the decision makes a Permit"].reads("src/angerona/rules/decide.py")
    assert not RULES["modules stay short"].reads("tests/spec/test_house.py")


def test_no_file_is_large():
    assert not _larger_than(_files(), FILE_BYTES_MAX)


def test_a_large_file_is_found(tmp_path):
    (tmp_path / "large").write_bytes(b"x" * 11)
    (tmp_path / "small").write_bytes(b"x" * 10)
    assert _larger_than(tmp_path.iterdir(), 10) == ["large"]


def _larger_than(paths, bytes_max):
    return [path.name for path in paths if path.stat().st_size > bytes_max]


@pytest.mark.filterwarnings("ignore:A test tried to use")
def test_the_network_beyond_this_machine_is_shut():
    with (
        socket.socket() as outward,
        pytest.raises(pytest_socket.SocketConnectBlockedError),
    ):
        outward.connect(("192.0.2.1", 9))


def test_the_loopback_is_open():
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname()).close()


SKIPPING = """
import pytest

@pytest.mark.skip(reason="no database here")
def test_skipped():
    pass

def test_shared(shared):
    pass

@pytest.mark.xfail(reason="known")
def test_expected_failure():
    raise ValueError
"""


@pytest.mark.parametrize(
    ("module", "require_all", "outcome"),
    [
        (SKIPPING, "0", {"skipped": 2, "xfailed": 1}),
        (SKIPPING, "1", {"error": 2, "xfailed": 1}),
        ("import pytest\npytest.importorskip('no_such')", "0", {"skipped": 1}),
        ("import pytest\npytest.importorskip('no_such')", "1", {"error": 1}),
    ],
    ids=["may skip", "may not skip", "module may skip", "module may not skip"],
)
def test_a_skip_is_a_failure_where_all_is_required(tmp_path, module, require_all, outcome):
    shutil.copy(ROOT / "tests" / "conftest.py", tmp_path)
    (tmp_path / "test_it.py").write_text(module, encoding="utf-8")
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-ra", "-p", "no:cacheprovider", "--rootdir", "."],
        cwd=tmp_path,
        env=os.environ | {"REQUIRE_ALL": require_all, "ANGERONA_SHARED": str(tmp_path / "none")},
        capture_output=True,
        text=True,
        check=False,
    )
    summary = run.stdout.splitlines()[-1].split(" in ")[0]
    counted = {
        word.removesuffix("s"): int(count) for count, word in re.findall(r"(\d+) (\w+)", summary)
    }
    assert counted == outcome, run.stdout
    reasons = ["no database here", "reference material"] if "shared" in module else ["no_such"]
    assert all(reason in run.stdout for reason in reasons)
