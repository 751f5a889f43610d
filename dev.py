"""The project's one entry for whoever works on it: makes the environment, then does the job.

    python3 dev.py run              the main job: the app on a sample village, or, without a display, its recorded demo
    python3 dev.py test [...]       the whole test suite; anything after it goes to pytest
    python3 dev.py coverage         the tests below the windows: every branch of domain, journal and sync must run
    python3 dev.py check            format, lint, types and the import contract
    python3 dev.py setup            only make or refresh the environment
    python3 dev.py build            the app as one folder in dist/
    python3 dev.py bench NAME       one benchmark of benchmarks/, or all without a name
    python3 dev.py docs             write the generated parts of docs/
    python3 dev.py lock             write requirements.lock from the environment
    python3 dev.py wheel            the server's wheel in out/
    python3 dev.py sbom             what is shipped, for a scanner: out/sbom.json

It needs Python 3.11 or newer and nothing else; on Windows it is `py dev.py ...`.
"""

import argparse
import ctypes
import ctypes.util
import hashlib
import os
import shutil
import subprocess
import sys
import sysconfig
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STAMP = VENV / "posyandu-stamp"
LOCK = ROOT / "requirements.lock"
WINDOWS = sys.platform == "win32"
PYTHON = VENV / ("Scripts/python.exe" if WINDOWS else "bin/python")

QT_LIBRARIES = {
    "libglib-2.0.so.0": "libglib2.0-0",
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libfontconfig.so.1": "libfontconfig1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libX11.so.6": "libx11-6",
    "libfreetype.so.6": "libfreetype6",
    "libbrotlidec.so.1": "libbrotli1",
}
"""What even the offscreen platform of Qt links to, and the Debian package that has it."""

WINDOW_LIBRARIES = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
"""What a real window on Linux needs besides."""


class Stopped(Exception):
    """Something only the person at the keyboard can put right; `args[0]` is the sentence, exit code 2."""


def main(arguments: Sequence[str]) -> int:
    """Do the command in `arguments`; the exit code is the command's own."""
    if sys.version_info < (3, 11):  # noqa: UP036 - this file must be able to say so
        print("dev.py needs Python 3.11 or newer; this is", sys.version.split()[0], file=sys.stderr)
        return 2
    parser = argparse.ArgumentParser(prog="dev.py", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("command", choices=sorted(COMMANDS))
    parser.add_argument("rest", nargs=argparse.REMAINDER, help="handed on to the command")
    chosen = parser.parse_args(arguments)
    os.chdir(ROOT)
    try:
        prepare_environment()
        return COMMANDS[chosen.command](chosen.rest)
    except Stopped as stopped:
        print(stopped, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


def run(rest: Sequence[str]) -> int:
    """Open the app on the sample village; where there is no display, play the same story and leave its pictures."""
    install_missing(QT_LIBRARIES | (WINDOW_LIBRARIES if has_display() else {}))
    environment = {"POSYANDU_HOME": str(ROOT / "out" / "home")}
    if has_display():
        return call([PYTHON, "-m", "posyandu", "practice", *rest], environment)
    print("no display: the app plays its main job offscreen; pictures and papers go to out/demo", flush=True)
    out = () if any(argument.startswith("--out") for argument in rest) else ("--out", "out/demo")
    keep = ("--keep", str(ROOT / "out" / "desa-contoh"))  # made once a month, copied by the next call
    return call([PYTHON, "-m", "posyandu", "demo", *out, *keep, *rest], {"QT_QPA_PLATFORM": "offscreen"})


def test(rest: Sequence[str]) -> int:
    """Run pytest, two workers unless told otherwise; its closing line is the last one printed."""
    install_missing(QT_LIBRARIES)
    chosen = any(argument.startswith(("-n", "--numprocesses", "--pdb", "-p")) for argument in rest)
    workers = () if chosen or (os.cpu_count() or 1) < 2 else ("-n", "2")
    return call([PYTHON, "-m", "pytest", *workers, *rest], {"QT_QPA_PLATFORM": "offscreen"})


def coverage(rest: Sequence[str]) -> int:
    """The tests below the windows; a line or branch of domain, journal and sync that none of them runs is named."""
    counted = [f"--cov=posyandu.{part}" for part in ("domain", "storage.journal", "sync")]
    told = ["--cov-branch", "--cov-report=term-missing:skip-covered", "--cov-fail-under=100"]
    return call([PYTHON, "-m", "pytest", "-q", "-n", "2", "--ignore=tests/ui", *counted, *told, *rest])


def check(rest: Sequence[str]) -> int:
    """Every check that reads the code; all run, and the worst exit code is given back."""
    jobs = (
        [PYTHON, "-m", "ruff", "format", "--check", "."],
        [PYTHON, "-m", "ruff", "check", "."],
        [PYTHON, "-m", "mypy"],
        [VENV / PYTHON.parent.name / ("lint-imports.exe" if WINDOWS else "lint-imports")],
    )
    return max(timed(" ".join(str(part) for part in job[-2:]), job) for job in jobs)


def setup(rest: Sequence[str]) -> int:
    """The environment is made before any command; here that was all. Also the system's libraries, if we may."""
    install_missing(QT_LIBRARIES | (WINDOW_LIBRARIES if has_display() else {}))
    return 0


def build(rest: Sequence[str]) -> int:
    """The one-folder app in dist/posyandu."""
    install_missing(QT_LIBRARIES | WINDOW_LIBRARIES)
    if not WINDOWS:
        wanted = [] if shutil.which("objdump") else ["binutils"]
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        if not has_library(f"libpython{version}.so.1.0"):
            wanted.append(f"libpython{version}")
        install_packages(wanted)
    return timed("build", [PYTHON, "-m", "PyInstaller", "--noconfirm", "--log-level=WARN", *rest, "build.spec"])


def bench(rest: Sequence[str]) -> int:
    """One benchmark by name, or all."""
    names = list(rest[:1]) or sorted(path.stem for path in (ROOT / "benchmarks").glob("[!_]*.py"))
    return max((timed(name, [PYTHON, ROOT / "benchmarks" / f"{name}.py", *rest[1:]]) for name in names), default=0)


def docs(rest: Sequence[str]) -> int:
    """The generated parts of docs/ from the forms."""
    return call([PYTHON, ROOT / "docs" / "generate.py"])


def lock(rest: Sequence[str]) -> int:
    """Write the exact versions of the environment as constraints for everyone else."""
    freeze = [PYTHON, "-m", "pip", "--disable-pip-version-check", "freeze", "--exclude-editable"]
    frozen = subprocess.run(freeze, check=True, text=True, stdout=subprocess.PIPE).stdout
    LOCK.write_text("".join(sorted(f"{line}\n" for line in frozen.splitlines() if "==" in line)), encoding="utf-8")
    return 0


def sbom(rest: Sequence[str]) -> int:
    """The bill of materials of what is shipped, without the tools of the workshop: out/sbom.json (CycloneDX)."""
    shipped = ROOT / "build" / "shipped"
    python = shipped / PYTHON.parent.name / PYTHON.name
    install = ["-m", "pip", "--disable-pip-version-check", "install", "-q", "-c", LOCK]
    (ROOT / "out").mkdir(exist_ok=True)
    jobs = (
        [sys.executable, "-m", "venv", "--clear", shipped],
        [python, *install, ".[server]"],
        [PYTHON, *install, "cyclonedx-bom>=7,<8"],
        [PYTHON, "-m", "cyclonedx_py", "environment", python, "--output-file", ROOT / "out" / "sbom.json", *rest],
    )
    return next((code for code in map(call, jobs) if code), 0)


def wheel(rest: Sequence[str]) -> int:
    """The wheel, in out/: a server is installed from it. Laptops get the folder of `build`, which needs no Python."""
    return call(
        [PYTHON, "-m", "pip", "--disable-pip-version-check", "wheel", "--no-deps", "-q", "-w", "out", *rest, "."]
    )


COMMANDS = {
    command.__name__: command for command in (run, test, coverage, check, setup, build, bench, docs, lock, sbom, wheel)
}


def prepare_environment() -> None:
    """Make `.venv` with everything in it, unless the one there was made from these same files."""
    wanted = environment_stamp()
    if PYTHON.exists() and STAMP.exists() and STAMP.read_text() == wanted:
        return
    started = time.monotonic()
    print("making the environment in .venv (once; a few minutes on a slow line) ...", flush=True)
    if not PYTHON.exists():
        make_venv()
    # A checkout from before the first lock still installs; `dev.py lock` then writes it.
    constraints = ("-c", LOCK) if LOCK.exists() else ()
    command = [PYTHON, "-m", "pip", "--disable-pip-version-check", "install", "-q", *constraints, "-e", ".[dev]"]
    if not WINDOWS and os.geteuid() == 0:
        command.insert(command.index("install") + 1, "--root-user-action=ignore")
    if call(command) != 0:
        raise Stopped("the packages could not be installed; the lines above say why. Then run the same command again.")
    STAMP.write_text(wanted)
    print(f"environment ready after {time.monotonic() - started:.1f} s", flush=True)


def environment_stamp() -> str:
    """A digest of what decides the environment: the two files, the Python and the place."""
    digest = hashlib.sha256(f"{sys.version}\n{ROOT}\n".encode())
    for path in (ROOT / "pyproject.toml", LOCK):
        digest.update(path.read_bytes() if path.exists() else b"")
    return digest.hexdigest()


def make_venv() -> None:
    """`python -m venv`; on a Debian without its venv part, install that first."""
    command = [sys.executable, "-m", "venv", str(VENV)]
    if subprocess.run(command, stdout=subprocess.DEVNULL).returncode == 0:
        return
    shutil.rmtree(VENV, ignore_errors=True)
    install_packages(["python3-venv"])
    if subprocess.run(command).returncode != 0:
        raise Stopped("python3 -m venv does not work here; install the venv part of your Python.")


def install_missing(libraries: dict[str, str]) -> None:
    """Install the Debian packages of the shared libraries that cannot be loaded. Nothing to do outside Linux."""
    if sys.platform == "linux":
        install_packages([package for library, package in libraries.items() if not has_library(library)])


def install_packages(packages: Iterable[str]) -> None:
    """apt-get them as root; otherwise stop and print the one command that does."""
    wanted = sorted(packages)
    if not wanted:
        return
    if not shutil.which("apt-get"):
        raise Stopped(f"missing on this system (names as Debian has them): {' '.join(wanted)}")
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *wanted]
    if os.geteuid() != 0:
        sentence = "Some system packages are missing. Run this once, then again what you ran:"
        raise Stopped(f"{sentence}\n  sudo {' '.join(install)}")
    started = time.monotonic()
    print("installing system packages:", *wanted, flush=True)
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update", "-qq"], install):
        done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode != 0:
            raise Stopped(f"{' '.join(command)} failed:\n{done.stdout[-2000:]}")
    print(f"system packages ready after {time.monotonic() - started:.1f} s", flush=True)


def has_library(name: str) -> bool:
    """Whether the loader finds this shared library."""
    beside_python = Path(sysconfig.get_config_var("LIBDIR") or "/nonexistent") / name
    if beside_python.exists():
        return True
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def has_display() -> bool:
    """Whether a window can be shown."""
    return WINDOWS or sys.platform == "darwin" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def timed(name: str, command: Sequence[object]) -> int:
    """Call it and say how long it took and how it ended."""
    started = time.monotonic()
    code = call(command)
    print(f"{'ok    ' if code == 0 else 'FAILED'} {name} ({time.monotonic() - started:.1f} s)", flush=True)
    return code


def call(command: Sequence[object], environment: dict[str, str] | None = None) -> int:
    """Run it here with our own output; its exit code."""
    merged = os.environ | {"PYTHONUTF8": "1"} | (environment or {})
    return subprocess.run([str(part) for part in command], env=merged).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
