"""House rule: a number that a dated rule can change is not written into a text; the text names its place.

Every number in the questions of the forms, in the sentences of the code and in the help stands here with the reason
why no rule of resources/rules can change it: the words of an official paper or instrument, or no rule at all.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from posyandu import text as text_module
from posyandu.domain.bounds import BOUNDS, filled
from posyandu.domain.fields import Choice, Field, YesNo
from posyandu.domain.form import Form
from posyandu.domain.forms import FORMS
from tests.domain.shipped import RESOURCES, RULES

ROOT = RESOURCES.parent
PLACE = re.compile(r"\{[^{}]*\}")

# A form, a question, and why its number stays as the paper prints it.
IN_FORMS = {
    ("*", "tbc_fever"): "Kartu Bantu ILP 2023 prints the sign so",
    ("*", "tbc_weight"): "Kartu Bantu ILP 2023 prints the sign so",
    ("*", "position"): "the age at which WHO's tables change from length to height, with the tables",
    ("*", "glucose_timing"): "2 jam PP is what the test is called",
    ("development", "*"): "checklist of Buku KIA, word by word",
    ("srq20", "*"): "SRQ-20, KMK Formulir 6, word by word: its numbers and thirty days",
    ("aks", "*"): "Indeks Barthel, word by word",
    ("skilas", "*"): "SKILAS, word by word",
    ("sdq", "sdq_informant"): "SDQ: who fills it in belongs to the instrument",
    ("adult_visit", "eye_right"): "tes hitung jari: how the test is done",
    ("adult_visit", "puma_smoked"): "PUMA, KMK Formulir 4: what counts as no smoker",
    ("adult_visit", "covid_immunised"): "a name",
    ("under_five_visit", "oedema"): "how it is tested, and the degrees of the SIGIZI form",
    ("health_history", "*"): "Kartu Skrining Posbindu PTM, word by word",
    ("nakes_exam", "instrument"): "a name",
    ("nakes_exam", "visus_right"): "classes of visus, KMK",
    ("nakes_exam", "visus_left"): "classes of visus, KMK",
    ("nakes_exam", "whisper_passed"): "tes bisik: how the test is judged, KMK",
    ("postpartum_visit", "danger_bleeding"): "checklist of the home visit, word by word",
    ("postpartum_visit", "danger_breath"): "checklist of the home visit, word by word",
    ("home_*", "*"): "checklists of the home visit, word by word; their names say their ages",
    ("school_visit", "iron_weekly"): "checklist of the home visit, word by word",
    ("pregnancy", "*"): "names: P4K, K1-K6, KF1-KF4",
    ("newborn", "*"): "names: vitamin K1, HB0, KN1-KN3",
    ("referral", "urgency"): "what the kader chooses",
    ("training", "topic"): "25 keterampilan dasar: a name",
    ("feeding_week", "*"): "the days of the week that is asked about",
    ("sealed", "purpose"): "a name",
    ("ruling", "*"): "what the dinas chooses from, by the names of the papers that say so",
    ("social_ticket", "referred_to"): "a name",
    ("social_step", "sent_to"): "a name",
    ("month_report", "month"): "an example",
    ("stock", "month"): "an example",
    ("fund", "rupiah"): "an example",
    ("consent", "text_version"): "an example",
}


def texts_of(field: Field) -> Iterator[str]:
    yield from (field.label, field.hint)
    if isinstance(field, Choice):
        yield from (each.label for each in field.options)
    if isinstance(field, YesNo):
        yield from (field.yes, field.no)


def is_meant(form: str, question: str) -> bool:
    forms = {form, "*", "home_*" if form.startswith("home_") else form}
    return any((name, each) in IN_FORMS for name in forms for each in (question, "*"))


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS.keys())
def test_no_question_of_a_form_keeps_a_number_that_a_rule_can_change(form: Form) -> None:
    plain = [
        (field.name, text)
        for field in form.fields.values()
        for text in texts_of(field)
        if re.search(r"[1-9]", PLACE.sub("", text)) and not is_meant(form.name, field.name)
    ]
    assert not plain, "a place that posyandu/domain/bounds.py fills, or a line with the reason here"
    titles = [section.title for section in form.sections if re.search(r"\d", section.title)]
    assert not [title for title in titles if not is_meant(form.name, "*")]


def test_every_reason_is_still_one() -> None:
    numbers = {
        (form.name, field.name)
        for form in FORMS.values()
        for field in form.fields.values()
        if any(re.search(r"[1-9]", PLACE.sub("", text)) for text in texts_of(field))
    }
    for name, question in IN_FORMS:
        pattern = re.compile(name.replace("*", ".*"))
        assert [each for each in numbers if pattern.fullmatch(each[0]) and question in ("*", each[1])], (name, question)


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS.keys())
def test_only_hints_have_places_and_the_rules_fill_each(form: Form) -> None:
    """Labels, answers and headings stand in lists, papers and spreadsheets too, where nothing fills them."""
    for field in form.fields.values():
        hint, *others = (field.hint, *(text for text in texts_of(field) if text is not field.hint))
        assert not [text for text in others if PLACE.search(text)]
        assert {place.strip("{}") for place in PLACE.findall(hint)} <= set(BOUNDS)
        assert "{" not in filled(hint, RULES)
    assert not [section.title for section in form.sections if PLACE.search(section.title)]


# What stands in the sentences of the code, by the file: the text without the number, or a part of it, and why.
OFFICIAL_HEADS = {
    "BB/U (0–5 tahun)", "6–14 tahun", "15–18 tahun", "19–59 tahun", "60 tahun ke atas", "Memenuhi 2 gejala",
    "ASI eksklusif (0–6 bulan)", "MP-ASI sesuai (>6 bulan)", "Lebih (P >80, L >90)",
    "Lingkar perut, 15 tahun ke atas", "Tekanan darah, 15 tahun ke atas", "Gula darah, 15 tahun ke atas",
    "Bergejala (2 gejala)", "L >90 cm", "P >80 cm", "Skor 5 atau kurang", "Skor 6 atau lebih", "Nomor 17 ya",
    "Kurang dari 6", "6 atau lebih",
}  # fmt: skip
"""The heads of the recaps as the ministry's blanks print them: another rule wants another blank."""
IN_SENTENCES = {
    "demam 2 minggu atau lebih": "the sign as the card prints it",
    "berat tidak naik atau turun 2 bulan": "the sign as the card prints it",
    "BB tidak naik 2 bulan": "the sign as the card prints it",
    "ASI eksklusif 6 bulan": "PIS-PK: the name of the indicator",
    "2 jam sesudah makan": "2 jam PP is what the test is called",
    "{moved} dalam {n} bulan, kurang dari persentil 5 WHO ({least}).": "which table of WHO it is",
    "skor {n} dari 20": "Barthel has so many points",
    "Skor {score} dari 20: {label}.": "Barthel has so many points",
    "Ya dijawab {n} kali dari 20.": "SRQ-20 has so many questions",
    "{n} dari 20 pertanyaan dijawab.": "SRQ-20 has so many questions",
    "{n} dari 10 kegiatan dijawab.": "Barthel has so many questions",
    "{n} dari 6 bagian selesai.": "SKILAS has so many domains",
    "Mandiri (AKS 20)": "the name of the indicator",
    "Hari buka dalam 12 bulan": "telaah kemandirian: the name of the indicator",
    "Kunjungan 12 bulan": "telaah kemandirian looks at a year",
    "tidak ada dalam 12 bulan": "telaah kemandirian looks at a year",
    "Belum 2 tahun tetapi diukur berdiri. Ukur lagi terlentang; hasil ini dikoreksi 0,7 cm.": "WHO's method",
    "Sudah 2 tahun tetapi diukur terlentang. Ukur berdiri bila bisa; hasil ini dikoreksi 0,7 cm.": "WHO's method",
    "umur di luar tabel WHO (0 sampai 19 tahun)": "the ages of WHO's tables",
    "IKS = Y / (12 − N), bila tidak ada yang belum diketahui.": "PIS-PK has twelve indicators",
    "L laki-laki, P perempuan. AGO: di atas garis oranye, dilaporkan sejak KMS 2020.": "a year",
}
NO_RULE = re.compile(
    r"\b[234]T\b|COVID-19|angka|huruf|05-03-2024|2026|1904|koma|wajar|13/2024|Permenkes|\bdari 100|Mutu|Minggu 1"
    r"|Angka|NIK|\b16\b|0000|KMK|UU |Pasal|Format|kotak|tanggal 1|Langkah|0\.2\.0|Rekapitulasi ILP|SRQ-20|\(8\) rahasia"
    r"|bukan 0|sampai (60 kg|150 cm|35 cm|65 cm)"
)
"""How something is typed, dates, names of laws and papers, layouts of files, our own marks."""


def sentences(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("_", "N_", "placed"):
            argument = node.args[0]
            if isinstance(argument, ast.Constant):
                yield str(argument.value)


@pytest.mark.parametrize("layer", ["domain", "reports", "services"])
def test_no_sentence_of_the_code_keeps_a_number_that_a_rule_can_change(layer: str) -> None:
    files = [file for file in (ROOT / "posyandu" / layer).rglob("*.py") if not {"forms", "sample"} & set(file.parts)]
    plain = [
        (file.name, text)
        for file in files
        for text in sentences(file)
        if re.search(r"(?<![A-Za-z])[1-9]", PLACE.sub("", text))
        and not (text in OFFICIAL_HEADS or text in IN_SENTENCES or NO_RULE.search(text))
    ]
    assert not plain, "a place, or the text with its reason here"


def test_every_sentence_named_here_is_still_said() -> None:
    said = {text for file in (ROOT / "posyandu").rglob("*.py") for text in sentences(file)}
    assert OFFICIAL_HEADS | set(IN_SENTENCES) <= said


IN_THE_HELP = {
    "03-buku-register": ({"8,2", "70,4"}, "how a number is typed"),
    "05-sasaran": ({"3/24"}, "how a date is typed"),
    "07-cara-mengukur": ({"0,1", "2 tahun", "0,7"}, "WHO's method, with its tables"),
    "11-latihan": ({"18 bulan"}, "how long the made-up village goes back"),
    "15-tindak-lanjut": ({"30 hari"}, "how long the list of what is done goes back: a habit of ours"),
    "19-petugas": ({"23 bulan", "100.000", "20.000"}, "OpenSID's own sheet; what our import can hold"),
}
"""What the help writes plainly, by chapter, and why no rule can change it."""
UNITS = {"bulan": "months", "hari kerja": "working days", "tahun": "years", "hari": "days"}
BARE = re.compile(rf"\d+[.,]\d+|\d+/\d{{2,3}}\b|\d+ (?:cm|{'|'.join((*UNITS, *UNITS.values()))})\b")


def in_english(number: str) -> str:
    figures, _blank, unit = number.partition(" ")
    figures = figures.translate(str.maketrans(",.", ".,"))
    return f"{figures} {UNITS.get(unit, unit)}" if unit else figures


@pytest.mark.parametrize("chapter", sorted(file.stem for file in (RESOURCES / "help").glob("*.md")))
def test_the_help_takes_its_bounds_from_the_rules(chapter: str) -> None:
    meant = IN_THE_HELP.get(chapter, (set(), ""))[0]
    for folder, expected in (("", meant), ("en", {in_english(number) for number in meant})):
        text = (RESOURCES / "help" / folder / f"{chapter}.md").read_text("utf-8")
        assert set(BARE.findall(PLACE.sub("", text))) == expected, "a place, or the number with its reason"
        assert "{" not in filled(text, RULES)


@pytest.mark.parametrize("chapter", ["04-kunjungan", "06-hasil", "13-istilah", "16-keluarga", "17-masalah-sosial"])
def test_the_chapters_on_results_name_bounds_at_all(chapter: str) -> None:
    for folder in ("", "en"):
        assert PLACE.findall((RESOURCES / "help" / folder / f"{chapter}.md").read_text("utf-8"))


def test_no_other_chapter_has_a_place_that_nothing_fills() -> None:
    for file in (RESOURCES / "help").rglob("*.md"):
        assert {place.strip("{}") for place in PLACE.findall(file.read_text("utf-8"))} <= set(BOUNDS), file.name


def test_a_text_is_filled_by_the_book_that_is_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_module._Places, "filled_by", staticmethod(text_module._nobody))
    assert text_module.placed("di bawah {kek_cm} cm") == "di bawah … cm"
    text_module.use_places(lambda name: BOUNDS[name](RULES))
    assert text_module.placed("di bawah {kek_cm} cm") == "di bawah 23,5 cm"
    assert text_module.placed("Tanpa batas") == "Tanpa batas"
