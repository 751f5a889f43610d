"""Who signs for many posts is chosen in each book: the usual ones until then, on every paper of that level alone."""

from collections.abc import Iterator

import pytest

from posyandu.domain.calendar import Month
from posyandu.domain.errors import BadInput
from posyandu.domain.fields import Answers
from posyandu.reports.monthly import Signer
from posyandu.services import levels, posts, signers
from posyandu.services.workspace import Worker, Workspace
from tests.services import melati

NOVEMBER = Month(2026, 11)
DISTRICT, VILLAGE = "district 520301", "village 5203012001"
CHOSEN = {
    "role_1": "Kepala UPT Puskesmas", "name_1": "dr. Lale", "nip_1": "19800101 200501 2 001",
    "role_2": "Ketua TP Posyandu Kecamatan", "name_2": "Baiq Dewi", "nip_2": None,
    "role_3": "Pengelola program gizi", "name_3": None, "nip_3": None,
}  # fmt: skip


@pytest.fixture(scope="module")
def book() -> Iterator[Workspace]:
    made = melati.post()
    for name in ("Mawar", "Melati"):
        posts.add_post(made, {"name": name, "village_code": "5203012001", "puskesmas": "Keruak"})
    yield made
    made.close()


@pytest.fixture
def ws(book: Workspace) -> Iterator[Workspace]:
    book.worker = Worker("b", "Nurul", "midwife")
    yield book
    book.worker = Worker("b", "Nurul", "midwife")
    for code in (DISTRICT, VILLAGE):
        signers.choose(book, code, {})


def blocks(ws: Workspace, code: str, kind: str = "f1_gizi") -> list[tuple[str, str, str, str]]:
    signed = levels.build(ws, kind, code, NOVEMBER).signatures
    return [(each.above.partition(",")[0], each.role, each.name, each.nip) for each in signed]


@pytest.mark.parametrize(
    ("code", "usual"),
    [
        (VILLAGE, ["Kepala desa/lurah", "Bidan desa"]),
        ("puskesmas 5203 Keruak", ["Kepala Puskesmas", "Petugas gizi Puskesmas"]),
        (DISTRICT, ["Camat", "Petugas pelapor"]),
        ("regency 5203", ["Kepala Dinas Kesehatan", "Petugas pelapor"]),
    ],
)
def test_the_usual_ones_sign_until_others_are_chosen(ws: Workspace, code: str, usual: list[str]) -> None:
    assert [role for _above, role, _name, _nip in blocks(ws, code)] == usual
    assert [value for name, value in signers.answers(ws, code).items() if name.startswith("role")] == usual
    assert signers.chosen(ws, code) == ()


@pytest.mark.parametrize("kind", ["f1_gizi", "bulanan", "strata"])
def test_who_was_chosen_signs_every_paper_of_that_level_and_no_other(ws: Workspace, kind: str) -> None:
    signers.choose(ws, DISTRICT, CHOSEN)
    assert blocks(ws, DISTRICT, kind) == [
        ("Mengetahui", "Kepala UPT Puskesmas", "dr. Lale", "19800101 200501 2 001"),
        ("Mengetahui", "Ketua TP Posyandu Kecamatan", "Baiq Dewi", ""),
        ("Tanjung Luar", "Pengelola program gizi", "", ""),
    ]
    assert [role for _above, role, _name, _nip in blocks(ws, VILLAGE, kind)] == ["Kepala desa/lurah", "Bidan desa"]


def test_what_was_chosen_is_asked_again_as_it_was_and_without_duties_the_usual_ones_return(ws: Workspace) -> None:
    signers.choose(ws, DISTRICT, CHOSEN)
    assert signers.answers(ws, DISTRICT) == CHOSEN
    one = {"role_3": " Sekretaris kecamatan ", "name_3": "Sri"}
    signers.choose(ws, DISTRICT, one)
    assert signers.chosen(ws, DISTRICT) == (Signer("Sekretaris kecamatan", "Sri"),)
    assert signers.answers(ws, DISTRICT) == {"role_3": "Sekretaris kecamatan", "name_3": "Sri", "nip_3": None}
    signers.choose(ws, DISTRICT, dict.fromkeys(CHOSEN))
    assert signers.chosen(ws, DISTRICT) == ()


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"role_1": "Camat"}, "jabatan yang membuat laporan"),
        ({"role_3": "Pelapor", "name_1": "Sri"}, "jabatan dari nama"),
        ({"nip_2": "1", "role_3": "Pelapor"}, "jabatan dari nama"),
    ],
)
def test_a_block_without_its_duty_is_refused_and_nothing_is_kept(ws: Workspace, told: Answers, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        signers.choose(ws, DISTRICT, told)
    assert signers.chosen(ws, DISTRICT) == ()


@pytest.mark.parametrize("role", ["kader", "coordinator"])
def test_who_looks_after_one_post_chooses_nobody(ws: Workspace, role: str) -> None:
    ws.worker = Worker("k", "Sari", role)
    with pytest.raises(BadInput, match="dipilih oleh bidan"):
        signers.choose(ws, DISTRICT, CHOSEN)
    assert signers.chosen(ws, DISTRICT) == ()


def test_a_village_head_has_no_nip_and_an_official_a_line_for_it(ws: Workspace) -> None:
    lines = {each.role: each.wants_nip for each in levels.build(ws, "f1_gizi", VILLAGE, NOVEMBER).signatures}
    assert lines == {"Kepala desa/lurah": False, "Bidan desa": True}
