"""`angerona serve`: a real process, from its start to its clean end."""

import datetime
import ipaddress
import logging
import os
import signal
import socket
import ssl
import subprocess

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from angerona.cli import serving
from angerona.errors import BadInput, NotProven
from angerona.practice.sample_world import PASSWORD
from angerona.site.logs import PlainWords
from ferry_street import COMMAND, GRACE, INES, copied, wait_for_a_day
from running_site import HOST, Visitor
from served_process import STARTED_S_MAX, launched, own_port, wait_until_open

AMARA = "Amara Nwosu"
STRANGER = "Mr Unheard Of"


@pytest.fixture(scope="module")
def folder(ferry_street, tmp_path_factory):
    return copied(ferry_street, tmp_path_factory.mktemp("serve") / "house", None).folder


@pytest.fixture(scope="module")
def life(folder):
    """One life of a server: what was seen of it while it ran, and how it ended."""
    wait_for_a_day()
    with launched(folder) as server:
        wait_until_open(server)
        headers = {"host": f"localhost:{server.port}"}
        visitor = server.visitor()
        visitor.get("/sign-in", **headers)
        wrong = visitor.post("/sign-in", {"name": STRANGER, "password": "no"}, **headers)
        right = visitor.post("/sign-in", {"name": INES, "password": PASSWORD}, **headers)
        clients = visitor.get(f"/clients?asked={AMARA.partition(' ')[0]}", **headers)
        second = visitor.get("/account/second", **headers)
        lost = visitor.get("/clients/" + "ab" * 16, **headers)
        environment = serving_environment(server.process.pid)
        server.process.send_signal(signal.SIGTERM)
        code = server.process.wait(STARTED_S_MAX)
    upkeep = subprocess.run(
        [*COMMAND, "ledger", "upkeep", "--data", str(folder / "practice")],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"XDG_STATE_HOME": str(folder / "state")},
    )
    return {
        "upkeep": upkeep,
        "wrong": wrong,
        "right": right,
        "clients": clients,
        "second": second,
        "lost": lost,
        "environment": environment,
        "code": code,
        "said": server.said,
        "log": server.log,
        "port": server.port,
    }


def serving_environment(pid):
    try:
        with open(f"/proc/{pid}/environ", "rb") as file:  # noqa: PTH123 -- no file of ours
            return file.read()
    except OSError:
        return None


def test_a_therapist_signs_in_and_must_have_a_second_factor_first(life):
    assert (life["wrong"].status, life["right"].status) == (403, 303)
    assert (life["clients"].status, life["clients"].to) == (303, "/account/second")
    assert life["second"].status == 200


def test_it_says_its_address_and_nobody_s_name(life):
    assert life["said"] == (
        f"The practice is open at http://localhost:{life['port']} (Ctrl-C closes it).\n"
    )


def test_it_ends_cleanly_when_told_to(life):
    assert life["code"] == 0


def test_its_log_names_nobody_and_nothing_that_was_asked_for(life):
    assert life["log"] == ""


def test_it_forgets_what_it_lets_go_of(life):
    if life["environment"] is None:
        pytest.skip("only root can read the environment of a process that shut others out")
    assert b"PYTHONMALLOC=malloc" in life["environment"]


def test_the_day_s_upkeep_was_done_and_the_store_is_closed(life):
    assert life["code"] == 0
    done = life["upkeep"]
    assert (done.returncode, done.stderr) == (0, "")
    said = " ".join(done.stdout.split())
    assert "0 blank lines written" in said, "they were written by the server"


def test_ctrl_c_ends_it_too(ferry_street, tmp_path):
    house = copied(ferry_street, tmp_path / "house", None)
    with launched(house.folder) as server:
        wait_until_open(server)
        server.process.send_signal(signal.SIGINT)
        assert server.process.wait(STARTED_S_MAX) == 0


def certificate_in(folder):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)  # noqa: TID251 -- a certificate holds by the real clock
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(HOST))]),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (folder / "cert.pem").write_bytes(made.public_bytes(pem))
    (folder / "key.pem").write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return folder / "cert.pem", folder / "key.pem"


def test_with_a_certificate_it_speaks_tls_and_its_cookie_is_bound_to_the_host(
    ferry_street, tmp_path
):
    house = copied(ferry_street, tmp_path / "house", None)
    certificate, key = certificate_in(tmp_path)
    with launched(house.folder, "--certificate", str(certificate), "--key", str(key)) as server:
        wait_until_open(server)
        trusted = ssl.create_default_context(cafile=str(certificate))
        with (
            socket.create_connection((HOST, server.port)) as plain,
            trusted.wrap_socket(plain, server_hostname=HOST) as secure,
        ):
            heads = f"host: localhost:{server.port}\r\nconnection: close\r\n"
            secure.sendall(f"GET /sign-in HTTP/1.1\r\n{heads}\r\n".encode())
            answer = b"".join(iter(lambda: secure.recv(4096), b""))
    assert answer.startswith(b"HTTP/1.1 200")
    assert b"set-cookie: __Host-visitor=" in answer
    assert b"strict-transport-security:" in answer


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--host", "0.0.0.0"), "--origin: is missing"),  # noqa: S104 -- it is refused
        (("--host", "192.0.2.7"), "--host: others could reach it"),
        (("--host", "192.0.2.7", "--origin", "https://folder.example"), "--host: others could"),
        (("--certificate", "cert.pem"), "--certificate: goes with --key"),
        (("--certificate", "no.pem", "--key", "no.pem"), "--certificate: cannot be read"),
        (("--origin", "folder.example"), "--origin: is no address of a site"),
        (("--origin", "https://folder.example/deep"), "--origin: is no address of a site"),
        (("--origin", "https://folder.example:99999"), "--origin: is no address of a site"),
        (("--origin", "http://folder.example"), "--origin: is without TLS"),
        (("--away", "http://weather.example"), "--away: is no address to go to"),
        (("--away", "https://a.example/ b"), "--away: is no address to go to"),
        (("--away", "javascript:alert(1)"), "--away: is no address to go to"),
        (("--port", "0"), "--port: is no port"),
        (("--mail", "smtp://127.0.0.1:25"), "--mail: goes with --mail-from"),
        (("--mail-from", "pages@folder.example"), "--mail: goes with --mail-from"),
        (("--mail", "smtp://h", "--mail-from", "pages"), "--mail-from: is no mail address"),
        (("--mail", "smtp://h", "--mail-from", "a@talktherapy.example"), "--mail-from: tells"),
        (("--mail", "h:25", "--mail-from", "a@folder.example"), "--mail: is no mail server"),
    ],
)
def test_what_is_wrong_with_the_options_is_said_before_anything_opens(direct, options, said):
    code, out, err = direct("serve", "--data", "/nowhere", *options)
    assert (code, out) == (2, "")
    assert err.startswith(f"angerona: {said}")


@pytest.mark.parametrize(
    ("given", "called"),
    [
        ({}, "http://localhost:8420"),
        ({"host": "::1"}, "http://localhost:8420"),
        ({"port": 80}, "http://localhost"),
        ({"origin": "https://Folder.example/"}, "https://folder.example"),
        ({"origin": "https://folder.example:8443"}, "https://folder.example:8443"),
        ({"origin": "http://127.0.0.1:9000"}, "http://127.0.0.1:9000"),
        ({"host": "192.0.2.7", "certificate": "c", "key": "k"}, "https://192.0.2.7:8420"),
    ],
)
def test_what_browsers_call_it(given, called):
    assert serving.Where(**({"host": HOST, "port": 8420} | given)).called() == called


def test_behind_tls_of_its_own_it_is_called_by_tls_alone():
    where = serving.Where(
        host=HOST, port=8420, certificate="c", key="k", origin="http://localhost:8420"
    )
    with pytest.raises(BadInput, match="without TLS"):
        where.called()


@pytest.fixture
def stays(monkeypatch):
    """This very process serves, without starting again."""
    monkeypatch.setattr(serving, "log_plainly", lambda: None)


@pytest.mark.usefixtures("stays")
def test_a_server_that_cannot_prove_itself_does_not_start(house, monkeypatch):
    def fails(*_):
        raise NotProven("a seal", "a note opened without its key")

    monkeypatch.setattr(serving, "prove", fails)
    monkeypatch.setattr(serving, "listening", lambda *_: pytest.fail("it listened"))
    code, out, err = house.run("serve")
    assert (code, out) == (2, "")
    assert "the server did not start, because a seal did not hold" in err


@pytest.mark.usefixtures("stays")
def test_a_port_that_is_taken_is_said(house):
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        taken.listen()
        code, _, err = house.run("serve", "--port", str(taken.getsockname()[1]))
    assert code == 2
    assert err.startswith("angerona: --port: cannot be listened on: Address already in use")


@pytest.mark.usefixtures("stays")
def test_a_spool_with_lines_that_nobody_signed_is_said_and_set_aside(house, tmp_path, monkeypatch):
    monkeypatch.setattr(serving, "wait", lambda *_: True)
    spool = tmp_path / "spool"
    spool.write_bytes(b"nothing that anybody signed\n")
    with own_port() as port:
        code, _, err = house.run("serve", "--port", str(port), "--spool", spool)
    assert (code, err) == (0, "angerona: 1 lines of the spool cannot be read; they are set aside\n")
    assert not spool.exists()
    assert len(list(tmp_path.glob("spool.*.done"))) == 1


@pytest.mark.usefixtures("stays")
def test_sessions_end_with_the_server(house, monkeypatch):
    agents = []
    real = serving.house_of

    def remembered(vault, *given, **more):
        agents.append(vault.agent)
        return real(vault, *given, **more)

    def somebody_signs_in(_thread, tell):
        tell()
        port = int(seen[0].rpartition(":")[2].split()[0])
        visitor = Visitor(port, f"http://localhost:{port}")
        headers = {"host": f"localhost:{port}"}
        visitor.get("/sign-in", **headers)
        assert (
            visitor.post("/sign-in", {"name": GRACE, "password": PASSWORD}, **headers).status == 303
        )
        assert len(agents[0]) == 1
        return True

    seen = []
    monkeypatch.setattr(serving, "say", seen.append)
    monkeypatch.setattr(serving, "house_of", remembered)
    monkeypatch.setattr(serving, "wait", somebody_signs_in)
    with own_port() as port:
        assert house.run("serve", "--port", str(port))[0] == 0
    assert len(agents[0]) == 0


def test_logs_keep_kinds_and_leave_words_out(caplog):
    form = PlainWords()
    with caplog.at_level(logging.INFO):
        try:
            raise ValueError(AMARA)  # noqa: TRY301 -- what a library might raise
        except ValueError:
            logging.getLogger("uvicorn.error").exception("Failed for %s\n%s", AMARA, AMARA)
        logging.getLogger("angerona.site").error("a page failed: %s", "ValueError")
    theirs, ours = (form.format(one) for one in caplog.records)
    assert theirs.endswith("ERROR uvicorn.error: Failed for %s (ValueError)")
    assert ours.endswith("ERROR a page failed: ValueError")
    assert "\n" not in theirs


def test_without_time_zones_it_does_not_open_and_says_what_to_install(
    ferry_street, tmp_path, monkeypatch
):
    folder = copied(ferry_street, tmp_path / "house", None).folder
    monkeypatch.setenv("PYTHONTZPATH", "")
    with launched(folder) as server:
        assert server.process.wait(STARTED_S_MAX) != 0
        assert "is open at" not in server.said
        assert "there is no database of time zones on this machine" in server.log
        assert "tzdata" in server.log
