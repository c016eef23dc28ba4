"""A real PKCS#11 module, SoftHSM2, wraps and opens the boot secret.

The module keeps its state for the whole process, so that its tokens are made first, once, and the
module is let go at the end.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pkcs11
import pytest
from pkcs11 import Attribute, KeyType, MechanismFlag

from angerona.ciphers.encoding import packed
from angerona.errors import BadInput, KeeperFailure, MissingExtra
from angerona.sealed.boot import BootSecret
from angerona.sealed.keepers import keeper_at
from angerona.sealed.keepers.hsm import HsmKeeper

PIN = "73519246"
OFFICER = "90817263"
ODD = "a label; 100%=odd"
MODULES = (
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib64/pkcs11/libsofthsm2.so",
    "/usr/local/lib/softhsm/libsofthsm2.so",
    "/opt/homebrew/lib/softhsm/libsofthsm2.so",
)


@pytest.fixture(scope="module")
def module(tmp_path_factory):
    """The path of the module, with tokens in a folder of its own."""
    path = next((one for one in MODULES if Path(one).exists()), None)
    if path is None or shutil.which("softhsm2-util") is None:
        pytest.skip("SoftHSM2 is not installed (on Debian and Ubuntu: apt-get install softhsm2)")
    folder = tmp_path_factory.mktemp("softhsm")
    (folder / "tokens").mkdir()
    settings = folder / "softhsm2.conf"
    settings.write_text(f"directories.tokendir = {folder / 'tokens'}\nlog.level = ERROR\n")
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("SOFTHSM2_CONF", str(settings))
        for label in ("one", "other", "twin", "twin", ODD):
            _new_token(label)
        yield path
        pkcs11.unload(path)


def _new_token(label):
    pins = (f"--so-pin={OFFICER}", f"--pin={PIN}")
    command = ("softhsm2-util", "--init-token", "--free", f"--label={label}", *pins)
    subprocess.run(command, check=True, capture_output=True)


def token_of(module, label):
    return pkcs11.lib(module).get_token(token_label=label)


@pytest.fixture
def keeper(module, tmp_path):
    """A keeper by the parts of its address; the PIN is typed."""

    def made(*more, on="one", key="boot", pin=PIN):
        parts = [f"module={module}", f"token={quote(on)}", f"object={quote(key)}", *more]
        ask = None if pin is None else lambda _question: pin
        return keeper_at(f"pkcs11:{';'.join(parts)}", folder=tmp_path, ask=ask)

    return made


@pytest.fixture
def secret():
    return BootSecret.fresh()


@pytest.fixture
def wrapped(keeper, secret, tmp_path):
    keeper().create(secret)
    return tmp_path / "boot-secret.wrapped"


def key_of(module, label, **attributes):
    """A key made by hand, as an operator's own tools would."""
    with token_of(module, "one").open(rw=True, user_pin=PIN) as session:
        found = {Attribute[name.upper()]: value for name, value in attributes.items()}
        uses = MechanismFlag.ENCRYPT | MechanismFlag.DECRYPT
        uses = found.pop(Attribute.ENCRYPT, uses)
        session.generate_key(
            KeyType.AES, 256, label=label, store=True, capabilities=uses, template=found
        )


def test_what_was_wrapped_is_opened_again(keeper, secret, wrapped):
    with keeper().fetch() as again:
        assert again.same_as(secret)
    assert wrapped.stat().st_mode & 0o777 == 0o600
    assert secret.revealed() not in wrapped.read_bytes()


def test_the_key_never_leaves_the_token(module, keeper, secret):
    keeper(key="stays").create(secret)
    with token_of(module, "one").open(user_pin=PIN) as session:
        key = session.get_key(label="stays")
        assert key[Attribute.NEVER_EXTRACTABLE]
        assert key[Attribute.ALWAYS_SENSITIVE]
        assert key[Attribute.PRIVATE]
        assert key.key_length == 256
        with pytest.raises(pkcs11.AttributeSensitive):
            key[Attribute.VALUE]


def test_a_key_made_with_other_tools_serves_too(module, keeper, secret, tmp_path):
    key_of(module, "by hand", sensitive=True, extractable=False, private=True)
    keeper(key="by hand").create(secret)
    keeper("wrapped=second", key="by hand").create(secret)
    first, second = (tmp_path / name for name in ("boot-secret.wrapped", "second"))
    assert first.read_bytes() != second.read_bytes()
    assert keeper("wrapped=second", key="by hand").fetch().same_as(secret)


def test_a_key_that_could_be_taken_out_is_refused(module, keeper, secret, tmp_path):
    key_of(module, "loose", sensitive=True, extractable=True)
    with pytest.raises(KeeperFailure, match="the token would give its key away"):
        keeper(key="loose").create(secret)
    assert not list(tmp_path.iterdir())


@pytest.mark.usefixtures("wrapped")
def test_a_key_for_other_uses_is_refused(module, keeper, secret):
    key_of(module, "wraps", sensitive=True, extractable=False, encrypt=MechanismFlag.WRAP)
    with pytest.raises(KeeperFailure, match="the token's key may not be used for this"):
        keeper("wrapped=second", key="wraps").create(secret)
    with pytest.raises(KeeperFailure, match="the token's key may not be used for this"):
        keeper(key="wraps").fetch()


def test_a_second_wrapping_never_replaces_the_first(keeper, wrapped):
    before = wrapped.read_bytes()
    with pytest.raises(KeeperFailure, match="there is a wrapped boot secret already"):
        keeper().create(BootSecret.fresh())
    assert wrapped.read_bytes() == before


def test_a_module_that_gives_back_something_else_is_not_trusted(
    keeper, secret, tmp_path, monkeypatch
):
    """A faulty module cannot be had, so that its wrong answer is put in here."""
    token = "angerona.sealed.keepers.token.open_in_token"
    monkeypatch.setattr(token, lambda *_: BootSecret.fresh().revealed())
    with pytest.raises(KeeperFailure, match="gave back something else; use another module"):
        keeper().create(secret)
    assert not list(tmp_path.iterdir())


def test_names_with_signs_of_the_address_are_encoded(keeper, secret):
    keeper(on=ODD, key=ODD).create(secret)
    assert keeper(on=ODD, key=ODD).fetch().same_as(secret)


@pytest.mark.usefixtures("wrapped")
@pytest.mark.parametrize("pin", ["", "0000", PIN[:-1], PIN + "0", "x" * 300, "\u2603"])
def test_a_wrong_pin_is_refused_and_not_repeated(keeper, pin):
    with pytest.raises(KeeperFailure, match="the PIN was refused; type it again") as caught:
        keeper(pin=pin).fetch()
    assert PIN not in str(caught.value)
    assert not pin or pin not in str(caught.value)
    keeper().fetch().wipe()  # and the right one still serves


@pytest.mark.usefixtures("wrapped")
def test_nobody_can_be_asked_for_the_pin_without_a_terminal(keeper):
    with pytest.raises(KeeperFailure, match="nobody is here to type the PIN"):
        keeper(pin=None).fetch()


@pytest.mark.usefixtures("wrapped")
@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_the_pin_can_come_from_a_file(keeper, secret, tmp_path, end):
    file = tmp_path / "pin"
    file.write_text(PIN + end, newline="")
    file.chmod(0o600)
    assert keeper(f"pin-file={file}", pin=None).fetch().same_as(secret)
    file.chmod(0o644)
    with pytest.raises(KeeperFailure, match="others on this machine may open the file"):
        keeper(f"pin-file={file}", pin=None).fetch()


@pytest.mark.usefixtures("wrapped")
@pytest.mark.parametrize(
    ("token", "key", "said"),
    [
        ("none", "boot", "there is no such token; plug it in"),
        ("twin", "boot", "two tokens have that label; add serial="),
        ("one", "none", "the token holds no such key; correct object="),
    ],
)
def test_a_missing_token_or_key_is_said(keeper, token, key, said):
    with pytest.raises(KeeperFailure, match=re.escape(said)):
        keeper(on=token, key=key).fetch()


def test_twins_are_told_apart_by_serial_number(module, keeper, secret):
    tokens = pkcs11.lib(module).get_tokens()
    one, other = (token.serial.decode() for token in tokens if token.label == "twin")
    keeper(f"serial={one}", on="twin").create(secret)
    assert keeper(f"serial={one}", on="twin").fetch().same_as(secret)
    with pytest.raises(KeeperFailure, match="the token holds no such key"):
        keeper(f"serial={other}", on="twin").fetch()
    with pytest.raises(KeeperFailure, match="there is no such token"):
        keeper("serial=none", on="twin").fetch()


def test_two_keys_of_one_label_are_refused(module, keeper, secret):
    for _ in range(2):
        key_of(module, "pair", sensitive=True, extractable=False)
    with pytest.raises(KeeperFailure, match="two keys of the token have that label"):
        keeper(key="pair").create(secret)


@pytest.mark.usefixtures("wrapped")
def test_the_key_of_another_token_opens_nothing(keeper, secret):
    keeper("wrapped=second", on="other").create(secret)
    with pytest.raises(KeeperFailure, match="altered, or wrapped by another key"):
        keeper(on="other").fetch()


def test_every_altered_byte_is_noticed(keeper, wrapped):
    whole = wrapped.read_bytes()
    asked = keeper()
    for place in range(len(whole)):
        wrapped.write_bytes(whole[:place] + bytes((whole[place] ^ 1,)) + whole[place + 1 :])
        with pytest.raises(KeeperFailure, match=r"altered|holds no wrapped boot secret"):
            asked.fetch()


@pytest.mark.parametrize("size", [0, 1, 33, 50, 55, 99])
def test_a_cut_file_is_noticed(keeper, wrapped, size):
    wrapped.write_bytes(wrapped.read_bytes()[:size])
    with pytest.raises(KeeperFailure, match="holds no wrapped boot secret; put back the file"):
        keeper().fetch()


@pytest.mark.parametrize(
    "fields",
    [(), (b"n" * 12,), (b"n" * 11, b"sealed"), (12, b"sealed"), (b"n" * 12, b"sealed", b"more")],
    ids=["none", "one", "short nonce", "number", "three"],
)
def test_a_well_made_file_of_another_shape_is_refused(keeper, wrapped, fields):
    wrapped.write_bytes(packed("angerona/boot-secret-file/v1", *fields))
    with pytest.raises(KeeperFailure, match="holds no wrapped boot secret"):
        keeper().fetch()


def test_a_missing_file_is_said(keeper):
    with pytest.raises(KeeperFailure, match="no such file"):
        keeper("wrapped=none").fetch()


@pytest.mark.usefixtures("wrapped")
@pytest.mark.parametrize("name", ["/none.so", "/etc/passwd"])
def test_what_is_no_module_is_said(tmp_path, name):
    address = f"pkcs11:module={name};token=one;object=boot"
    with pytest.raises(KeeperFailure, match="the module cannot be loaded; correct module="):
        keeper_at(address, folder=tmp_path, ask=lambda _: PIN).fetch()


@pytest.mark.usefixtures("wrapped")
def test_a_failure_without_words_of_its_own_names_the_answer(module, keeper):
    with (
        token_of(module, "one").open(user_pin=PIN),
        pytest.raises(KeeperFailure, match="the module answered UserAlreadyLoggedIn"),
    ):
        keeper().fetch()


# The address


@pytest.mark.parametrize(
    ("rest", "said"),
    [
        ("", "an unknown part; allowed: module, object"),
        ("module=/a;token=b", "object= is missing; needed: module, token, object"),
        ("token=b;object=c", "module= is missing"),
        ("module=a;token=b;object=c", "module= is not a whole path"),
        ("module=/a;token=b;object=c;pin-file=d", "pin-file= is not a whole path"),
        ("module=/a;token=b;object=c;token=d", "token= stands twice"),
        ("module=/a;token=;object=c", "token= is empty"),
        ("module=/a;token;object=c", "token= is empty"),
        ("module=/a;token=b;object=c;", "an unknown part"),
        ("module=/a;token=b;object=c;pin=1234", "an unknown part; allowed"),
        ("module=/a;token=b;object=c;wrapped=../d", "wrapped= is not a file name"),
        ("module=/a;token=b;object=c;wrapped=.d", "wrapped= is not a file name"),
        ("module=/a;token=%ff;object=c", "token= is not UTF-8 text"),
        ("module=/a;token=%0a;object=c", "token= holds signs that cannot be printed"),
        ("module=/a%00;token=b;object=c", "module= holds signs that cannot be printed"),
    ],
)
def test_a_wrong_address_is_refused(tmp_path, rest, said):
    with pytest.raises(BadInput, match=re.escape(said)) as caught:
        keeper_at(f"pkcs11:{rest}", folder=tmp_path, ask=None)
    assert "1234" not in str(caught.value)


def test_it_says_where_the_pin_comes_from(tmp_path):
    address = "pkcs11:module=/a;token=b;object=c"
    typed = keeper_at(address, folder=tmp_path, ask=None)
    from_file = keeper_at(f"{address};pin-file=/d", folder=tmp_path, ask=None)
    assert "a PIN that somebody types" in typed.describe()
    assert "a PIN from a file" in from_file.describe()


@pytest.fixture
def without(monkeypatch):
    """As if a library were not installed, and its module here not loaded yet."""

    def forget(library):
        monkeypatch.delitem(sys.modules, "angerona.sealed.keepers.token", raising=False)
        monkeypatch.setitem(sys.modules, library, None)

    return forget


@pytest.mark.parametrize(
    "attempt",
    [HsmKeeper.fetch, lambda one: one.create(BootSecret.fresh())],
    ids=["fetch", "create"],
)
def test_without_the_library_it_says_what_to_install(tmp_path, without, attempt):
    without("pkcs11")
    keeper = keeper_at("pkcs11:module=/a;token=b;object=c", folder=tmp_path, ask=None)
    with pytest.raises(MissingExtra, match=re.escape("pip install 'angerona[pkcs11]'")):
        attempt(keeper)


def test_a_missing_module_of_our_own_is_not_taken_for_it(tmp_path, without):
    without("angerona.sealed.keepers.token")
    keeper = keeper_at("pkcs11:module=/a;token=b;object=c", folder=tmp_path, ask=None)
    with pytest.raises(ModuleNotFoundError, match=r"keepers\.token"):
        keeper.fetch()
