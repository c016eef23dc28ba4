"""What stands in examples/ runs as it stands there."""

import pathlib
import subprocess
import sys

EXAMPLES = pathlib.Path(__file__).parents[2] / "examples"


def test_a_request_is_answered_as_the_example_says(tmp_path):
    run = subprocess.run(
        [sys.executable, EXAMPLES / "answer_a_request.py", tmp_path / "practice"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert "prepared diagnosis to hand over to an insurer" in run.stdout
    assert "treatment plan to hand over" not in run.stdout, "only what was chosen"
    [packet] = (tmp_path / "practice").glob("packet-*.pdf")
    assert packet.read_bytes().startswith(b"%PDF")
    assert packet.name in run.stdout
