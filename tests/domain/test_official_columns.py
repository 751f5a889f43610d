"""Every column of the cards of mothers after birth, pupils, adults and elderly has its question."""

import pytest

from posyandu.domain.fields import YesNo
from posyandu.domain.forms import FORMS


def columns(*forms: str) -> set[str]:
    """The official columns that the questions of these forms fill."""
    return {field.official for form in forms for field in FORMS[form].fields.values() if field.official}


@pytest.mark.parametrize(
    ("forms", "wanted"),
    [
        # 5 is worked out from 4; 16 is skipped on the blank
        (("postpartum_visit",), [f"Kartu nifas {n}" for n in (1, 2, 3, 4, *range(6, 16), 17, 18)]),
        (("pregnancy",), ["Kartu nifas: tempat bersalin", "Kartu nifas: cara persalinan"]),
        (("pregnancy",), [f"Buku KIA: KF{n}" for n in range(1, 5)]),
        (("newborn",), ["SIP Format 2 kolom 29", *(f"Buku KIA: KN{n}" for n in range(1, 4))]),
        (("death",), ["SIP Format 1 kolom 6 dan 7", "SIP Format 1 kolom 8"]),
        (
            ("school_visit",),
            [f"Kartu sekolah {part}" for part in ("BB", "TB", "LP", "TD", "GD", "Hb", "TBC", "edukasi", "rujuk")],
        ),
        (("school_mental",), [f"Jiwa {n}" for n in range(1, 9)]),
        (
            ("adult_visit",),
            [f"Kartu dewasa {part}" for part in ("BB", "TB", "LP", "LiLA", "TD", "GD", "mata", "telinga", "TBC", "KB")],
        ),
        # 1 and 2 are sex and age
        (("adult_visit",), [f"PUMA {n}" for n in range(3, 8)]),
        (("adult_visit",), ["Rekap dewasa 21-22", "Rekap dewasa 45", "Rekap dewasa 46", "Rekap dewasa 47"]),
        (("srq20",), [f"SRQ-20 nomor {n}" for n in range(1, 21)]),
        (("aks",), [f"AKS {n}" for n in range(1, 11)]),
        (("skilas",), [f"SKILAS {n}" for n in range(1, 7)]),
        # 1-5 and 7 come from the person
        (("wus",), [f"SIP Format 3 kolom {n}" for n in (6, *range(8, 20))]),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_no_column_of_the_paper_is_left_out(forms: tuple[str, ...], wanted: list[str]) -> None:
    assert set(wanted) - columns(*forms) == set()


def test_confidential_forms_stand_apart_and_kader_ask_only_yes_or_no() -> None:
    restricted = [form for form in FORMS.values() if form.restricted]
    assert [form.name for form in restricted] == ["school_mental", "sdq", "srq20"]
    for form in restricted:
        assert form.grid == ()
        assert form.name == "sdq" or all(isinstance(field, YesNo) for field in form.sections[1].fields)
        others = {name for each in FORMS.values() if each is not form for name in each.fields}
        assert {field.name for field in form.sections[1].fields}.isdisjoint(others)
