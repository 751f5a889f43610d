"""The rules between the answers of a form, and the sentences they say, each just on and just over its edge."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from posyandu.domain.fields import Answers, Choice, Date, Number, Text
from posyandu.domain.form import Context, Level, Limit, Problem, check, problems
from posyandu.domain.forms import FORMS
from posyandu.text import use_catalogue
from tests.domain.shipped import RULES

TODAY = date(2026, 11, 12)
NOWHERE = Context(TODAY, {}, {}, {"longest_weeks": RULES.gestation.longest_weeks})

PRESSURE = "Diastole harus lebih kecil dari sistole. Coba periksa lagi."


def found(form: str, answers: Answers) -> list[Problem]:
    """What is wrong, but for what is required and missing."""
    return [each for each in problems(FORMS[form], answers, NOWHERE) if not each.message.endswith("belum diisi")]


@pytest.mark.parametrize(
    "form", [name for name, form in FORMS.items() if {"systolic_mmhg", "diastolic_mmhg"} <= set(form.fields)]
)
@pytest.mark.parametrize(
    ("upper", "lower", "swapped"),
    [(120, 80, False), (81, 80, False), (80, 80, True), (79, 80, True), (80, 120, True), (None, 120, False)],
)
def test_wherever_blood_pressure_is_asked_the_upper_is_the_greater(
    form: str, upper: int | None, lower: int, swapped: bool
) -> None:
    said = found(form, {"systolic_mmhg": upper, "diastolic_mmhg": lower})
    assert said == ([Problem("diastolic_mmhg", Level.HARD, PRESSURE)] if swapped else [])


def test_blood_pressure_is_asked_of_mothers_pupils_and_grown_ups() -> None:
    asked = {name for name, form in FORMS.items() if "systolic_mmhg" in form.fields}
    assert asked == {"pregnancy_visit", "postpartum_visit", "school_visit", "adult_visit"}


@pytest.mark.parametrize(
    ("held_on", "level", "sentence"),
    [
        (TODAY - timedelta(days=180), None, ""),
        (TODAY - timedelta(days=181), Level.SOFT, "Hari itu 5 bulan yang lalu. Periksa tahunnya."),
        (date(2025, 11, 12), Level.SOFT, "Hari itu 12 bulan yang lalu. Periksa tahunnya."),
        (date(1984, 1, 1), Level.SOFT, "Hari itu 514 bulan yang lalu. Periksa tahunnya."),
        (date(1926, 12, 1), Level.HARD, "Tahun 1926? Tulis tahunnya lengkap."),
    ],
)
def test_a_posyandu_day_in_another_year_is_doubted_or_refused(
    held_on: date, level: Level | None, sentence: str
) -> None:
    assert found("session", {"held_on": held_on}) == ([Problem("held_on", level, sentence)] if level else [])


@pytest.mark.parametrize(
    ("answers", "weeks"),
    [
        ({"lmp_on": TODAY - timedelta(weeks=45, days=-1), "noted_on": TODAY}, 0),
        ({"lmp_on": TODAY - timedelta(weeks=45), "noted_on": TODAY}, 45),
        ({"lmp_on": date(2024, 1, 5), "noted_on": date(2024, 3, 1)}, 0),
        ({"lmp_on": date(2024, 1, 5), "noted_on": date(2024, 3, 1), "ended_on": date(2025, 1, 4)}, 52),
        ({"lmp_on": None, "noted_on": TODAY}, 0),
    ],
)
def test_a_last_period_too_long_ago_is_doubted(answers: Answers, weeks: int) -> None:
    sentence = f"HPHT ini {weeks} minggu yang lalu, lebih lama dari kehamilan. Periksa tahunnya."
    outcome = {"outcome": "live_birth" if "ended_on" in answers else "ongoing"}
    assert found("pregnancy", {**answers, **outcome}) == ([Problem("lmp_on", Level.SOFT, sentence)] if weeks else [])


@pytest.mark.parametrize(
    ("numbers", "doubted"), [({"longest_weeks": 40}, True), ({"longest_weeks": 41}, False), ({}, False)]
)
def test_how_long_is_too_long_is_a_dated_rule(numbers: dict[str, int], doubted: bool) -> None:
    told: Answers = {"lmp_on": TODAY - timedelta(weeks=41), "noted_on": TODAY, "outcome": "ongoing"}
    said = problems(FORMS["pregnancy"], told, replace(NOWHERE, numbers=numbers))
    assert ("lmp_on" in [each.field for each in said]) is doubted


@pytest.mark.parametrize(
    ("answers", "wrong"),
    [
        ({}, True),
        ({"given_on": None, "not_given": None}, True),
        ({"given_on": TODAY}, False),
        ({"not_given": "sick"}, False),
        ({"given_on": TODAY, "not_given": "sick"}, False),
    ],
)
def test_a_dose_says_when_or_why_not(answers: Answers, wrong: bool) -> None:
    sentence = "Isi tanggal diberikan, atau alasan belum diberikan"
    expected = [Problem("given_on", Level.HARD, sentence)] if wrong else []
    assert found("immunisation_dose", {"antigen": "mr", "dose": 1, **answers}) == expected


@pytest.mark.parametrize(
    ("ended_on", "wrong"),
    [(None, False), (TODAY, False), (TODAY - timedelta(1), False), (TODAY - timedelta(8), True)],
)
def test_food_is_not_stopped_before_it_began(ended_on: date | None, wrong: bool) -> None:
    said = found("feeding", {"visited_on": TODAY - timedelta(7), "reason": "wasted", "ended_on": ended_on})
    sentence = "Hari terakhir tidak boleh sebelum hari pertama."
    assert said == ([Problem("ended_on", Level.HARD, sentence)] if wrong else [])
    assert found("feeding", {"ended_on": ended_on}) == []


@pytest.mark.parametrize(
    ("received", "wasted", "wrong"),
    [(10, 10, False), (10, 11, True), (10, None, False), (None, 11, False), (0, 11, False), (1, 2, True)],
)
def test_more_spoilt_than_received_wants_a_second_look(received: int | None, wasted: int | None, wrong: bool) -> None:
    """Without a receipt this month what spoilt came from an earlier one."""
    said = found("stock", {"item": "iron", "month": "2026-11", "received": received, "wasted": wasted})
    sentence = "Yang rusak lebih banyak daripada yang diterima. Periksa lagi."
    assert said == ([Problem("wasted", Level.SOFT, sentence)] if wrong else [])


REQUIRED = {
    "posyandu": {"name": "Nama Posyandu", "village_code": "Desa atau kelurahan"},
    "worker": {"name": "Nama"},
    "person": {"name": "Nama lengkap", "sex": "Jenis kelamin", "born_on": "Tanggal lahir"},
    "session": {"held_on": "Tanggal"},
    "under_five_visit": {"visited_on": "Tanggal kunjungan"},
    "pregnancy": {"noted_on": "Dicatat tanggal"},
    "newborn": {"visited_on": "Dicatat tanggal"},
    "death": {"died_on": "Tanggal meninggal"},
    "fund": {"noted_on": "Tanggal", "direction": "Masuk atau keluar"},
    "review": {"month": "Bulan laporan", "kind": "Jenis", "noted_on": "Tanggal", "writer": "Oleh"},
    "handover": {
        "to_village": "Ke desa atau kelurahan",
        "left_on": "Tanggal pindah",
        "package": "Riwayat yang diserahkan",
    },
    "month_report": {
        "month": "Bulan laporan",
        "revision": "Versi",
        "signed_on": "Disahkan tanggal",
        "signer": "Disahkan oleh",
        "digest": "Sidik isi laporan",
        "content": "Isi laporan",
    },
}


@pytest.mark.parametrize("form", REQUIRED)
def test_what_a_record_cannot_be_without_is_asked_for_in_its_own_words(form: str) -> None:
    said = {each.field: each.message for each in problems(FORMS[form], {}, NOWHERE)}
    for name, label in REQUIRED[form].items():
        assert said[name] == f"{label} belum diisi"


NEVER_REQUIRED = ("attendance", "household")


@pytest.mark.parametrize("form", NEVER_REQUIRED)
def test_a_household_and_an_attendance_may_be_saved_as_they_are_known(form: str) -> None:
    assert problems(FORMS[form], {}, NOWHERE) == []


EDGES = {
    ("under_five_visit", "weight_g"): (500, 60_000, "Berat badan harus antara 0,5 dan 60,0 kg. Coba periksa lagi."),
    ("under_five_visit", "length_mm"): (
        300,
        1_500,
        "Panjang atau tinggi badan harus antara 30,0 dan 150,0 cm. Coba periksa lagi.",
    ),
    ("under_five_visit", "head_mm"): (250, 650, "Lingkar kepala harus antara 25,0 dan 65,0 cm. Coba periksa lagi."),
    ("under_five_visit", "muac_mm"): (50, 350, "Lingkar lengan atas harus antara 5,0 dan 35,0 cm. Coba periksa lagi."),
    ("pregnancy_visit", "weight_g"): (
        25_000,
        200_000,
        "Berat badan harus antara 25,0 dan 200,0 kg. Coba periksa lagi.",
    ),
    ("pregnancy_visit", "systolic_mmhg"): (50, 260, "Sistole harus antara 50 dan 260 mmHg. Coba periksa lagi."),
    ("pregnancy_visit", "iron_tablets"): (
        0,
        180,
        "Tablet tambah darah (TTD) harus antara 0 dan 180 tablet. Coba periksa lagi.",
    ),
    ("postpartum_visit", "vitamin_a_capsules"): (
        0,
        2,
        "Vitamin A nifas harus antara 0 dan 2 kapsul. Coba periksa lagi.",
    ),
    ("postpartum_visit", "temperature_tenth_c"): (
        330,
        430,
        "Suhu badan harus antara 33,0 dan 43,0 °C. Coba periksa lagi.",
    ),
    ("school_visit", "haemoglobin_dg_dl"): (20, 220, "Hb harus antara 2,0 dan 22,0 g/dL. Coba periksa lagi."),
    ("adult_visit", "glucose_mg_dl"): (20, 600, "Gula darah harus antara 20 dan 600 mg/dL. Coba periksa lagi."),
    ("adult_visit", "weight_g"): (20_000, 250_000, "Berat badan harus antara 20,0 dan 250,0 kg. Coba periksa lagi."),
    ("person", "birth_weight_g"): (300, 7_000, "Berat lahir harus antara 0,3 dan 7,0 kg. Coba periksa lagi."),
    ("person", "gestation_weeks"): (
        20,
        44,
        "Umur kehamilan saat lahir harus antara 20 dan 44 minggu. Coba periksa lagi.",
    ),
    ("pregnancy", "gravida"): (1, 20, "Hamil anak ke harus antara 1 dan 20. Coba periksa lagi."),
    ("smoking", "began_years"): (3, 18, "Umur mulai merokok harus antara 3 dan 18 tahun. Coba periksa lagi."),
    ("feeding", "planned_days"): (7, 180, "Lama yang direncanakan harus antara 7 dan 180 hari. Coba periksa lagi."),
}


@pytest.mark.parametrize(("form", "name"), EDGES, ids=lambda part: part)
def test_the_last_possible_number_passes_and_the_next_says_what_is_possible(form: str, name: str) -> None:
    low, high, sentence = EDGES[form, name]
    opening = {field.shown_if: field for field in FORMS[form].fields.values() if field.shown_if}
    context: Answers = {"smoking": "daily"} if form == "smoking" and opening else {}
    assert [found(form, {**context, name: value}) for value in (low, high)] == [[], []]
    for value in (low - 1, high + 1):
        assert found(form, {**context, name: value}) == [Problem(name, Level.HARD, sentence)]


DIGITS = {("person", "nik"): 16, ("person", "kk"): 16, ("person", "jkn"): 13, ("household", "kk"): 16}


@pytest.mark.parametrize(("form", "name"), DIGITS, ids=lambda part: part)
def test_a_number_of_a_card_hints_at_its_length_and_never_bars(form: str, name: str) -> None:
    length, field = DIGITS[form, name], FORMS[form].fields[name]
    right = "1" * length
    assert found(form, {name: right}) == []
    for typed in (right[:-1], right + "1", "x" + right[1:], "1"):
        (said,) = found(form, {name: typed})
        assert said.level is Level.SILENT
        assert said.message == f"{field.label} biasanya {length} angka. Boleh disimpan, lengkapi bila sudah ada."


def test_days_that_have_not_come_are_refused_where_something_has_happened() -> None:
    tomorrow = TODAY + timedelta(1)
    ahead = {
        (form.name, field.name)
        for form in FORMS.values()
        for field in form.fields.values()
        if isinstance(field, Date) and not field.past_only
    }
    for form in FORMS.values():
        for field in form.fields.values():
            if isinstance(field, Date) and field.shown_if is None:
                said = [each for each in found(form.name, {field.name: tomorrow}) if each.field == field.name]
                told = f"{field.label} belum terjadi. Periksa tanggalnya."
                expected = [] if (form.name, field.name) in ahead else [Problem(field.name, Level.HARD, told)]
                assert [each for each in said if "belum terjadi" in each.message] == expected
                assert not [each for each in found(form.name, {field.name: TODAY}) if "belum terjadi" in each.message]
    assert ahead >= {("pregnancy", "usg_due_on"), ("stock", "expires_on"), ("nakes_exam", "again_on")}


def test_a_code_that_no_question_offers_is_refused() -> None:
    for form in FORMS.values():
        for field in form.fields.values():
            if isinstance(field, Choice) and field.shown_if is None:
                said = [each for each in found(form.name, {field.name: "lain sekali"}) if each.field == field.name]
                assert [each.message for each in said] == [f"{field.label}: pilih salah satu jawaban"]
                for option in field.options:
                    told = [each for each in found(form.name, {field.name: option.code}) if each.field == field.name]
                    assert not [each for each in told if "pilih salah satu" in each.message]


def test_every_measure_has_a_unit_and_keeps_what_it_shows() -> None:
    """A decimal shown must be a whole number of stored units, or typing it back would change it."""
    for form in FORMS.values():
        for field in form.fields.values():
            if isinstance(field, Number):
                assert field.per_unit % 10**field.decimals == 0, (form.name, field.name)
                assert field.name.endswith(
                    ("_g", "_mm", "_dg_dl", "_tenth_c", "_tenth_mg_dl", "_tenth_percent")
                ) == bool(field.decimals)
                assert field.unit or not field.decimals
            if isinstance(field, Text):
                assert field.lines >= 1


def test_a_number_without_a_unit_ends_where_it_ends_and_a_unit_speaks_the_chosen_language() -> None:
    def said(number: Number, value: int, limit: Limit, last: int | None = None) -> str:
        context = Context(TODAY, {number.name: last}, {number.name: limit})
        (one,) = check(number, value, context)
        return one.message

    count = Number(name="n", label="Jumlah", low=0, high=9)
    tablets = Number(name="n", label="Jumlah", unit="tablet", low=0, high=90)
    assert said(count, 10, Limit()) == "Jumlah harus antara 0 dan 9. Coba periksa lagi."
    assert said(count, 8, Limit(usual_high=7)) == "Jumlah 8 jarang terjadi pada umur ini. Coba ukur sekali lagi."
    assert said(count, 1, Limit(fall=2), 4) == "Turun 3 dari kunjungan lalu. Coba ukur sekali lagi."
    assert said(count, 7, Limit(rise=2), 4) == "Naik 3 dari kunjungan lalu. Coba ukur sekali lagi."
    assert said(tablets, 31, Limit(usual_high=30)).startswith("Jumlah 31 tablet jarang")
    use_catalogue({"tablet": "tablets", "Naik {amount} dari kunjungan lalu. Coba ukur sekali lagi.": "Up {amount}."})
    assert said(tablets, 30, Limit(rise=9), 10) == "Up 20 tablets."


@pytest.mark.parametrize(
    ("value", "last", "limit", "level"),
    [
        (100, None, Limit(), None),
        (100, 110, Limit(fall=10), None),
        (100, 111, Limit(fall=10), Level.SOFT),
        (100, 90, Limit(rise=10), None),
        (100, 89, Limit(rise=10), Level.SOFT),
        (100, None, Limit(fall=0, rise=0), None),
        (100, 100, Limit(fall=0, rise=0), None),
        (100, None, Limit(usual_low=100), None),
        (99, None, Limit(usual_low=100), Level.SOFT),
        (100, None, Limit(usual_high=100), None),
        (101, None, Limit(usual_high=100), Level.SOFT),
        (100, None, Limit(hard_low=100), None),
        (99, None, Limit(hard_low=100, usual_low=100), Level.HARD),
        (100, None, Limit(hard_high=100), None),
        (101, None, Limit(hard_high=100, usual_high=50), Level.HARD),
        (0, None, Limit(hard_low=-5), None),
        (-1, None, Limit(hard_low=-5), Level.HARD),
        (300, None, Limit(hard_high=500), None),
        (301, None, Limit(hard_high=500), Level.HARD),
    ],
)
def test_each_bound_of_a_limit_belongs_to_what_is_allowed(
    value: int, last: int | None, limit: Limit, level: Level | None
) -> None:
    """The field's own bounds (0 to 300) hold however wide the limit of the age is."""
    field = Number(name="n", label="N", unit="cm", low=0, high=300)
    said = check(field, value, Context(TODAY, {"n": last}, {"n": limit}))
    assert [each.level for each in said] == ([] if level is None else [level])


NINETEEN = date(2007, 11, 12)
UNDER_AGE = "Belum 19 tahun (UU 16/2019). Bicarakan baik-baik, lalu laporkan di Masalah sosial."
MARRIED = "Sudah menikah menurut status perkawinan. Periksa salah satunya."


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({}, []),
        ({"betrothed": False, "marital_status": "married"}, []),
        ({"betrothed": True}, []),
        ({"betrothed": True, "born_on": NINETEEN}, []),
        ({"betrothed": True, "born_on": NINETEEN + timedelta(1)}, [UNDER_AGE]),
        ({"betrothed": True, "born_on": NINETEEN + timedelta(1), "wedding_on": TODAY + timedelta(1)}, []),
        ({"betrothed": True, "born_on": NINETEEN, "wedding_on": TODAY - timedelta(1)}, [UNDER_AGE]),
        ({"betrothed": True, "born_on": TODAY, "wedding_on": TODAY - timedelta(1)}, []),
        ({"betrothed": True, "marital_status": "single", "born_on": NINETEEN}, []),
        ({"betrothed": True, "marital_status": "married"}, [MARRIED]),
    ],
)
def test_a_mark_as_catin_below_nineteen_or_married_is_told_and_never_bars(answers: Answers, said: list[str]) -> None:
    """Nineteen on the day of the wedding, or today while no day is known (UU 16/2019); the age is a dated rule."""
    context = replace(NOWHERE, numbers={"marry_years": RULES.marry_years})
    told = [each for each in problems(FORMS["person"], answers, context) if each.field == "betrothed"]
    assert told == [Problem("betrothed", Level.SILENT, words) for words in said]
    later = problems(FORMS["person"], answers, replace(NOWHERE, numbers={"marry_years": 0}))
    assert UNDER_AGE not in {each.message for each in later}, "another law, another age"


@pytest.mark.parametrize(
    ("back_on", "answer", "wrong"),
    [(TODAY, "agreed", False), (TODAY - timedelta(1), "agreed", True), (TODAY - timedelta(1), "declined", False)],
)
def test_a_consent_taken_back_before_it_was_given_is_asked_again(back_on: date, answer: str, wrong: bool) -> None:
    said = found("consent", {"told_on": TODAY, "purpose": "service", "answer": answer, "withdrawn_on": back_on})
    sentence = "Ditarik sebelum diberikan. Periksa kedua tanggalnya."
    assert said == ([Problem("withdrawn_on", Level.SOFT, sentence)] if wrong else [])


@pytest.mark.parametrize(
    ("answers", "wrong"),
    [
        ({"families": 100, "poor_families": 100}, []),
        ({"families": 100, "poor_families": 101}, ["poor_families"]),
        ({"poor_families": 101}, []),
        ({"men": 200, "under_fives": 300, "elderly": 300}, []),
        ({"men": 200, "women": 200, "under_fives": 400, "elderly": 401}, ["elderly"]),
        ({"men": 10, "women": 10, "under_fives": 21, "elderly": 21}, ["under_fives", "elderly"]),
    ],
)
def test_a_part_of_the_village_larger_than_the_whole_is_asked_again(answers: Answers, wrong: list[str]) -> None:
    said = found("village_profile", {"year": 2026, **answers})
    assert [(each.field, each.level) for each in said] == [(name, Level.SOFT) for name in wrong]
