"""The command line of the administrator: prepare, serve, enrol and revoke laptops, look at quarantine."""

import argparse
import csv
import gc
import json
import logging
import os
import secrets
import signal
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from getpass import getpass
from http import HTTPStatus
from pathlib import Path
from typing import NamedTuple, TypeVar

import psycopg
import uvicorn
from psycopg.conninfo import conninfo_to_dict

from posyandu import PROTOCOL, __version__
from posyandu.domain import recovery
from posyandu.domain.errors import BadInput, WrongRecoveryKey
from posyandu.server import carried, embedded, erasures, exchange, ingest, national, own_word, store
from posyandu.server.app import Limiter, log_to_stderr, make_app
from posyandu.server.openapi import description
from posyandu.server.regions import read_prefixes
from posyandu.server.settings import Settings, from_environment
from posyandu.sync import sealed
from posyandu.sync.seed import read_wish

_Row = TypeVar("_Row")
MOST_PORT = 65535
_SECRET = {"password", "sslpassword", "oauth_client_secret"}
"""What of an address nobody else may read."""
MOST_HOURS = 30 * 24
"""A code that lies about for longer is one somebody else finds."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 when it did what was asked, 1 with a sentence on standard error when not."""
    try:
        given = _parser().parse_args(arguments)
        settings = from_environment()
        command: str = given.command
        if command == "openapi":
            print(json.dumps(description(), indent=1, ensure_ascii=False))
            return 0
        if command == "health":
            return _health(given.url or f"http://{settings.host}:{settings.port}")
        if command == "phone-code":
            try:
                key = getpass("Kunci pemulihan: ")
            except EOFError:
                raise BadInput("Ketik kunci pemulihan di terminal") from None
            print(recovery.answer_with_key(given.request, key))
            return 0
        if command == "follow":
            to = _Address("--to", given.to, "POSYANDU_NATION_URL", settings.nation_url)
            source = _Address("--from", given.source, "POSYANDU_COUNTS_URL", settings.counts_url)
            urls = to.url(), source.url()
            with _counted(urls[0], to.place) as nation:
                national.subscribe(nation, given.province, urls[1])
            print(f"Mengikuti hitungan provinsi {given.province}")
            return 0
        if command == "serve":
            return _serve(given, settings)
        if command == "enrol-code" and not 1 <= given.hours <= MOST_HOURS:
            raise BadInput(f"Kode berlaku 1 sampai {MOST_HOURS} jam, bukan {given.hours}: perbaiki --hours")
        logging.getLogger("psycopg.pool").setLevel(
            logging.CRITICAL
        )  # a command says what is wrong once, in its own words
        with _database(given, settings) as url:
            return _administer(given, url)
    except (store.NotReady, embedded.NoEngine, BadInput, WrongRecoveryKey, ValueError) as error:
        print(error, file=sys.stderr)
    except psycopg.OperationalError:
        print("Basis data tidak dapat dibuka: periksa DATABASE_URL", file=sys.stderr)
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("posyandu-server", description="Server Posyandu tingkat provinsi.")
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__} (protokol {PROTOCOL})")
    commands = parser.add_subparsers(dest="command", required=True)

    def command(name: str, help_text: str, *, trial: bool = True) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=help_text)
        if trial:
            added.add_argument("--trial", type=Path, metavar="DIR", help="pakai PostgreSQL percobaan di folder ini")
        return added

    serve = command("serve", "jalankan server HTTP")
    serve.add_argument("--host")
    serve.add_argument("--port", type=int)
    serve.add_argument("--stop-with-stdin", action="store_true", help="berhenti bila masukan standar ditutup")
    command("init", "siapkan atau perbarui basis data")
    code = command("enrol-code", "buat kode pendaftaran sekali pakai untuk satu laptop")
    code.add_argument("--areas", required=True, help="kode wilayah, dipisah koma: 52.02.01.2001,52.02.01.2002")
    code.add_argument("--name", default="", help="nama laptop, misalnya Desa Sukamaju 1")
    code.add_argument("--hours", type=int, default=exchange.CODE_HOURS)
    command("devices", "daftar laptop").add_argument("--kab", help="hanya satu kabupaten, misalnya 5202")
    revoke = command("revoke", "cabut pendaftaran laptop")
    revoke.add_argument("device")
    revoke.add_argument("--why", required=True)
    revoke.add_argument("--close-book", action="store_true", help="hilang: kunci bukunya bila menghubungi")
    back = command("reinstate", "laptop ketemu lagi: kembalikan haknya dan terima paketnya yang ditahan")
    back.add_argument("device")
    lost = command("lost", "laptop hilang: apa yang sudah aman, yang perlu diketik ulang, siapa yang tercatat")
    lost.add_argument("device")
    lost.add_argument("--persons", type=Path, metavar="BERKAS", help="tulis daftar orangnya (CSV) ke berkas ini")
    areas = command("areas", "ubah wilayah kerja satu laptop")
    areas.add_argument("device")
    areas.add_argument("--areas", required=True, help="semua kode wilayahnya, dipisah koma")
    quarantine = command("quarantine", "paket yang ditahan: list, atau release ID setelah wilayah dibetulkan")
    quarantine.add_argument("action", choices=("list", "release"))
    quarantine.add_argument("id", nargs="?")
    copies = command("copies", "laptop yang disknya disalin: list, atau settle ID setelah ditanyakan dan dibereskan")
    copies.add_argument("action", choices=("list", "settle"))
    copies.add_argument("id", nargs="?")
    checking = command(
        "to-check", "simpanan yang perlu diperiksa: list, atau settle ID (paket) atau all setelah diperiksa"
    )
    checking.add_argument("action", choices=("list", "settle"))
    checking.add_argument("id", nargs="?")
    erasing = command("erasures", "pemusnahan yang menunggu: list, release ID (musnahkan), atau refuse ID (tolak)")
    erasing.add_argument("action", choices=("list", "release", "refuse"))
    erasing.add_argument("id", nargs="?")
    taking = command("import-file", "baca berkas kiriman dari flashdisk dan tulis berkas balasannya")
    taking.add_argument("file", type=Path, nargs="+")
    taking.add_argument("--out", type=Path, metavar="DIR", help="folder berkas balasan; biasanya di samping berkasnya")
    seed = command("seed", "isi laptop baru tanpa jaringan: baca berkas permintaannya, tulis berkas benihnya")
    seed.add_argument("file", type=Path)
    seed.add_argument("--url", default="", help="alamat server, agar laptop dapat terhubung nanti")
    seed.add_argument("--out", type=Path, metavar="DIR", help="folder berkas benih; biasanya di samping permintaannya")
    counts = command("counts", "hitungan per kabupaten dan bulan, tanpa nama, ke basis data sendiri untuk nasional")
    no_password = "tanpa kata sandi; bila perlu kata sandi, tulis di {}"
    counts.add_argument(
        "--to",
        metavar="URL",
        help="basis data hitungan, bukan yang berisi catatan, " + no_password.format("POSYANDU_COUNTS_URL"),
    )
    follow = command("follow", "di tingkat nasional: ikuti hitungan satu provinsi", trial=False)
    follow.add_argument("province", help="kode provinsi, dua angka")
    follow.add_argument("--to", metavar="URL", help="basis data nasional, " + no_password.format("POSYANDU_NATION_URL"))
    follow.add_argument(
        "--from",
        dest="source",
        metavar="URL",
        help="basis data hitungan provinsi itu, " + no_password.format("POSYANDU_COUNTS_URL"),
    )
    command("scrub", "setelah penghapusan data: tulis ulang tabel agar sisanya hilang dari berkas (malam hari)")
    command("received", "hitung yang sudah diterima: paket, simpanan, catatan per jenis")
    command("new-epoch", "setelah memulihkan cadangan: minta semua laptop mencocokkan diri")
    command("health", "tanya apakah server hidup", trial=False).add_argument("--url")
    command("openapi", "cetak uraian API", trial=False)
    phone = command("phone-code", "jawab permintaan kader yang lupa PIN; tanpa jaringan dan basis data", trial=False)
    phone.add_argument("request", help="sepuluh huruf yang dibacakan dari layar kunci, misalnya K7QM2-XA94T")
    return parser


@contextmanager
def _database(given: argparse.Namespace, settings: Settings) -> Iterator[str]:
    if given.trial is not None:
        with embedded.attached(given.trial) as url:
            yield url
    elif settings.database_url:
        yield settings.database_url
    else:
        raise store.NotReady("Sebutkan basis data: DATABASE_URL, atau --trial DIR untuk percobaan")


class _Address(NamedTuple):
    """Where a database of counts is: typed as an option or, with its password, in a variable of the environment."""

    option: str
    typed: str | None
    variable: str
    kept: str

    @property
    def place(self) -> str:
        """Where whoever typed it looks for a mistake."""
        return self.option if self.typed is not None else self.variable

    def url(self) -> str:
        """The address. Raises BadInput when there is none, or when its password stands in the list of processes."""
        url = self.kept if self.typed is None else self.typed
        if not url:
            raise BadInput(f"Sebutkan basis datanya: {self.variable}, atau {self.option} tanpa kata sandi")
        try:
            named = conninfo_to_dict(url)
        except psycopg.ProgrammingError:
            raise store.NotReady(_not_opened(self.place)) from None
        if self.typed is not None and _SECRET & named.keys():
            raise BadInput(
                f"Kata sandi di {self.option} terlihat semua pemakai komputer ini. Gantilah, lalu tulis alamat dengan"
                f" kata sandi baru di {self.variable}, tanpa {self.option}"
            )
        return url


def _not_opened(place: str) -> str:
    return f"Basis data hitungan tidak dapat dibuka: periksa {place}"


@contextmanager
def _counted(url: str, place: str) -> Iterator[store.Connection]:
    """The database of counts, which is not the one of DATABASE_URL; `place` is where its address was read."""
    try:
        connection = psycopg.connect(url, autocommit=True)
    except psycopg.OperationalError:
        raise store.NotReady(_not_opened(place)) from None
    with connection:
        yield connection


def _administer(given: argparse.Namespace, url: str) -> int:
    with store.open_pool(url, 2) as pool:
        a_day = from_environment().erasures_a_day
        desk = exchange.open_desk(pool, trial=given.trial is not None, erasures_a_day=a_day)
        with pool.connection() as connection:
            match given.command:
                case "init":
                    return _init(desk, connection)
                case "enrol-code":
                    regency, prefixes = read_prefixes(given.areas)
                    print(exchange.new_code(connection, regency, prefixes, given.name, given.hours))
                case "devices":
                    return _devices(connection, given.kab)
                case "revoke":
                    return _revoke(connection, given.device, given.why, given.close_book)
                case "reinstate":
                    return _reinstate(connection, given.device)
                case "lost":
                    return _lost(connection, given.device, given.persons)
                case "areas":
                    return _set_areas(connection, given.device, given.areas)
                case "copies":
                    return _copies(connection, given.action, given.id)
                case "to-check":
                    return _to_check(connection, given.action, given.id)
                case "quarantine":
                    return _quarantine(connection, given.action, given.id)
                case "erasures":
                    return _erasures(desk, connection, given.action, given.id)
                case "import-file":
                    return max(_import_file(desk, file, given.out or file.parent) for file in given.file)
                case "seed":
                    return _seed(desk, given.file, given.out or given.file.parent, given.url)
                case "counts":
                    return _counts(connection, given.to)
                case "scrub":
                    store.scrub(connection)
                    print("Tabel ditulis ulang; cadangan dan arsip WAL menyimpan yang lama sampai masa simpannya habis")
                case "received":
                    print(json.dumps(store.received(connection)))
                case "new-epoch":
                    return _new_epoch(desk, connection)
    return 0


def _init(desk: exchange.Desk, connection: store.Connection) -> int:
    with connection.transaction():  # an older server may have gone on taking in beside a newer one
        ingest.note_kept(connection)
    kind = "percobaan" if desk.trial else "sungguhan"
    if told := store.take_rights(connection):
        print(
            "Server belum boleh melihat server cadangan. Administrator PostgreSQL mengetik sekali saja:"
            f" runuser -u postgres -- psql -c '{told}'",
            file=sys.stderr,
        )
    print(f"Siap: server {kind}, kunci {desk.public_key.hex()}")
    return 0


def _devices(connection: store.Connection, regency: str | None) -> int:
    copied = store.copied(connection)
    where = f" di kabupaten {regency}" if regency else ""
    for device in _or_say(store.devices(connection, regency), f"Belum ada laptop terdaftar{where}"):
        state = "dicabut" if device.revoked_at else "aktif"
        seen = device.seen_at.isoformat(timespec="minutes") if device.seen_at else "belum pernah"
        twice = copied.get((device.regency, device.id))
        copies = f"disalin, terakhir {twice.at.date()}" if twice else "-"
        copies += ", beres" if twice and twice.is_settled else ""
        print(device.id, state, seen, ",".join(device.prefixes), device.name, copies, sep="\t")
    return 0


def _or_say(rows: Sequence[_Row], none: str) -> Sequence[_Row]:
    """The rows; where there are none, a sentence beside standard output, which stays empty for who counts its lines."""
    if not rows:
        print(none, file=sys.stderr)
    return rows


def _counts(connection: store.Connection, url: str | None) -> int:
    to = _Address("--to", url, "POSYANDU_COUNTS_URL", from_environment().counts_url)
    with _counted(to.url(), to.place) as counts:
        national.prepare(counts, publish=True)
        print(f"{national.write(counts, national.count(connection))} hitungan berubah")
    return 0


def _new_epoch(desk: exchange.Desk, connection: store.Connection) -> int:
    store.renew_epoch(connection, secrets.token_hex(16))
    for regency in {device.regency for device in store.devices(connection)}:
        own_word.be_known(connection, desk.key, regency)  # laptops bring back what it said in feeds
    print("Semua laptop akan mencocokkan diri pada kontak berikutnya")
    return 0


def _revoke(connection: store.Connection, start: str, why: str, close_book: bool) -> int:
    device = _the_device(connection, start)
    if device is None:
        return 1
    store.revoke(connection, device.regency, device.id, why, close_book=close_book)
    print(f"Dicabut: {device.id}")
    return 0


def _reinstate(connection: store.Connection, start: str) -> int:
    """Trust a laptop again, and take in what others brought of it meanwhile."""
    device = _the_device(connection, start, revoked=True)
    if device is None:
        return 1
    if not store.reinstate(connection, device.regency, device.id):
        print("Laptop itu tidak dicabut", file=sys.stderr)
        return 1
    print(f"Aktif lagi: {device.id}")
    for regency, batch_id, author, *_rest in store.quarantined(connection, device.regency):
        if author == device.id:
            verdict = ingest.release(connection, regency, batch_id)
            assert verdict is not None
            print(batch_id, verdict.state, verdict.reason, sep="\t")
    return 0


def _lost(connection: store.Connection, start: str, persons: Path | None) -> int:
    """What a lost laptop leaves: safe saves by post, the day from which paper must be typed again, whom it held."""
    device = _the_device(connection, start, revoked=True)
    if device is None:
        return 1
    seen = device.seen_at.isoformat(timespec="minutes") if device.seen_at else "belum pernah"
    print(f"{device.id}\t{device.name}\tkontak terakhir {seen}")
    for left in store.left_by(connection, device.regency, device.id):
        last = left.last_at.isoformat(timespec="minutes") if left.last_at else "-"
        print(left.village, left.scope, f"{left.saves} simpanan aman", f"terakhir {last}", sep="\t")
    for village, held_on, came in store.safe_days(connection, device.regency, device.id):
        print(village, f"hari {held_on}", f"{came} yang datang aman", sep="\t")
    print(f"Ketik ulang dari buku register: yang dicatat di laptop itu sesudah {seen}")
    held = store.persons_inside(connection, device.regency, device.prefixes)
    print(f"{len(held)} orang tercatat di wilayahnya ({','.join(device.prefixes)})")
    if persons is not None:
        try:
            number = os.open(persons, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        except OSError as error:
            raise BadInput(f"Daftarnya tidak dapat ditulis ke {persons}: {error.strerror}") from error
        with os.fdopen(number, "w", encoding="utf-8") as file:
            lines = csv.writer(file)
            lines.writerow(("desa", "id", "nama", "telepon"))
            lines.writerows(held)
        print(f"Daftarnya di {persons}: data pribadi, serahkan tersegel lalu hapus")
    return 0


def _set_areas(connection: store.Connection, start: str, areas: str) -> int:
    regency, prefixes = read_prefixes(areas)
    device = _the_device(connection, start)
    if device is None:
        return 1
    if device.regency != regency:
        raise BadInput("Laptop tidak dapat pindah kabupaten: cabut, lalu daftarkan lagi dengan kode baru")
    store.set_prefixes(connection, regency, device.id, prefixes)
    print(f"Wilayah {device.id}: {','.join(prefixes)}")
    return 0


def _the_device(connection: store.Connection, start: str, *, revoked: bool = False) -> store.Device | None:
    """The one device whose id begins so, in force unless a revoked one will do too."""
    named = [each for each in store.devices(connection) if start and each.id.startswith(start)]
    found = [each for each in named if revoked or each.revoked_at is None]
    if len(found) != 1:
        none = "Laptop dengan id itu sudah dicabut" if named else "Tidak ada laptop dengan id itu"
        print("Id itu cocok dengan beberapa laptop" if found else none, file=sys.stderr)
        return None
    if found[0].is_server and found[0].revoked_at is None:
        print("Itu server ini sendiri, bukan laptop: tanpa haknya ia tidak dapat menjawab laptop", file=sys.stderr)
        return None
    return found[0]


def _copies(connection: store.Connection, action: str, start: str | None) -> int:
    """The laptops whose disk was copied and that are not settled; settling one lets the figure and the alert fall."""
    open_ones = {key: each for key, each in store.copied(connection).items() if not each.is_settled}
    if action == "list":
        names = {(device.regency, device.id): device.name for device in store.devices(connection)}
        for (regency, device), each in _or_say([*open_ones.items()], "Tidak ada laptop yang disknya disalin"):
            print(regency, device, names[regency, device], f"terakhir {each.at.date()}", sep="\t")
        return 0
    found = [key for key in open_ones if start and key[1].startswith(start)]
    if len(found) != 1:
        print("Tidak ada, atau lebih dari satu, laptop yang disalin dengan id itu", file=sys.stderr)
        return 1
    store.settle_copies(connection, *found[0])
    print(f"Beres: {found[0][1]}; bila kedua salinan menulis lagi, ia muncul lagi")
    return 0


def _to_check(connection: store.Connection, action: str, start: str | None) -> int:
    """The saves somebody should look at; settling those of a batch, or all, lets the figure and the alert fall."""
    waiting = store.saves_to_check(connection)
    if action == "list":
        for each in _or_say(waiting, "Tidak ada simpanan yang perlu diperiksa"):
            print(each.regency, each.batch[:12], each.day, each.scope, each.device[:8], each.why, sep="\t")
        return 0
    found = {
        (each.regency, each.batch) for each in waiting if start and (start == "all" or each.batch.startswith(start))
    }
    if not found or (len(found) > 1 and start != "all"):
        print("Tidak ada, atau lebih dari satu, paket yang perlu diperiksa dengan id itu", file=sys.stderr)
        return 1
    with connection.transaction():
        for regency, batch_id in found:
            store.settle_saves(connection, regency, bytes.fromhex(batch_id))
    print(f"Beres: {len(found)} paket")
    return 0


def _quarantine(connection: store.Connection, action: str, batch_id: str | None) -> int:
    waiting = store.quarantined(connection)
    if action == "list":
        for regency, each, device, scope, n, reason, day in _or_say(waiting, "Tidak ada paket yang ditahan"):
            print(regency, each, day, device, scope, f"{n} catatan", reason, sep="\t")
        return 0
    found = [(row[0], row[1]) for row in waiting if batch_id and row[1].startswith(batch_id)]
    if len(found) != 1:
        print("Tidak ada, atau lebih dari satu, paket ditahan dengan id itu", file=sys.stderr)
        return 1
    verdict = ingest.release(connection, *found[0])
    assert verdict is not None
    print(verdict.state, verdict.reason)
    return 0 if verdict.state != "karantina" else 1


def _erasures(desk: exchange.Desk, connection: store.Connection, action: str, start: str | None) -> int:
    waiting = store.erasures(connection, store.LOOK)
    if action == "list":
        for each in _or_say(waiting, "Tidak ada pemusnahan yang menunggu"):
            day, device = each.at.date().isoformat(), store.device(connection, each.regency, each.device)
            name = device.name if device is not None else ""
            told = (each.regency, each.op, day, each.scope, each.device[:8], name, f"{each.people} orang", each.why)
            print(*told, sep="\t")
        return 0
    found = [each for each in waiting if start and each.op.startswith(start)]
    if len(found) != 1:
        print("Tidak ada, atau lebih dari satu, pemusnahan menunggu dengan id itu", file=sys.stderr)
        return 1
    try:
        is_said = (erasures.release if action == "release" else erasures.refuse)(connection, desk.key, found[0])
    except (own_word.NotSaid, psycopg.Error) as error:
        if connection.closed:
            raise
        why = type(error).__name__ if isinstance(error, psycopg.Error) else error  # its text may hold what was saved
        print(f"Tidak jadi, dan tidak ada yang berubah: {why}", file=sys.stderr)
        if action == "release":
            print(f"Bila tetap begitu, tolak: posyandu-server erasures refuse {found[0].op[:12]}", file=sys.stderr)
        return 1
    if not is_said:
        print("Sedang dikerjakan di tempat lain: lihat lagi dengan erasures list", file=sys.stderr)
        return 1
    print("Dimusnahkan: laptop lain mengikuti pada kontak berikutnya" if action == "release" else "Ditolak")
    return 0


def _import_file(desk: exchange.Desk, file: Path, folder: Path) -> int:
    """Read one file of a laptop and write what goes back; one that cannot be read stops no other."""
    try:
        done = carried.import_file(desk, sealed.read_bounded(file))
        for number, content in enumerate(done.returns, 1):
            count = f"-{number}" if len(done.returns) > 1 else ""
            target = folder / f"{file.stem}-balasan{count}{sealed.SUFFIX}"
            carried.write_return(target, content)
            print(f"Bawa kembali: {target}")
    except (BadInput, exchange.Rejected) as error:
        print(f"{file.name}: {error}", file=sys.stderr)
        return 1
    held = sum(verdict.state in ("karantina", "ditolak") for verdict in done.verdicts)
    print(f"{file.name}: laptop {done.device[:8]} {done.name}, {len(done.verdicts)} paket, {held} ditahan")
    return 0


def _seed(desk: exchange.Desk, file: Path, folder: Path, url: str) -> int:
    """Enrol the laptop that wrote the request and write everything of its posts into one file for it alone."""
    wish = read_wish(sealed.read_bounded(file))
    try:
        content = carried.make_seed(desk, wish, url)
    except exchange.Rejected as error:
        print(f"{file.name}: {error}", file=sys.stderr)
        return 1
    target = folder / f"benih-{wish.device[:4]}{sealed.SUFFIX}"
    carried.write_return(target, content)
    print(f"Bawa ke laptop itu: {target} ({len(content) / 1e6:.1f} MB)")
    return 0


def _health(url: str) -> int:
    try:
        with urllib.request.urlopen(f"{url.rstrip('/')}/v1/health", timeout=10) as answer:  # noqa: S310 - the administrator's own address
            print(answer.read().decode())
            return 0
    except urllib.error.HTTPError as error:
        error.close()
        print(
            f"Server hidup, tetapi basis datanya tidak menjawab ({error.code}): docs/runbooks/database-down.md"
            if error.code == HTTPStatus.SERVICE_UNAVAILABLE
            else f"Di alamat itu tidak ada server Posyandu ({error.code})",
            file=sys.stderr,
        )
    except (urllib.error.URLError, OSError) as error:
        print(f"Server tidak menjawab: {error}", file=sys.stderr)
    return 1


def _serve(given: argparse.Namespace, settings: Settings) -> int:
    settings = replace(
        settings, host=given.host or settings.host, port=settings.port if given.port is None else given.port
    )
    if not 0 <= settings.port <= MOST_PORT:
        raise BadInput(f"Port {settings.port} tidak ada: pilih 0 sampai {MOST_PORT}")
    log_to_stderr(settings.log_level)
    if given.trial is not None:
        with embedded.running(given.trial) as cluster:
            return _listen(replace(settings, database_url=cluster.url), given, embedded.data_of(given.trial.resolve()))
    if not settings.database_url:
        raise store.NotReady("Sebutkan basis data: DATABASE_URL, atau --trial DIR untuk percobaan")
    return _listen(settings, given, Path())


def _listen(settings: Settings, given: argparse.Namespace, folder: Path) -> int:
    """Serve until SIGTERM, SIGINT or, if asked, the end of standard input; the disk of `folder` is watched."""
    limiter = Limiter(settings.per_minute, settings.burst)
    with store.open_pool(settings.database_url, 1) as owner:
        desk = exchange.open_desk(
            owner, trial=given.trial is not None, page_bytes=settings.page_bytes, admit=limiter.wait,
            erasures_a_day=settings.erasures_a_day, badge_key=settings.badge_key,
        )  # fmt: skip
    with store.open_pool(settings.database_url, settings.pool, fenced=True) as pool:
        desk = replace(desk, pool=pool, counter=exchange.counter_over(pool))
        config = uvicorn.Config(
            make_app(desk, settings, folder),
            host=settings.host,
            port=settings.port,
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_keep_alive=75,
            backlog=4096,  # who is refused above all is told when to come again: see app.Door
            proxy_headers=bool(settings.proxy),
            forwarded_allow_ips=settings.proxy or None,
        )
        server = uvicorn.Server(config)
        _collect_seldom()
        if given.stop_with_stdin:
            threading.Thread(target=_stop_at_end_of_input, daemon=True).start()
        for number in (signal.SIGTERM, signal.SIGINT):  # uvicorn raises it again when done: the database stops after it
            signal.signal(number, lambda *_: None)
        server.run()
        return 0 if server.started else 1


def _collect_seldom() -> None:
    """A batch is thousands of objects that go as they came, without cycles: looking for these among them took a tenth
    of the time. What is there by now stays, and the rest is looked through less often.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def _stop_at_end_of_input() -> None:
    while os.read(0, 4096):
        pass
    signal.raise_signal(signal.SIGTERM)


if __name__ == "__main__":
    sys.exit(main())
