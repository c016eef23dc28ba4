"""Swap as Linux tells about it, in a made-up /proc and /sys."""

import pytest

from angerona.cli.swap import open_swap_areas

HEAD = "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n"


@pytest.fixture
def machine(tmp_path):
    """Writes /proc/swaps, and block devices: `blocks` says what each is and lies on."""

    def make(*areas, **blocks):
        (tmp_path / "proc").mkdir()
        lines = [f"{name}  {kind}\t\t8388604\t\t0\t\t-2\n" for name, kind in areas]
        (tmp_path / "proc" / "swaps").write_text(HEAD + "".join(lines))
        for name, facts in blocks.items():
            block = tmp_path / "sys/class/block" / name
            (block / "slaves").mkdir(parents=True)
            for file, told in facts.items():
                if file == "slaves":
                    for one in told:
                        (block / "slaves" / one).symlink_to(block.parent / one)
                else:
                    (block / file).parent.mkdir(exist_ok=True)
                    (block / file).write_text(told + "\n")
        return open_swap_areas(tmp_path)

    return make


CRYPT = {"dm/uuid": "CRYPT-PLAIN-swap"}


def test_no_swap_is_no_open_swap(machine):
    assert machine() == 0


@pytest.mark.parametrize(
    ("area", "kind", "blocks", "count"),
    [
        ("/dev/sda2", "partition", {"sda2": {}}, 1),
        ("/dev/sda2", "partition", {}, 1),
        ("/swapfile", "file", {}, 1),
        ("/dm-0", "file", {"dm-0": CRYPT}, 1),
        ("/dev/dm-0", "partition", {"dm-0": CRYPT}, 0),
        ("/dev/dm-0", "partition", {"dm-0": {"dm/uuid": "LVM-abc"}}, 1),
        (
            "/dev/dm-1",
            "partition",
            {"dm-1": {"dm/uuid": "LVM-abc", "slaves": ["dm-0"]}, "dm-0": CRYPT},
            0,
        ),
        (
            "/dev/dm-1",
            "partition",
            {"dm-1": {"slaves": ["dm-0", "sda3"]}, "dm-0": CRYPT, "sda3": {}},
            1,
        ),
        ("/dev/dm-1", "partition", {"dm-1": {"slaves": ["dm-1"]}}, 1),
        ("/dev/zram0", "partition", {"zram0": {"backing_dev": "none"}}, 0),
        ("/dev/zram0", "partition", {"zram0": {}}, 0),
        ("/dev/zram0", "partition", {"zram0": {"backing_dev": "/dev/sda3"}}, 1),
    ],
    ids=[
        "plain partition",
        "unknown partition",
        "file",
        "file named like a device",
        "encrypted",
        "volume on nothing",
        "volume on an encrypted disk",
        "volume on half an encrypted disk",
        "a volume on itself",
        "in memory",
        "in memory, old kernel",
        "in memory, but written to a disk",
    ],
)
def test_only_what_is_encrypted_or_in_memory_is_closed(machine, area, kind, blocks, count):
    assert machine((area, kind), **blocks) == count


def test_each_open_area_counts(machine):
    areas = [("/swapfile", "file"), ("/dev/dm-0", "partition"), ("/dev/sda2", "partition")]
    assert machine(*areas, **{"dm-0": CRYPT}) == 2


def test_a_system_that_does_not_tell_is_not_taken_for_one_without_swap(tmp_path):
    assert open_swap_areas(tmp_path) is None
