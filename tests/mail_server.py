"""A mail server that takes what it is handed over (RFC 5321), or refuses, as a test says.

As a program it serves until it is killed: it says at which port, and writes each mail that it has
taken to a file, a line of JSON each.
"""

import contextlib
import email
import json
import os
import socketserver
import subprocess
import sys
import threading
from email import policy
from pathlib import Path


class _Talk(socketserver.StreamRequestHandler):
    def handle(self):
        taken, rest = self.server.taken, {}
        self.say("220 here")
        while line := self.rfile.readline():
            word, _, said = line.decode().strip().partition(" ")
            match word.upper():
                case "EHLO" | "HELO":
                    self.say("250-here\r\n250 AUTH PLAIN")
                case "MAIL" if self.server.refuses:
                    self.say("451 not now")
                case "MAIL" | "RCPT":
                    rest[word.upper()] = said
                    self.say("250 well")
                case "DATA":
                    self.say("354 go on")
                    text = b"".join(iter(self.rfile.readline, b".\r\n"))
                    message = email.message_from_bytes(text, policy=policy.default)
                    taken.append((rest["RCPT"], message, text))
                    self.server.keep(rest["RCPT"], text)
                    self.say("250 taken")
                case "QUIT":
                    self.say("221 goodbye")
                    return
                case _:
                    self.say("250 well")

    def say(self, text):
        self.wfile.write(f"{text}\r\n".encode())


class MailBox(socketserver.ThreadingTCPServer):
    """What was taken: to whom, the message, its bytes; `refuses`: it says that it cannot now."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Talk)
        self.taken, self.refuses = [], False

    def keep(self, to, text):
        """Nothing more, but for the program."""

    @property
    def address(self):
        return f"smtp://127.0.0.1:{self.server_address[1]}"


@contextlib.contextmanager
def mail_box():
    with MailBox() as box:
        thread = threading.Thread(target=box.serve_forever)
        thread.start()
        try:
            yield box
        finally:
            box.shutdown()
            thread.join()


class _Program(MailBox):
    """Writes what it has taken before it says that it has."""

    def keep(self, to, text):
        line = json.dumps([to, text.decode()]) + "\n"
        with Path(sys.argv[1]).open("a", encoding="utf-8") as file:
            file.write(line)
            file.flush()
            os.fsync(file.fileno())


@contextlib.contextmanager
def mail_process(folder):
    """A mail server in a process of its own: its address, and what it has taken so far."""
    path = folder / "taken"
    path.touch()
    command = [sys.executable, __file__, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            address = process.stdout.readline().strip()
            yield address, lambda: [json.loads(one) for one in path.read_text().splitlines()]
        finally:
            process.kill()


if __name__ == "__main__":
    with _Program() as box:
        sys.stdout.write(f"{box.address}\n")
        sys.stdout.flush()
        box.serve_forever()
