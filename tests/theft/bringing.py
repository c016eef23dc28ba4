"""The doors by which a practice moves here: a list of clients, and batches held in a session."""

import io
import zipfile

from angerona.errors import BadInput
from angerona.practice import bringing
from angerona.practice.bringing import Tally
from angerona.practice.importing import import_clients
from angerona.practice.importing_clients import clients_of, matched, ways_written
from angerona.practice.importing_rows import read_table
from small_practice import AT
from theft.words import BORN


def listed_clients(desk):
    """A list of clients, good and bad."""
    text = "Full name,DOB,may call,never\n"
    text += f"{desk.typed('listed')},{BORN},no,{desk.typed('never')}\n"
    text += f"{desk.typed('y')},{desk.typed('noday')},,\n"
    table = read_table(io.BytesIO(text.encode()))
    assert ways_written([BORN]) == ("ymd",)
    with desk.visit("Tess") as visit:
        found = Tally()
        listed = clients_of(table, matched(table.columns))
        for taken in import_clients(desk.door, visit, listed, clock=lambda: AT):
            found.add(taken, str(taken.line))
    print(found.rejects("line").decode())  # noqa: T201 -- on stdout, as the command line says it


def batches(desk):
    """A list and a .zip are held in a session, worked off, and one is let go."""
    text = f"Full name,DOB\n{desk.typed('held')},{BORN}\n".encode()
    with desk.visit("Tess") as visit:
        bringing.take_up(visit, bringing.CLIENTS, text)
        bringing.choose(visit, bringing.list_seen(visit).columns, dates="ymd")
        assert bringing.go_on(desk.door, visit).is_over
        name = desk.typed("folder of a batch")
        files = [("old.zip", _packed(desk, name))]
        bringing.take_up_files(visit, files, "correspondence")
        bringing.set_level(visit, 0)
        bringing.choose(visit, {one.name: one.name for one in bringing.folders_seen(visit)})
        assert bringing.go_on(desk.door, visit).tally.rejected
        assert name in {one.name for one in bringing.treated(visit)}
        loose = [(f"{desk.typed('loose')}.txt", desk.typed("loose words").encode())]
        bringing.take_up_files(visit, loose, "risk")
        assert not bringing.batch_of(visit).has_begun
        bringing.let_go(visit)
        with desk.refused(BadInput):
            bringing.take_up_files(visit, [("a.zip", desk.typed("nozip").encode())], "risk")


def _packed(desk, name):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(f"{name}/{desk.typed('filename')}.txt", desk.typed("within"))
        packed.writestr(f"{name}/page.html", f"<html>{desk.typed('page')}")
        listing = f"file,client\nloose.txt,{desk.typed('listed owner')}\n"
        packed.writestr("clients.csv", listing)
        packed.writestr("loose.txt", desk.typed("loose within"))
    return target.getvalue()
