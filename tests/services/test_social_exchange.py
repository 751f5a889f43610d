"""A report goes to NTB Care as a file and its answer takes it on: only allowed steps, never twice, never a secret."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posyandu.domain.errors import BadInput
from posyandu.domain.forms.social import FIELDS, KINDS, STAGES
from posyandu.services import sealed, social, social_exchange, social_papers
from posyandu.services.workspace import Worker, Workspace
from tests.services import melati

HEAD, MIDWIFE = Worker("c", "Kokom Komariah", "coordinator"), Worker("b", "Bidan Ani", "midwife")
TOLD = {"kind": "dropout", "finding": "Berhenti kelas 5", "consent": "agreed", "urgency": "high"}


@pytest.fixture
def clock() -> melati.Clock:
    return melati.Clock()


@pytest.fixture
def ws(clock: melati.Clock) -> Workspace:
    made = melati.post(clock)
    made.worker = HEAD
    return made


def reported(ws: Workspace, **more: Any) -> social.Ticket:
    child = melati.child(ws, "Raka Aditya", date(2015, 7, 5))
    return social.ticket(ws, social.open_ticket(ws, {**TOLD, **more}, person_id=child).id)


def answer(each: social.Ticket, status: str = "sedang ditindaklanjuti", **more: Any) -> bytes:
    told = {"id": each.id, "nomor": each.number, "status": status, "tanggal": "2026-11-12", **more}
    return json.dumps({"bentuk": "posyandu-aduan", "versi": 1, "jawaban": [told]}).encode()


def test_the_file_says_what_the_form_says_and_not_who_reported(ws: Workspace, tmp_path: Path) -> None:
    each = reported(ws)
    social.advance(ws, each.id, "verified", note="Sudah dikunjungi")
    path = social_exchange.save(ws, social.ticket(ws, each.id), tmp_path / "a.json")
    text = path.read_text("utf-8")
    (told,) = json.loads(text)["laporan"]
    assert told | {"lokasi": 0, "riwayat": 0} == {
        "id": each.id,
        "nomor": each.number,
        "bidang_spm": "Pendidikan",
        "kategori": "pendidikan",
        "jenis": "dropout",
        "judul": "Putus sekolah",
        "isi": "Berhenti kelas 5",
        "tentang": "Raka Aditya, 11 tahun",
        "lokasi": 0,
        "tingkat": "penting",
        "persetujuan": "agreed",
        "tanggal": "2026-11-12",
        "batas": "2026-11-19",
        "pelapor": "Posyandu Melati",
        "status": "diverifikasi",
        "tujuan": "Dinas Pendidikan",
        "riwayat": 0,
    }
    assert told["lokasi"]["kode_desa"] == "5203012001"
    assert told["riwayat"] == [{"status": "diverifikasi", "tanggal": "2026-11-12", "catatan": "Sudah dikunjungi"}]
    assert "Kokom" not in text


def test_every_stage_field_and_kind_has_its_word(ws: Workspace) -> None:
    assert set(social_exchange.TO_THEM) == set(STAGES)
    assert set(social_exchange.FROM_THEM.values()) <= set(STAGES)
    assert {social_exchange.FROM_THEM[word] for word in social_exchange.TO_THEM.values() if word != "draf"} == (
        set(STAGES) - {"recorded"}
    )
    for kind in KINDS.values():
        if not kind.sealed:
            made = social.open_ticket(ws, {**TOLD, "kind": kind.code, "place": "Dusun"})
            told = social_exchange.export(ws, social.ticket(ws, made.id))["laporan"][0]
            assert told["kategori"]
            assert told["bidang_spm"] == FIELDS[kind.field]


def test_without_consent_only_a_place_is_sent(ws: Workspace) -> None:
    for consent in ("declined", "not_asked"):
        with pytest.raises(BadInput, match="belum setuju"):
            social_exchange.export(ws, reported(ws, consent=consent))
    road = social.open_ticket(ws, {**TOLD, "kind": "road", "place": "Jalan", "consent": "not_asked"})
    assert social_exchange.export(ws, social.ticket(ws, road.id))["laporan"][0]["lokasi"]["tempat"] == "Jalan"


def test_a_confidential_report_is_never_written_but_printed_marked_and_noted(ws: Workspace, tmp_path: Path) -> None:
    ws.worker = MIDWIFE
    sealed.make_key(ws, "271845")
    one = social.open_sealed(ws, {**TOLD, "kind": "violence", "place": "Rumah"}).id
    each = social.read_sealed(ws, sealed.unlock(ws, "271845"), one)
    with pytest.raises(BadInput, match="rahasia"):
        social_exchange.export(ws, each)
    social_papers.save_sheet(ws, each, tmp_path / "a.pdf")
    assert sorted(access.action for access in sealed.accesses(ws, one)) == ["opened", "printed"]


def test_an_answer_takes_the_report_on_with_the_steps_between(ws: Workspace, clock: melati.Clock) -> None:
    each = reported(ws)
    clock.now += timedelta(days=4)
    content = answer(each, tanggal="2026-11-16", instansi="Dikbud", nomor_aduan="NC-417", catatan="Didaftarkan di PKBM")
    taken = social_exchange.take(ws, content)
    assert (taken.moved, taken.same, taken.refused) == (1, 0, ())
    now = social.ticket(ws, each.id)
    assert [(step.stage, step.by, step.note) for step in now.steps] == [
        ("verified", "Dikbud", ""),
        ("forwarded", "Dikbud", ""),
        ("handled", "Dikbud", "Didaftarkan di PKBM"),
    ]
    assert (now.owner, now.steps[-1].reference, now.steps[-1].on) == ("Dikbud", "NC-417", date(2026, 11, 16))
    again = social_exchange.take(ws, content)
    assert (again.moved, again.same) == (0, 1)
    assert social.ticket(ws, each.id).steps == now.steps


def test_an_answer_never_takes_a_report_back(ws: Workspace) -> None:
    each = reported(ws)
    social_exchange.take(ws, answer(each, "selesai"))
    for status in ("diverifikasi", "sudah diterima", "ditolak"):
        assert social_exchange.take(ws, answer(each, status)).moved == 0
    assert social.ticket(ws, each.id).stage == "done"


def test_a_refusal_keeps_its_reason(ws: Workspace) -> None:
    first, second = reported(ws), reported(ws)
    social_exchange.take(ws, answer(first, "Ditolak", catatan="Bukan wewenang kami"))
    social_exchange.take(ws, answer(second, "ditolak"))
    assert social.ticket(ws, first.id).steps[-1].reason == "Bukan wewenang kami"
    assert social.ticket(ws, second.id).steps[-1].reason == "Ditolak tanpa alasan tertulis"


def test_a_bad_answer_stops_no_other(ws: Workspace) -> None:
    each = reported(ws)
    good = json.loads(answer(each))
    other = {"id": each.id, "tanggal": "2026-11-12"}
    good["jawaban"] = [
        {**other, "nomor": "SPM-SOS-202611-XXXX", "status": "selesai"},
        {**other, "nomor": each.number, "status": "dipikirkan"},
        {**other, "id": "nobody", "nomor": "?", "status": "selesai"},
        {"id": each.id},
        "kacau",
        *good["jawaban"],
    ]
    taken = social_exchange.take(ws, json.dumps(good).encode())
    assert (taken.moved, len(taken.refused)) == (1, 5)
    assert "SPM-SOS-202611-XXXX: nomornya bukan" in taken.refused[0]
    assert "5 tidak dapat dipakai" in taken.sentence
    assert social.ticket(ws, each.id).stage == "handled"


WRONG = (
    b"", b"{", b"[]", b'{"bentuk": "lain", "versi": 1, "jawaban": []}',
    b'{"bentuk": "posyandu-aduan", "versi": 9, "jawaban": []}', b'{"bentuk": "posyandu-aduan", "versi": 1}',
    b"[" * 100_000, b" " * 300_000,
)  # fmt: skip


@pytest.mark.parametrize("content", WRONG, ids=range(len(WRONG)))
def test_what_is_no_answer_is_refused(ws: Workspace, content: bytes) -> None:
    with pytest.raises(BadInput, match="bukan berkas jawaban"):
        social_exchange.take(ws, content)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda part: st.lists(part, max_size=3) | st.dictionaries(st.sampled_from(["id", "status", "nomor"]), part),
    max_leaves=8,
)


@given(JSON)
def test_whatever_an_answer_holds_nothing_breaks(body: object) -> None:
    ws = melati.post()
    content = json.dumps({"bentuk": "posyandu-aduan", "versi": 1, "jawaban": [body]}).encode()
    assert social_exchange.take(ws, content).moved == 0
    ws.close()


def test_days_out_of_reach_are_brought_into_it(ws: Workspace) -> None:
    first, second = reported(ws), reported(ws)
    social_exchange.take(ws, answer(first, tanggal="2031-01-01"))
    social_exchange.take(ws, answer(second, tanggal="1999-01-01"))
    assert {social.ticket(ws, each.id).steps[-1].on for each in (first, second)} == {melati.TODAY}


def test_a_file_that_cannot_be_read_says_so(ws: Workspace, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="tidak dapat dibaca"):
        social_exchange.read(ws, tmp_path / "tidak-ada.json")
    each = reported(ws)
    (tmp_path / "b.json").write_bytes(answer(each))
    assert social_exchange.read(ws, tmp_path / "b.json").moved == 1
