"""The desktop program: reads its arguments and starts the part that is wanted. Nothing else is decided here."""

import argparse
import gc
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from posyandu import PROTOCOL, __version__
from posyandu.domain.errors import PosyanduError
from posyandu.text import _


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what the arguments name; without any, the app. The exit code."""
    chosen = _parser().parse_args(sys.argv[1:] if arguments is None else arguments)
    try:
        return int(chosen.job(chosen))
    except PosyanduError as error:
        print(error, file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="posyandu", description=_("Buku register Posyandu di laptop"))
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__} (protokol {PROTOCOL})")
    parser.add_argument("--periksa", action="store_const", dest="job", const=_check_self, help=argparse.SUPPRESS)
    parser.set_defaults(job=_open_app)
    commands = parser.add_subparsers(title=_("perintah"))
    practice = commands.add_parser("practice", help=_("buka desa latihan, terhubung ke server percobaan di laptop ini"))
    practice.set_defaults(job=_practise)
    demo = commands.add_parser("demo", help=_("mainkan satu hari Posyandu tanpa layar, simpan gambar dan laporannya"))
    demo.add_argument("--out", type=Path, required=True, help=_("folder hasil"))
    demo.add_argument("--keep", type=Path, help=_("folder untuk menyimpan desa contoh sampai demo berikutnya"))
    demo.set_defaults(job=_demonstrate)
    growth = commands.add_parser("growth", help=_("hitung nilai z untuk satu berkas CSV"))
    growth.add_argument("source", type=Path, metavar="IN.csv")
    growth.add_argument("-o", "--output", type=Path, required=True, metavar="OUT.csv")
    growth.set_defaults(job=_score_file)
    return parser


# Imports are made where they are needed: `posyandu growth` must not load Qt, and the window must not wait for the rest.


def _open_app(chosen: argparse.Namespace) -> int:
    return _window()()


def _practise(chosen: argparse.Namespace) -> int:
    from posyandu.services.sample import practice, trial

    with trial.starting(practice.trial_folder()) as ready:
        book = practice.prepare()
        server = ready()
        if server is not None:
            trial.pair(book, server)
        return _window()(practice=True)


def _window() -> Callable[..., int]:
    """The part with the window. Nothing made at a start is rubbish: the window looks for some once it stands."""
    gc.disable()
    from posyandu.ui import program

    return program.main


def _demonstrate(chosen: argparse.Namespace) -> int:
    from posyandu.ui import demo

    return demo.play(chosen.out, keep=chosen.keep)


def _score_file(chosen: argparse.Namespace) -> int:
    from posyandu.services import growth_file

    result = growth_file.run(chosen.source, chosen.output)
    print(result)
    return 0


def _check_self(chosen: argparse.Namespace) -> int:
    from posyandu.ui import self_check

    return self_check.main()


if __name__ == "__main__":
    sys.exit(main())
