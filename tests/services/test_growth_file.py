"""A file of measurements scored: every accepted spelling, every reason for refusal, and nothing else touched."""

import csv
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posyandu.__main__ import main
from posyandu.domain.errors import BadInput, NotFound
from posyandu.services import growth_file

ROOT = Path(__file__).parents[2]

EXAMPLE = """id,sex,age_days,weight_kg,lenhei_cm,measure
a,L,0,2.4,46.0,l
b,P,400,5.0,70.0,l
c,P,740,9.0,80.0,l
d,L,1096,18.5,95.0,h
"""


def scored(folder: Path, text: str | bytes) -> list[dict[str, str]]:
    """What comes out for this file, row by row."""
    source, target = folder / "masuk.csv", folder / "keluar.csv"
    source.write_bytes(text if isinstance(text, bytes) else text.encode())
    growth_file.run(source, target)
    lines = target.read_text("utf-8-sig").splitlines()
    separator = max(",;\t", key=lines[0].count)
    return list(csv.DictReader(lines, delimiter=separator))


def scored_rows(folder: Path, text: str) -> list[dict[str, str]]:
    """The same of a file whose cells may hold more than a line."""
    scored(folder, text)
    with (folder / "keluar.csv").open(encoding="utf-8", newline="") as file:
        separator = max(",;\t", key=file.readline().count)
        file.seek(0)
        return list(csv.DictReader(file, delimiter=separator))


def test_adds_scores_flags_and_classes_beside_what_was_there(tmp_path: Path) -> None:
    newborn, thin, lying, heavy = scored(tmp_path, EXAMPLE)
    assert list(newborn) == [
        *("id", "sex", "age_days", "weight_kg", "lenhei_cm", "measure"),
        *("waz", "haz", "whz", "baz", "hcz", "acz", "flags"),
        *("bb_u", "tb_u", "bb_tb", "imt_u", "lk_u", "lila", "error"),
    ]
    assert [newborn[name] for name in ("waz", "haz", "whz", "baz", "hcz", "acz")] == [
        *("-2.15", "-2.05", "-0.92", "-1.79", "", "")
    ]
    assert (newborn["bb_u"], newborn["tb_u"], newborn["bb_tb"]) == (
        "Berat badan kurang",
        "Pendek",
        "Gizi baik (normal)",
    )
    assert (newborn["imt_u"], newborn["lk_u"], newborn["lila"]) == ("Gizi baik (normal)", "", "")
    assert (thin["flags"], thin["bb_tb"], thin["error"]) == ("whz baz", "Gizi buruk", "")
    assert lying["haz"] == "-2.06"
    assert (heavy["whz"], heavy["imt_u"]) == ("3.26", "Obesitas")


def test_says_how_many_rows_became_what(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(EXAMPLE + "e,?,3,4,50,l\nf,P,3,,,\n\n")
    result = growth_file.run(tmp_path / "a.csv", tmp_path / "b.csv")
    assert result == growth_file.GrowthFileResult(rows=6, scored=4, flagged=1, errors=1)
    assert str(result) == "6 baris dibaca: 4 dinilai, 1 perlu diukur ulang, 1 tidak terbaca."


@pytest.mark.parametrize(
    ("spellings", "same_as"),
    [
        (("L", "l", "M", "1", "1.0", "laki-laki", "LAKI LAKI", "male", "boy", "Lk"), "male"),
        (("P", "p", "F", "2", "2.0", "perempuan", "PEREMPUAN", "female", "girl", "pr"), "female"),
    ],
)
def test_sex_is_understood_however_it_is_written(tmp_path: Path, spellings: tuple[str, ...], same_as: str) -> None:
    text = "sex,age_days,weight_kg\n" + "".join(f"{sex},365,9\n" for sex in spellings)
    assert {row["waz"] for row in scored(tmp_path, text)} == {"-0.63" if same_as == "male" else "0.05"}


def test_decimal_comma_semicolons_mark_of_excel_and_capitals_are_accepted(tmp_path: Path) -> None:
    text = "Sex;AGE_DAYS;Weight_kg;lenhei_cm;measure;nama\nL;0;2,4;46,0;Terlentang;Añi\n"
    (with_mark,) = scored(tmp_path, b"\xef\xbb\xbf" + text.encode())
    (without,) = scored(tmp_path, text)
    (old_windows,) = scored(tmp_path, text.encode("cp1252"))
    (unicode_text,) = scored(tmp_path, text.replace(";", "\t").encode("utf-16"))
    assert with_mark == without == old_windows == unicode_text
    assert (without["waz"], without["haz"], without["nama"]) == ("-2.15", "-2.05", "Añi")


def test_the_mark_of_excel_is_kept_where_it_was(tmp_path: Path) -> None:
    for start in (b"", b"\xef\xbb\xbf"):
        (tmp_path / "a.csv").write_bytes(start + EXAMPLE.encode())
        growth_file.run(tmp_path / "a.csv", tmp_path / "a.csv")
        assert (tmp_path / "a.csv").read_bytes().startswith(b"\xef\xbb\xbf") is bool(start)


def test_a_file_scored_again_into_itself_stays_the_same(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(EXAMPLE)
    growth_file.run(path, path)
    once = path.read_bytes()
    growth_file.run(path, path)
    assert path.read_bytes() == once
    assert [file.name for file in tmp_path.iterdir() if file.suffix == ".tmp"] == []


def test_a_column_named_like_an_added_one_passes_through_under_another_name(tmp_path: Path) -> None:
    text = "LILA,error,sex,age_days,weight_kg,waz\n12.3,lama,L,365,9,-9\n"
    (row,) = scored(tmp_path, text)
    assert list(row)[:6] == ["LILA_asal", "error_asal", "sex", "age_days", "weight_kg", "waz_asal"]
    assert (row["LILA_asal"], row["error_asal"], row["waz_asal"]) == ("12.3", "lama", "-9")
    assert (row["lila"], row["error"], row["waz"]) == ("", "", "-0.63")


@pytest.mark.parametrize("before", ["sep=,\n", "SEP=,\r\n", "\n", "  \n\n"])
def test_what_excel_or_a_hand_left_above_the_names_of_the_columns_is_passed_over(tmp_path: Path, before: str) -> None:
    assert [row["waz"] for row in scored(tmp_path, before + "sex,age_days,weight_kg\nL,365,9\n")] == ["-0.63"]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_quotation_mark_nobody_closes_spoils_only_its_row(tmp_path: Path, separator: str) -> None:
    lines = [
        *('sex,age_days,weight_kg,nama,alamat', 'L,365,9,pipa 6",Gubuk', 'L,365,9,"Ani,Gubuk', '"L,365,9,Budi,Gubuk'),
        *('L,365,9,"Ani, S.Pd","Cici', *["L,365,9,Dedi,Gubuk"] * 60, 'L,365,9,"Eko\nTimur","dekat ""masjid"""'),
    ]  # fmt: skip
    rows = scored_rows(tmp_path, "\n".join(line.replace(",", separator) for line in lines))
    assert [row["nama"] for row in rows[:3]] == ['pipa 6"', "Ani", "Budi"]
    assert rows[3]["error"] == "jumlah kolom lebih banyak daripada judulnya"
    assert (rows[-1]["nama"], rows[-1]["alamat"]) == ("Eko\nTimur", 'dekat "masjid"')
    assert [row["waz"] for row in rows if not row["error"]] == ["-0.63"] * 64


def test_age_comes_from_days_else_dates_else_months(tmp_path: Path) -> None:
    rows = scored(
        tmp_path,
        "sex,age_days,birth_date,visit_date,age_months,weight_kg\n"
        "L,731,,,,12\n"
        "L,731,2020-01-01,2020-01-02,3,12\n"
        "L,,2024-01-15,2026-01-15,3,12\n"
        "L,,15-01-2024,15/01/2026,,12\n"
        "L,,15-Jan-2024,15 Januari 2026,,12\n"
        "L,,2024-01-15 00:00:00,2026-1-15,,12\n"
        "L,,,,24,12\n"
        "L,730.5,,,,12\n",
    )
    assert {row["waz"] for row in rows} == {"-0.11"}
    assert {row["bb_u"] for row in rows} == {"Berat badan normal"}


def test_without_an_age_only_weight_for_length_is_given(tmp_path: Path) -> None:
    (row,) = scored(tmp_path, "sex,weight_kg,lenhei_cm\nL,9,75\n")
    assert (row["waz"], row["whz"], row["bb_tb"], row["error"]) == ("", "-0.66", "", "")


def test_older_children_are_scored_by_the_reference_of_2007(tmp_path: Path) -> None:
    first, second = scored(tmp_path, "sex,age_months,weight_kg,lenhei_cm\nL,100,26,128\nP,200,50,160\n")
    assert (first["waz"] != "", first["haz"] != "", first["whz"], first["bb_u"]) == (True, True, "", "")
    assert (second["waz"], second["imt_u"]) == ("", "Gizi baik (normal)")


def test_head_arm_and_swelling_are_read(tmp_path: Path) -> None:
    well, swollen = scored(
        tmp_path,
        "sex,age_days,weight_kg,lenhei_cm,head_cm,muac_cm,oedema\nL,365,9,75,46,12.4,n\nL,365,9,75,40,11.4,ya\n",
    )
    assert (well["hcz"], well["acz"], well["lk_u"], well["lila"]) == ("-0.05", "-2.14", "Normal", "Gizi kurang")
    assert (swollen["waz"], swollen["whz"], swollen["baz"], swollen["haz"]) == ("", "", "", "-0.31")
    assert (swollen["lk_u"], swollen["lila"]) == ("Kurang dari normal", "Gizi buruk")
    assert (well["bb_tb"], swollen["bb_tb"]) == ("Gizi baik (normal)", "Gizi buruk")


def test_swelling_is_gizi_buruk_only_at_the_ages_that_class_is_made_for(tmp_path: Path) -> None:
    text = "sex,age_days,weight_kg,lenhei_cm,oedema\nP,1826,16,110,1\nP,2000,16,110,y\nP,,9,75,y\n"
    rows = scored(tmp_path, text)
    assert [row["bb_tb"] for row in rows] == ["Gizi buruk", "", ""]
    assert {row["waz"] + row["whz"] + row["baz"] + row["imt_u"] for row in rows} == {""}


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (",365,,,9,75,l,n", "sex kosong"),
        ("x,365,,,9,75,l,n", "sex: x tidak dikenal"),
        ("L,tua,,,9,75,l,n", "age_days: tua bukan angka"),
        ("L,-3,,,9,75,l,n", "age_days: -3 kurang dari nol"),
        ("L,7000,,,9,75,l,n", "umur di luar tabel WHO (0 sampai 19 tahun)"),
        ("L,6940,,,60,170,h,n", "umur di luar tabel WHO (0 sampai 19 tahun)"),  # 228.01 months
        ("L,,2005-01-01,2024-01-03,60,170,h,n", "umur di luar tabel WHO (0 sampai 19 tahun)"),
        ("L,365,,,1.000.0,75,l,n", "weight_kg: 1.000.0 bukan angka"),
        ("L,365,,,99999999,75,l,n", "weight_kg: 99999999 bukan angka"),
        ("L,365,,,١٢,75,l,n", "weight_kg: ١٢ bukan angka"),
        ("L,365,,,inf,75,l,n", "weight_kg: inf bukan angka"),
        ("L,365,,,9,75,x,n", "measure: x tidak dikenal"),
        ("L,365,,,9,75,l,mungkin", "oedema: mungkin tidak dikenal"),
        ("L,,2024-02-30,2024-03-01,9,75,l,n", "birth_date: 2024-02-30 bukan tanggal"),
        ("L,,5 mei,2024-03-01,9,75,l,n", "birth_date: 5 mei bukan tanggal"),
        ("L,,2024-03-01,2024-02-01,9,75,l,n", "visit_date sebelum birth_date"),
        ("L,365,,,9,5,75,l,n", "jumlah kolom lebih banyak daripada judulnya"),
    ],
)
def test_a_bad_row_gets_its_reason_and_the_others_go_on(tmp_path: Path, row: str, reason: str) -> None:
    heading = "sex,age_days,birth_date,visit_date,weight_kg,lenhei_cm,measure,oedema"
    bad, good = scored(tmp_path, f"{heading}\n{row}\nL,365,,,9,75,l,n\n")
    assert bad["error"] == reason
    assert {bad[name] for name in growth_file.ADDED[:-1]} == {""}
    assert (good["waz"], good["error"]) == ("-0.63", "")


cells = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["L", "p", "1", "0", "365", "12,5", ".00000000000000000001", "9999999", "-1", "2024-02-29", "l", "ya"]
    ),
)


@given(st.lists(st.lists(cells, min_size=1, max_size=12), max_size=8), st.sampled_from(",;\t"))
def test_whatever_a_file_holds_every_row_comes_back_with_scores_or_a_reason(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]], separator: str
) -> None:
    folder = tmp_path_factory.mktemp("acak")
    names = ["sex", "age_days", "birth_date", "visit_date", "weight_kg", "lenhei_cm", "measure", "head_cm", "muac_cm"]
    with (folder / "a.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=separator).writerows([names, *rows])
    result = growth_file.run(folder / "a.csv", folder / "b.csv")
    with (folder / "b.csv").open(encoding="utf-8", newline="") as file:
        heading, *written = csv.reader(file, delimiter=separator)
    assert len(written) == len(rows) == result.rows
    assert heading == [*names, *growth_file.ADDED]
    for before, after in zip(rows, written, strict=True):
        assert after[: len(before)][: len(names)] == before[: len(names)]
        scores, error = after[len(names) : len(names) + 6], after[len(heading) - 1]
        assert not (error and any(scores))


def test_missing_values_and_short_rows_are_no_errors(tmp_path: Path) -> None:
    rows = scored(tmp_path, "sex,age_days,weight_kg,lenhei_cm,measure\nL,365,NA,-,\nL,365\nL,365,0,0,\n")
    assert [row["error"] for row in rows] == ["", "", ""]
    assert [row["waz"] for row in rows] == ["", "", ""]


def test_what_cannot_be_used_is_said_in_a_sentence_and_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="tidak ditemukan"):
        growth_file.run(tmp_path / "tidak-ada.csv", tmp_path / "b.csv")
    (tmp_path / "a.csv").write_text("nama,berat\nAni,9\n")
    with pytest.raises(BadInput, match="Kolom sex tidak ada"):
        growth_file.run(tmp_path / "a.csv", tmp_path / "b.csv")
    csv.field_size_limit(1 << 30)  # as another reader in this process may have left it
    (tmp_path / "a.csv").write_text("sex\n" + "L" * 200_000 + "\n")
    with pytest.raises(BadInput, match="bukan CSV"):
        growth_file.run(tmp_path / "a.csv", tmp_path / "b.csv")
    (tmp_path / "a.csv").write_text(EXAMPLE)
    with pytest.raises(BadInput, match="tidak dapat ditulis"):
        growth_file.run(tmp_path / "a.csv", tmp_path / "tidak" / "ada.csv")
    assert [file.name for file in tmp_path.glob("*") if file.name != "rumah"] == ["a.csv"]


def test_a_file_nobody_may_read_is_not_blamed_on_the_target(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.csv").write_text(EXAMPLE)
    opened = Path.open

    def refuse(path: Path, mode: str = "r", **more: Any) -> object:  # noqa: ANN401 - root may read everything
        if path.name == "a.csv":
            raise PermissionError(13, "Permission denied")
        return opened(path, mode, **more)

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(BadInput, match=r"^Berkas a\.csv tidak dapat dibuka\.$"):
        growth_file.run(tmp_path / "a.csv", tmp_path / "b.csv")
    assert not (tmp_path / "b.csv").exists()


def test_is_a_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.csv").write_text(EXAMPLE)
    assert main(["growth", str(tmp_path / "a.csv"), "-o", str(tmp_path / "b.csv")]) == 0
    assert "4 baris dibaca: 4 dinilai" in capsys.readouterr().out
    assert main(["growth", str(tmp_path / "c.csv"), "-o", str(tmp_path / "b.csv")]) == 1
    assert "Berkas c.csv tidak ditemukan." in capsys.readouterr().err


def test_loads_neither_window_nor_database() -> None:
    code = "import sys, posyandu.services.growth_file; print([m for m in sys.modules if 'sql' in m or 'PySide' in m])"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert told.stdout.strip() == "[]"
