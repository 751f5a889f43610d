"""How soon the first painted window stands, and how much memory it takes, beside a bare PySide6 window of the same run.

    python benchmarks/bench_start.py [--rounds 7]

Each program is a process of its own, started in turn; the ratio is taken round by round. "Ours" is the whole app with a
practice book: preferences, letters, window, lock screen with its kader and number pad. The bare window is a QLabel.
Seconds are from the start of the process to the first frame painted, processor seconds what the process itself took of
them: of the two the steadier on a machine that others use too. Memory is the proportional set size (Linux).
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]

MOST_OF_BARE, MOST_OF_BARE_MEMORY = 1.35, 1.6

BARE = """
from PySide6.QtWidgets import QApplication, QLabel
app = QApplication([])
window = QLabel("Posyandu")
"""

OURS = """
import gc
gc.disable()  # as posyandu.__main__ does
from posyandu.services import preferences as saved
from posyandu.ui import app as posyandu_app
from posyandu.ui.main_window import MainWindow
chosen = saved.load()
app = posyandu_app.build_app([], chosen)
window = MainWindow(chosen, practice=True)
window.start()
"""

MEASURED = """
import os, time
from PySide6.QtCore import QTimer
window.resize(1366, 696)
window.show()
def painted():
    window.grab()
    used = time.process_time()
    booted = time.clock_gettime(time.CLOCK_BOOTTIME)
    started = int(open("/proc/self/stat").read().rsplit(") ", 1)[1].split()[19]) / os.sysconf("SC_CLK_TCK")
    pss = [line for line in open("/proc/self/smaps_rollup") if line.startswith("Pss:")]
    print(booted - started, int(pss[0].split()[1]) / 1024, used, flush=True)
    os._exit(0)
QTimer.singleShot(0, painted)
app.exec()
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "POSYANDU_HOME": home, "PYTHONPATH": str(ROOT)}
        environment.setdefault("QT_QPA_PLATFORM", "offscreen")
        environment.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed app finds its bytecode made
        run("from posyandu.services.sample import practice; practice.prepare()", environment)
        measure(BARE, environment)
        measure(OURS, environment)
        bare, ours = [], []
        for _ in range(rounds):
            bare.append(measure(BARE, environment))
            ours.append(measure(OURS, environment))
    for name, place, most in (
        ("seconds", 0, MOST_OF_BARE),
        ("processor", 2, MOST_OF_BARE),
        ("MB", 1, MOST_OF_BARE_MEMORY),
    ):
        ratios = [mine[place] / theirs[place] for mine, theirs in zip(ours, bare, strict=True)]
        print(
            f"{name:9} bare {spread([each[place] for each in bare])}  ours {spread([each[place] for each in ours])}  "
            f"ratio {spread(ratios)}  goal {most}"
        )


def measure(program: str, environment: dict[str, str]) -> tuple[float, float, float]:
    seconds, megabytes, processor = run(program + MEASURED, environment).split()
    return float(seconds), float(megabytes), float(processor)


def run(program: str, environment: dict[str, str]) -> str:
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    return done.stdout


def spread(values: list[float]) -> str:
    return f"{statistics.median(values):.3f} [{min(values):.3f}..{max(values):.3f}]"


if __name__ == "__main__":
    main()
