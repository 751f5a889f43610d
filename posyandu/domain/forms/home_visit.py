"""Kunjungan rumah: the checklists kader take into a home, one for each stage of life and one for TBC.

A checklist has yellow questions (a service is missing: remind, plan) and red ones (a danger sign: refer now). Which
answer is the bad one is declared with the question; `domain.home_visit` only reads that. With the questions of the
household, the plan and the result these make up the ten forms of the home visit (KMK 2015/2023, ILP). The formats are
still being changed by the ministry, so a form has a version and nothing outside this file names a question.
"""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from posyandu.domain.fields import Answers, Choice, Condition, Date, Field, Number, Text, YesNo, option
from posyandu.domain.form import Form, Section
from posyandu.domain.forms import measures
from posyandu.domain.forms.questions import VISITED_ON
from posyandu.text import N_


def is_unfinished(answers: Answers) -> bool:
    """Whether something is left to do."""
    return answers.get("result") == "open"


def gap(name: str, label: str, *, good: bool = True) -> YesNo:
    """A yellow question: a service that is missing when it is not answered with `good`."""
    return YesNo(name=f"{'gap' if good else 'habit'}_{name}", label=label)


def danger(name: str, label: str) -> YesNo:
    """A red question: a danger sign when it is answered with yes."""
    return YesNo(name=f"danger_{name}", label=label)


_START = Section(
    N_("Kunjungan"),
    (
        VISITED_ON,
        Number(name="visit_number", label=N_("Kunjungan ke"), low=1, high=99),
        Choice(
            name="why",
            label=N_("Alasan kunjungan"),
            options=(
                option("yearly", N_("Kunjungan tahunan")),
                option("absent", N_("Tidak mengakses pelayanan")),
                option("not_adherent", N_("Tidak patuh obat")),
                option("danger", N_("Ada tanda bahaya")),
                option("tbc", N_("Gejala TBC")),
                option("follow_up", N_("Tindak lanjut")),
            ),
        ),
        Number(name="temperature_tenth_c", label=N_("Suhu"), unit="°C", per_unit=10, decimals=1, low=340, high=430),
    ),
)

_END = (
    Section(
        N_("Cara bicara SAJI"),
        (
            YesNo(name="saji_greet", label=N_("Salam")),
            YesNo(name="saji_talk", label=N_("Ajak bicara")),
            YesNo(name="saji_explain", label=N_("Jelaskan dan bantu")),
            YesNo(name="saji_remind", label=N_("Ingatkan")),
        ),
    ),
    Section(
        N_("Rencana dan hasil"),
        (
            Text(name="education", label=N_("Edukasi yang diberikan"), lines=2),
            YesNo(name="health_worker_came", label=N_("Dikunjungi tenaga kesehatan")),
            Text(name="plan", label=N_("Rencana tindak lanjut"), lines=2),
            Text(name="plan_by", label=N_("Penanggung jawab")),
            Choice(
                name="result",
                label=N_("Hasil"),
                options=(
                    option("open", N_("Belum selesai")),
                    option("done", N_("Selesai")),
                    option("referred", N_("Dirujuk")),
                ),
            ),
            Date(name="next_on", label=N_("Kunjungan berikutnya"), past_only=False, shown_if=is_unfinished),
            Text(name="note", label=N_("Catatan"), lines=2),
        ),
    ),
)


def when(question: str) -> Condition:
    """Asked once this question was answered with yes."""

    def holds(answers: Answers) -> bool:
        return answers.get(question) is True

    holds.__name__ = f"{question}_yes"
    return holds


def answered(question: str) -> Condition:
    """Asked of whom the question is asked, whatever was said: who has no medicine has the illness too."""

    def holds(answers: Answers) -> bool:
        return answers.get(question) is not None

    holds.__name__ = f"{question}_answered"
    return holds


def _last(question: str, on: str, place: str, result: str = "") -> tuple[Field, ...]:
    """Day, place and result of what was done within the year, as the family tells or the card shows."""
    name = question.partition("_")[2]
    asked: list[Field] = [
        Date(name=f"{name}_on", label=on, shown_if=when(question)),
        Text(name=f"{name}_place", label=place, shown_if=when(question)),
    ]
    if result:
        asked.append(Text(name=f"{name}_result", label=result, shown_if=when(question)))
    return tuple(asked)


def checklist(
    name: str, title: str, yellow: tuple[Field, ...], red: tuple[Field, ...], last: tuple[Field, ...] = ()
) -> Form:
    """One checklist: the visit, its yellow and red questions, what was examined last, talking, plan and result."""
    return Form(
        name=name,
        title=title,
        version=2,
        links=("person_id", "household_id"),
        sections=(
            _START,
            Section(N_("Tanda bahaya (merah)"), red),
            Section(N_("Pelayanan dan kebiasaan (kuning)"), yellow),
            *((Section(N_("Pemeriksaan terakhir"), last),) if last else ()),
            *_END,
        ),
        source="KMK HK.01.07/MENKES/2015/2023, kunjungan rumah",
        since="2023-08-29",
    )


_KIA = gap("kia_book", N_("Punya Buku KIA"))
_MIND = gap("mind_screened", N_("Skrining jiwa sudah dilakukan"))
_SMOKES = gap("smokes", N_("Merokok atau terpapar asap rokok"), good=False)
_PLATE = gap("plate", N_("Makan sesuai Isi Piringku"))
_TBC_SIGN = replace(
    danger(
        "cough",
        N_("Gejala TBC: batuk terus-menerus, demam 2 minggu atau lebih, atau BB turun 2 bulan berturut-turut"),
    ),
    official="Rekap kunjungan rumah: gejala TBC",
)
"""The fourth reason of the weekly recap, in the words of the ministry's checklist of TBC; theirs have no other red."""

PREGNANT = checklist(
    "home_pregnant",
    N_("Kunjungan rumah: ibu hamil"),
    (
        _KIA,
        gap("anc", N_("Periksa hamil sesuai jadwal (K1-K6)")),
        _PLATE,
        gap("iron", N_("Punya TTD")),
        gap("iron_taken", N_("Minum TTD dalam 24 jam terakhir")),
        gap("muac", N_("LiLA sudah diukur")),
        gap("mother_class", N_("Ikut kelas ibu hamil")),
        _MIND,
    ),
    (
        danger("fever", N_("Demam lebih dari 2 hari")),
        danger("headache", N_("Sakit kepala berat")),
        danger("anxious", N_("Sulit tidur atau cemas berlebihan")),
        danger("diarrhoea", N_("Diare berulang")),
        danger("tbc", N_("Risiko TBC")),
        danger("movement", N_("Janin tidak bergerak")),
        danger("heart", N_("Jantung berdebar atau nyeri dada")),
        danger("fluid", N_("Keluar cairan dari jalan lahir")),
        danger("urine", N_("Sakit saat kencing atau keputihan")),
        danger("pain", N_("Nyeri perut hebat")),
    ),
)

POSTPARTUM = checklist(
    "home_postpartum",
    N_("Kunjungan rumah: ibu bersalin dan nifas"),
    (
        _KIA,
        gap("kf", N_("Pelayanan nifas sesuai jadwal (KF1-KF4)")),
        gap("vitamin_a", N_("Sudah minum vitamin A nifas")),
        gap("breastfeeding", N_("Menyusui")),
        gap("contraception", N_("Sudah ber-KB sesudah melahirkan")),
        _MIND,
    ),
    (
        danger("fever", N_("Demam")),
        danger("sad", N_("Sedih atau merasa bersalah")),
        danger("urine", N_("Gangguan buang air kecil")),
        danger("breath", N_("Napas pendek, atau batuk lebih dari 2 minggu")),
        danger("headache", N_("Sakit kepala")),
        danger("bleeding", N_("Perdarahan: pembalut penuh dalam 5 menit")),
        danger("swollen", N_("Kelamin bengkak atau luka")),
        replace(
            danger("fluid", N_("Keluar cairan dari jalan lahir")), official="Buku KIA: lembar pemantauan ibu nifas"
        ),
        danger("stomach", N_("Nyeri ulu hati")),
        danger("vision", N_("Pandangan kabur")),
        danger("breast", N_("Payudara bengkak atau merah")),
        danger("lochia", N_("Darah nifas berbau")),
        danger("discharge", N_("Keputihan")),
        danger("heart", N_("Jantung berdebar")),
    ),
)

INFANT = checklist(
    "home_infant",
    N_("Kunjungan rumah: bayi 0-6 bulan"),
    (
        _KIA,
        gap("breastmilk_only", N_("ASI eksklusif")),
        gap("measured", N_("BB, PB dan lingkar kepala diukur bulan ini")),
        gap("kn", N_("Kunjungan neonatal lengkap (KN1-KN3)")),
        gap("immunised", N_("Imunisasi sesuai umur")),
    ),
    (
        danger("breath", N_("Napas cepat atau sesak")),
        danger("weak", N_("Lemah")),
        danger("colour", N_("Kulit biru atau kuning")),
        danger("suck", N_("Isapan lemah atau muntah")),
        danger("fit", N_("Kejang")),
        danger("stool", N_("Gangguan buang air besar")),
        danger("urine", N_("Kencing kurang dari normal (6 jam)")),
        danger("cord", N_("Tali pusat merah, basah atau berbau")),
        danger("eyes", N_("Mata bernanah")),
        danger("skin", N_("Kulit bernanah")),
        danger("no_first_doses", N_("Belum imunisasi HB0 atau BCG")),
    ),
)

CHILD = checklist(
    "home_child",
    N_("Kunjungan rumah: balita dan apras 6-71 bulan"),
    (
        _KIA,
        gap("measured", N_("BB, TB dan lingkar kepala diukur")),
        gap("immunised", N_("Imunisasi sesuai umur")),
        gap("deworming", N_("Sudah minum obat cacing")),
        gap("vitamin_a", N_("Sudah mendapat vitamin A")),
        gap("varied_food", N_("Makan beragam")),
    ),
    (
        danger("breath", N_("Sesak atau batuk berbunyi")),
        danger("fever", N_("Demam disertai kejang atau perdarahan")),
        danger("diarrhoea", N_("Diare dengan mata cekung atau darah")),
        danger("urine", N_("Kencing sedikit")),
        danger("colour", N_("Kulit biru atau pucat")),
        danger("weak", N_("Lemah")),
        danger("refuses", N_("Tidak mau makan atau minum")),
        danger("no_gain", N_("Berat badan tidak naik")),
    ),
)

_MIND_LAST = (
    *_last("gap_mind_screened", N_("Skrining jiwa, tanggal"), N_("Skrining jiwa, tempat")),
    Text(name="mind_screened_by", label=N_("Skrining jiwa, petugas"), shown_if=when("gap_mind_screened")),
)
_GROWN_LAST = (
    *_last("gap_pressure", N_("Tekanan darah, tanggal"), N_("Tekanan darah, tempat"), N_("Tekanan darah, hasil")),
    Date(
        name="hypertension_since", label=N_("Hipertensi, tanggal diagnosis"), shown_if=answered("gap_pressure_medicine")
    ),
    *_last("gap_glucose", N_("Gula darah, tanggal"), N_("Gula darah, tempat"), N_("Gula darah, hasil")),
    Date(
        name="diabetes_since", label=N_("Kencing manis, tanggal diagnosis"), shown_if=answered("gap_glucose_medicine")
    ),
    *_MIND_LAST,
)

SCHOOL = checklist(
    "home_school",
    N_("Kunjungan rumah: usia sekolah dan remaja"),
    (
        gap("measured", N_("BB, TB dan lingkar perut diukur")),
        _PLATE,
        gap("iron", N_("Remaja putri: punya TTD")),
        gap("iron_taken", N_("Remaja putri: minum TTD dalam 7 hari terakhir")),
        gap("haemoglobin", N_("Remaja putri: skrining Hb dalam 1 tahun")),
        gap("pressure", N_("15 tahun ke atas: tekanan darah diperiksa dalam 1 tahun")),
        gap("glucose", N_("15 tahun ke atas: gula darah diperiksa dalam 1 tahun")),
        _SMOKES,
        YesNo(name="habit_smokes_actively", label=N_("Merokok sendiri")),
        _MIND,
    ),
    (_TBC_SIGN,),
    (
        *_last("gap_measured", N_("Terakhir ditimbang, tanggal"), N_("Terakhir ditimbang, tempat")),
        *(replace(each, shown_if=when("gap_measured")) for each in (measures.WEIGHT, measures.HEIGHT, measures.WAIST)),
        *_last("gap_haemoglobin", N_("Hb, tanggal"), N_("Hb, tempat"), N_("Hb, hasil")),
        *_last("gap_pressure", N_("Tekanan darah, tanggal"), N_("Tekanan darah, tempat"), N_("Tekanan darah, hasil")),
        *_last("gap_glucose", N_("Gula darah, tanggal"), N_("Gula darah, tempat"), N_("Gula darah, hasil")),
        *_MIND_LAST,
    ),
)

_GROWN_YELLOW = (
    gap("pressure", N_("Tekanan darah diperiksa dalam 1 tahun")),
    gap("pressure_medicine", N_("Bila hipertensi: ada obat")),
    gap("pressure_taken", N_("Bila hipertensi: obat diminum teratur")),
    gap("glucose", N_("Gula darah diperiksa dalam 1 tahun")),
    gap("glucose_medicine", N_("Bila kencing manis: ada obat")),
    gap("glucose_taken", N_("Bila kencing manis: obat diminum teratur")),
)

ADULT = checklist(
    "home_adult",
    N_("Kunjungan rumah: usia dewasa"),
    (*_GROWN_YELLOW, gap("contraception", N_("Pasangan usia subur: ber-KB")), _SMOKES, _MIND),
    (_TBC_SIGN,),
    _GROWN_LAST,
)

ELDERLY = checklist(
    "home_elderly",
    N_("Kunjungan rumah: lansia"),
    (
        *_GROWN_YELLOW,
        gap("aks", N_("AKS dinilai dalam 1 tahun")),
        gap("skilas", N_("SKILAS dinilai dalam 1 tahun")),
        _SMOKES,
        _MIND,
    ),
    (_TBC_SIGN,),
    (
        *_GROWN_LAST,
        *_last("gap_aks", N_("AKS, tanggal"), N_("AKS, tempat")),
        *_last("gap_skilas", N_("SKILAS, tanggal"), N_("SKILAS, tempat")),
    ),
)

TBC = checklist(
    "home_tbc",
    N_("Kunjungan rumah: penyakit menular (TBC)"),
    (
        gap("medicine_taken", N_("Obat TBC diminum teratur")),
        gap("companion", N_("Ada pengawas minum obat (PMO)")),
        gap("contacts_listed", N_("Kontak serumah dan kontak erat sudah didata")),
        gap("contacts_checked", N_("Kontak sudah diperiksa")),
        gap("mask", N_("Memakai masker dan menutup mulut saat batuk")),
        gap("air", N_("Rumah mendapat udara dan cahaya matahari")),
    ),
    (
        danger("blood", N_("Batuk darah")),
        danger("breath", N_("Sesak napas")),
        danger("side_effect", N_("Kulit kuning, muntah terus atau gangguan penglihatan karena obat")),
        danger("contact_cough", N_("Ada kontak yang batuk, demam atau berat badannya turun")),
    ),
)

CHECKLISTS: Mapping[str, Form] = MappingProxyType(
    {form.name: form for form in (PREGNANT, POSTPARTUM, INFANT, CHILD, SCHOOL, ADULT, ELDERLY, TBC)}
)
"""The checklists by name, in the order of the home-visit book."""
