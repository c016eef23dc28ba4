"""What tests make for a while lies where pytest clears it, even after a run that was ended."""

import subprocess
import sys
import tempfile
from pathlib import Path


def test_what_a_test_makes_lies_below_pytest_s_own_folder(tmp_path_factory):
    own = tmp_path_factory.getbasetemp()
    assert Path(tempfile.mkdtemp()).is_relative_to(own)
    say = "import tempfile; print(tempfile.gettempdir())"
    told = subprocess.run([sys.executable, "-c", say], capture_output=True, text=True, check=True)
    assert Path(told.stdout.strip()).is_relative_to(own), "and so does what its processes make"
