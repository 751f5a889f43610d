import subprocess
import sys

import pytest

CHILD = """
import atexit, os, sys, threading, time
from PySide6.QtCore import QCoreApplication
app = QCoreApplication([])
from posyandu.ui import jobs

ends = threading.Event()
atexit.register(ends.set)

def function():
    ends.wait()
    time.sleep(0.05)
    os.write(1, b"x")

for each in range(8):
    jobs.run(function)
    jobs.run(function, link=True)
"""


@pytest.mark.parametrize(
    ("end", "code", "told"),
    [("", 0, []), ("sys.exit(3)", 3, []), ("raise ValueError('a bug')", 1, ["ValueError: a bug"])],
)
def test_functions_at_work_come_to_their_end_before_qt_does(end: str, code: int, told: list[str]) -> None:
    child = subprocess.run([sys.executable, "-c", CHILD + end], capture_output=True, text=True, check=False)
    assert child.stderr.splitlines()[-1:] == told
    assert (child.returncode, child.stdout) == (code, 16 * "x")
