"""A practice on a small disk of its own that is full, or lets nothing be written.

Started in a namespace of its own (`unshare -rm`), where a process may mount a small disk that
nobody else sees: `python -m failing_disk PLACE DISK full|read-only`. Says what became of each
command, as JSON.
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path

from closed_practice import as_thea, run

ADA = "Ada Invented"
BLOCK = b"\0" * 4096


def can_mount():
    if not shutil.which("unshare"):
        return False
    tried = ["unshare", "-rm", "mount", "-t", "tmpfs", "none", "/mnt"]
    return subprocess.run(tried, capture_output=True, check=False).returncode == 0


def outcomes(place, disk, how):
    """What each command came to: [exit code, stdout, stderr] by its name."""
    disk.mkdir()
    command = ["unshare", "-rm", sys.executable, "-m", "failing_disk", place, disk, how]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=Path(__file__).parent
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def mount(*options):
    subprocess.run(["mount", *options], check=True)


def copied(place, disk):
    target = disk / "place"
    shutil.copytree(place, target)
    settings = target / "data" / "angerona.toml"
    settings.write_text(settings.read_text().replace(str(place), str(target)))
    return target


def fill(disk):
    with (disk / "fill").open("wb", buffering=0) as file:
        try:
            while file.write(BLOCK):
                pass
        except OSError:
            return


def main():
    place, disk, how = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    mount("-t", "tmpfs", "-o", "size=8m", "none", str(disk))
    there, said = copied(place, disk), {}

    def tried(name, *given, who=None):
        done = run(there, *given, *(who or as_thea(there)), reason="he rang and said goodbye")
        said[name] = [done.returncode, done.stdout, done.stderr]

    if how == "full":
        fill(disk)
    else:
        mount("-o", "remount,ro", str(disk))
    tried("look", "look", ADA)
    tried("emergency", "emergency", ADA)
    tried("stranger", "emergency", "Nobody")
    tried("wrong", "emergency", ADA, who=["--as", "Nobody", *as_thea(there)[2:]])
    tried("on the same disk", "emergency", ADA, "--spool", str(there / "spool"))
    if how == "full":
        (disk / "fill").unlink()
    else:
        mount("-o", "remount,rw", str(disk))
    tried("next", "who-looked", ADA)
    tried("after", "emergency", ADA)
    done = run(there, "ledger", "fsck")
    said["fsck"] = [done.returncode, done.stdout, done.stderr]
    print(json.dumps(said))  # noqa: T201 -- to whoever started it


if __name__ == "__main__":
    main()
