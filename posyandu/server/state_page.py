"""The figures of /metrics for a person to read: each in words, with its state and the runbook that says what to do.

Plain HTML without script, on the service's own port, which no proxy passes on. The limits are those of
deploy/alerts.yml; where an alert looks at what a figure did over time, the page says so instead of judging.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from html import escape
from typing import NamedTuple

from posyandu.server.metrics import SILENT_DAYS

ALONE = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"}
GOOD, LOOK, IF_RISING = "baik", "perlu dilihat", "lihat bila naik"
_HEAD = (
    '<!doctype html><html lang="id"><meta charset="utf-8"><meta http-equiv="refresh" content="60">'
    "<title>Keadaan server Posyandu</title><style>body{font:16px sans-serif;margin:2em;max-width:60em}"
    "td,th{padding:.3em .8em;text-align:left;border-bottom:1px solid #ccc}.look{font-weight:bold;color:#a00}</style>"
)


class Line(NamedTuple):
    """A figure: what it is, how much, its state ("" where there is nothing to judge) and the page in docs/runbooks."""

    words: str
    told: str
    state: str = ""
    runbook: str = ""


def page(figures: Mapping[tuple[str, ...], float], trial: bool) -> str:
    """The whole page."""
    lines = list(_lines(figures, trial))
    bad = sum(line.state == LOOK for line in lines)
    rows = "".join(
        f"<tr{' class=look' * (line.state == LOOK)}>" + "".join(f"<td>{escape(cell)}</td>" for cell in line) + "</tr>"
        for line in lines
    )
    return (
        f"{_HEAD}<h1>Server Posyandu{' percobaan' * trial}: {f'{bad} hal perlu dilihat' if bad else 'semua baik'}</h1>"
        f"<p>Keadaan {datetime.now(UTC):%d-%m-%Y %H.%M} UTC. Yang harus dikerjakan: halamannya di docs/runbooks.</p>"
        f"<table><tr><th>Yang dilihat<th>Sekarang<th>Keadaan<th>Halaman</tr>{rows}</table></html>\n"
    )


def _lines(figures: Mapping[tuple[str, ...], float], trial: bool) -> Iterator[Line]:
    def now(name: str) -> float:
        return figures.get((name,), 0)

    def counted(words: str, name: str, most: float, runbook: str) -> Line:
        return Line(words, _count(now(name)), _judged(now(name) <= most), runbook)

    is_up, posts, free, disk = now("database_up") > 0, now("posts"), now("disk_free_bytes"), now("disk_bytes")
    yield Line("Basis data menjawab", "ya" if is_up else "tidak", _judged(is_up), "database-down.md")
    if disk:
        which = "data percobaan ini" if trial else "proses server ini; disk basis data bisa lain"
        told = f"{_size(free)} dari {_size(disk)}"
        yield Line(f"Ruang bebas di disk {which}", told, _judged(free / disk >= 0.2), "disk-full.md")
    answered = {key: n for key, n in figures.items() if key[0] == "requests_total"}
    failed = sum(n for key, n in answered.items() if key[-1].startswith("5"))
    told = f"{_count(failed)} dari {_count(sum(answered.values()))}"
    yield Line("Permintaan yang gagal sejak proses ini mulai", told, IF_RISING, "errors.md")
    if not is_up:
        return
    yield Line("Posyandu", _count(posts))
    yield counted(f"Posyandu tanpa simpanan baru {SILENT_DAYS} hari", "posts_silent", posts * 0.2, "silent-posts.md")
    yield counted("Paket ditahan (karantina)", "batches_quarantined", 0, "quarantine.md")
    yield counted("Pemusnahan menunggu keputusan", "erasures_waiting", 0, "erasures.md")
    yield counted("Catatan diisi berbeda di dua laptop", "records_in_conflict", posts * 0.1, "conflicts.md")
    odd = "Simpanan berangka mustahil atau dari formulir lebih baru, belum diperiksa"
    yield counted(odd, "saves_to_check", 0, "saves-to-check.md")
    yield counted("Laptop yang disknya disalin, belum dibereskan", "laptops_forked", 0, "cloned-laptop.md")
    yield Line("Laptop dicabut", _count(now("laptops_revoked")), "", "lost-laptop.md")
    for version, n in sorted((key[1], n) for key, n in figures.items() if key[0] == "laptops"):
        yield Line(f"Laptop dengan aplikasi {version or 'yang belum diketahui'}", _count(n), "", "upgrade.md")
    standbys, lag = now("standbys_synchronous"), now("standby_lag_bytes")
    kept = "" if trial else _judged(standbys >= 1)
    yield Line("Server cadangan yang ditunggu tiap simpanan", _count(standbys), kept, "standby-missing.md")
    yield Line("Ketinggalan server cadangan", _size(lag), _judged(lag <= 2**28), "standby-missing.md")
    yield counted("Hak di PostgreSQL yang belum diberikan", "rights_missing", 0, "upgrade.md")
    yield Line("Ukuran basis data", _size(now("database_bytes")), "", "disk-full.md")


def _judged(is_good: bool) -> str:
    return GOOD if is_good else LOOK


def _count(n: float) -> str:
    return f"{n:,.0f}".replace(",", ".")


def _size(n: float) -> str:
    return f"{n / 1e9:.1f} GB".replace(".", ",") if n >= 1e9 else f"{n / 1e6:.0f} MB"
