"""The village's letters: filled from the book, dots where it knows nothing, Indonesian whatever the screen speaks."""

import json
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest

from posyandu import paths
from posyandu.domain.errors import NotFound
from posyandu.domain.fields import Value
from posyandu.domain.forms import FORMS
from posyandu.domain.forms.social import FIELDS
from posyandu.reports import decree
from posyandu.services import access, decrees, post_affairs, posts
from posyandu.services.workspace import Workspace
from posyandu.text import use_catalogue
from tests.services.melati import POST, TODAY, post

DOTS = decree.DOTS


@pytest.fixture
def ws() -> Iterator[Workspace]:
    book = post()
    told: dict[str, Value | None] = {
        "name": "Melati", "village_code": "5202022002", "hamlet": "Dasan Baru", "rt": "03",
        "puskesmas": "Puskesmas Ubung", "address": "Rumah Inaq Sri", "open_day": 7, "village_head": "Lalu Darmawan",
    }  # fmt: skip
    posts.correct_post(book, POST, told)
    yield book
    book.close()


def kader(ws: Workspace, name: str, position: str | None = None, **more: Value | None) -> None:
    post_affairs.save(
        ws, FORMS["worker"], {"name": name, "role": "kader", "position": position, **more}, posyandu_id=POST
    )


def pages(ws: Workspace, kind: str) -> list[str]:
    document = pypdfium2.PdfDocument(BytesIO(decrees.pdf(ws, kind)))
    return [" ".join(page.get_textpage().get_text_range().split()) for page in document]


def test_the_decree_of_a_post_says_where_it_is_and_who_signs(ws: Workspace) -> None:
    (page,) = pages(ws, "sk_posyandu")
    for words in (
        "PEMERINTAH KABUPATEN LOMBOK TENGAH", "KEPUTUSAN KEPALA DESA", "PEMBENTUKAN POSYANDU MELATI", "TAHUN 2026",
        "Dusun Dasan Baru RT 03", "Rumah Inaq Sri", "pada tanggal 7", "Lalu Darmawan", "APB Desa",
        "Kepala Puskesmas Ubung", "KELIMA", "Nomor 13 Tahun 2024",
    ):  # fmt: skip
        assert words in page, words
    assert "{" not in page


def test_what_the_book_does_not_know_is_left_as_dots(ws: Workspace) -> None:
    empty = dict.fromkeys(("hamlet", "rt", "puskesmas", "address", "open_day", "village_head"))
    posts.correct_post(ws, POST, empty)
    told = decrees.facts(ws)
    assert {told[name] for name in ("puskesmas", "address", "head_name", "decree")} == {DOTS}
    assert (told["open_day"], told["place"]) == (f"setiap bulan pada {DOTS}", f"Desa {told['village']}")
    assert "None" not in pages(ws, "sk_posyandu")[0]


def test_a_kelurahan_has_a_lurah_and_another_purse(ws: Workspace) -> None:
    kelurahan = next(each for each in posts.search_areas("mataram", "5271") if each.code[6] == "1")
    posts.correct_post(ws, POST, {"village_code": kelurahan.code})
    told = decrees.facts(ws)
    assert told["head"] == f"Lurah {kelurahan.name}"
    assert (told["budget"], told["local_rule"].split()[:2]) == ("APBD", ["Peraturan", "Daerah"])
    assert told["village_caps"] == f"KELURAHAN {kelurahan.name.upper()}"


def test_the_annex_names_every_office_in_order_and_dots_where_nobody_holds_it(ws: Workspace) -> None:
    for name, position, more in (
        ("Sri", "member", {}), ("Ani", "field_head", {"field": "social"}), ("Ida", "field_head", {}),
        ("Uli", "chair", {}),        ("Nia", None, {}), ("Rukmini", "secretary", {"active": False}),
    ):  # fmt: skip
        kader(ws, name, position, **more)
    rows = decrees.team(ws)
    assert [row[0] for row in rows] == [str(number) for number in range(1, len(rows) + 1)]
    assert [(name, position) for _no, name, position, _field in rows if position != "Ketua bidang"] == [
        ("Uli", "Ketua"), (DOTS, "Sekretaris"), (DOTS, "Bendahara"), ("Sri", "Anggota"), ("Nia", "Anggota"),
    ]  # fmt: skip
    heads = [(name, field) for _no, name, position, field in rows if position == "Ketua bidang"]
    assert heads == [*((("Ani" if code == "social" else DOTS), words) for code, words in FIELDS.items()), ("Ida", "")]
    letter, annex = pages(ws, "sk_kader")
    assert "sebagaimana tercantum dalam lampiran" in letter
    assert "LAMPIRAN KEPUTUSAN KEPALA DESA" in annex
    assert "Uli" in annex
    assert "Rukmini" not in annex, "who stopped is in no decree"


def test_the_letter_stays_indonesian_on_an_english_screen(ws: Workspace) -> None:
    kader(ws, "Uli", "chair")
    before = {kind: pages(ws, kind)[-1].split("Halaman")[0] for kind in decrees.KINDS}
    use_catalogue(json.loads((paths.resources() / "locale" / "en.json").read_text("utf-8")))
    for kind, words in before.items():
        assert pages(ws, kind)[-1].split("Page")[0] == words


def test_the_matrix_has_the_posts_of_the_village_and_no_other(ws: Workspace) -> None:
    kader(ws, "Uli", "chair", decree="140/7/2025")
    kader(ws, "Sri", "member")
    facts = {"registration_number": "52.02.02.2002.001", "decree": "140/5/2025", "decree_on": date(2025, 2, 3)}
    posts.correct_post(ws, POST, facts)
    posts.add_post(ws, {"name": "Mawar", "village_code": "5202022002"})
    posts.add_post(ws, {"name": "Anggrek", "village_code": "5202122006"})
    ws.posyandu_id = POST
    first, second = decrees.matrix(ws)
    assert first[1] == "Mawar"
    assert second == [
        "2", "Melati", "Dusun Dasan Baru RT 03", "52.02.02.2002.001", "140/5/2025", "03-02-2025", "Uli", "2", "1",
        "Tanggal 7",
    ]  # fmt: skip
    (page,) = pages(ws, "matriks_registrasi")
    assert "52.02.02.2002.001" in page
    assert "Anggrek" not in page


def test_saving_one_is_noted_and_an_unknown_one_is_refused(ws: Workspace, tmp_path: Path) -> None:
    path = decrees.save(ws, "sk_kader", tmp_path / "sk.pdf")
    assert path.read_bytes().startswith(b"%PDF")
    assert [entry.action for entry in access.log(ws)] == ["names"]
    with pytest.raises(NotFound, match="Surat ini tidak dikenal"):
        decrees.pdf(ws, "sk_presiden")


def test_each_letter_tells_its_source_and_the_one_in_force_is_used() -> None:
    told = decree.letters()
    assert {each.code for each in told} == set(decrees.KINDS)
    assert all(each.source and each.since <= TODAY for each in told)
    assert decree.letter("sk_kader", date(2020, 1, 1)).code == "sk_kader", "there is none older: the first"
