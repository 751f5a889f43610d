"""Build resources/rules/limits.json: what each measurement may be at each age. For maintainers.

    python tools/make_limits.py

The usual range of a child's weight, length, head and arm is WHO's -4 to +4 standard deviations over the months of a
band, widened to a whole 100 g or 5 mm. What is impossible, and how much a value may fall or rise in a month, is set
by hand below, from the limits of comparable programs and the field's own experience.
"""

import json
from math import ceil, floor
from pathlib import Path
from typing import Any

from posyandu.domain import growth

RULES = Path(__file__).parents[1] / "resources" / "rules"
TABLES = Path(__file__).parents[1] / "resources" / "growth" / "who.growth"

CHILD = "under_five_visit"
PREGNANT = "pregnancy_visit"
NIFAS = "postpartum_visit"
SCHOOL = "school_visit"
ADULT = "adult_visit"

# Completed months; the usual range changes with each.
BANDS = (
    *((month, month) for month in range(7)), (7, 8), (9, 11), (12, 14), (15, 17), (18, 23), (24, 29), (30, 35),
    (36, 47), (48, 59), (60, 71),
)  # fmt: skip
MEASURES = (("weight_g", "waz", 1000, 100), ("length_mm", "haz", 10, 5), ("head_mm", "hcz", 10, 5))

# field: months, hard low and high, fall against the last value, rise for each month since
HARD = (
    ("weight_g", (0, 0), (500, 8_000), 600, 2_000),
    ("weight_g", (1, 2), (800, 12_000), 600, 2_000),
    ("weight_g", (3, 5), (1_000, 18_000), 800, 1_500),
    ("weight_g", (6, 11), (1_500, 25_000), 1_000, 1_500),
    ("weight_g", (12, 23), (2_500, 32_000), 1_500, 1_500),
    ("weight_g", (24, 35), (3_500, 40_000), 1_500, 1_500),
    ("weight_g", (36, 71), (4_000, 60_000), 1_500, 1_500),
    ("length_mm", (0, 0), (300, 700), 5, 70),
    ("length_mm", (1, 5), (350, 850), 5, 60),
    ("length_mm", (6, 11), (400, 1_000), 5, 40),
    ("length_mm", (12, 22), (450, 1_150), 5, 30),
    # 24 months: standing is 0.7 cm less than lying
    ("length_mm", (23, 25), (500, 1_200), 12, 30),
    ("length_mm", (26, 59), (550, 1_400), 5, 30),
    ("length_mm", (60, 71), (650, 1_500), 5, 30),
    ("head_mm", (0, 5), (250, 600), 5, 40),
    ("head_mm", (6, 71), (300, 650), 5, 20),
    ("muac_mm", (0, 5), (50, 250), 15, 30),
    ("muac_mm", (6, 71), (60, 350), 15, 30),
)

# The arm table begins at day 91 and ends at five years.
ARM_USUAL = (((0, 2), (75, 170)), ((60, 71), (115, 240)))

OTHERS: tuple[dict[str, Any], ...] = (
    {"form": CHILD, "field": "supplement_portions", "usual": [0, 90]},
    {"form": PREGNANT, "field": "weight_g", "usual": [35_000, 110_000], "fall": 2_000, "rise": 4_000},
    {"form": PREGNANT, "field": "muac_mm", "usual": [180, 400], "fall": 25, "rise": 25},
    {"form": PREGNANT, "field": "systolic_mmhg", "usual": [80, 159]},
    {"form": PREGNANT, "field": "diastolic_mmhg", "usual": [45, 109]},
    {"form": PREGNANT, "field": "haemoglobin_dg_dl", "usual": [70, 160]},
    {"form": PREGNANT, "field": "iron_tablets", "usual": [0, 90]},
    {"form": NIFAS, "field": "weight_g", "usual": [35_000, 110_000], "fall": 5_000, "rise": 4_000},
    {"form": NIFAS, "field": "muac_mm", "usual": [180, 400], "fall": 25, "rise": 25},
    {"form": NIFAS, "field": "systolic_mmhg", "usual": [80, 159]},
    {"form": NIFAS, "field": "diastolic_mmhg", "usual": [45, 109]},
    {"form": NIFAS, "field": "haemoglobin_dg_dl", "usual": [70, 160]},
    {"form": NIFAS, "field": "temperature_tenth_c", "usual": [355, 400]},
    {"form": SCHOOL, "field": "weight_g", "months": [72, 119], "hard": [8_000, 90_000], "usual": [12_000, 60_000]},
    {"form": SCHOOL, "field": "weight_g", "months": [120, 179], "hard": [12_000, 150_000], "usual": [18_000, 90_000]},
    {"form": SCHOOL, "field": "weight_g", "months": [180, 227], "hard": [18_000, 200_000], "usual": [28_000, 110_000]},
    {"form": SCHOOL, "field": "weight_g", "fall": 4_000, "rise": 3_000},
    {"form": SCHOOL, "field": "height_mm", "months": [72, 119], "usual": [950, 1_550], "fall": 10, "rise": 40},
    {"form": SCHOOL, "field": "height_mm", "months": [120, 179], "usual": [1_100, 1_800], "fall": 10, "rise": 40},
    {"form": SCHOOL, "field": "height_mm", "months": [180, 227], "usual": [1_300, 1_950], "fall": 10, "rise": 40},
    {"form": SCHOOL, "field": "waist_mm", "usual": [450, 1_200]},
    {"form": SCHOOL, "field": "systolic_mmhg", "usual": [75, 159]},
    {"form": SCHOOL, "field": "diastolic_mmhg", "usual": [40, 104]},
    {"form": SCHOOL, "field": "glucose_mg_dl", "usual": [55, 250]},
    {"form": SCHOOL, "field": "haemoglobin_dg_dl", "usual": [70, 170]},
    {"form": ADULT, "field": "weight_g", "usual": [30_000, 130_000], "fall": 5_000, "rise": 5_000},
    {"form": ADULT, "field": "height_mm", "usual": [1_300, 1_900], "fall": 20, "rise": 20},
    {"form": ADULT, "field": "waist_mm", "usual": [500, 1_400], "fall": 100, "rise": 100},
    {"form": ADULT, "field": "muac_mm", "usual": [170, 450]},
    {"form": ADULT, "field": "systolic_mmhg", "usual": [80, 219]},
    {"form": ADULT, "field": "diastolic_mmhg", "usual": [40, 129]},
    {"form": ADULT, "field": "glucose_mg_dl", "usual": [55, 400]},
    {"form": ADULT, "field": "cholesterol_mg_dl", "usual": [100, 350]},
    {"form": ADULT, "field": "uric_acid_tenth_mg_dl", "usual": [20, 120]},
    {"form": ADULT, "field": "haemoglobin_dg_dl", "usual": [70, 180]},
    {"form": "pregnancy", "field": "first_weight_g", "usual": [35_000, 100_000]},
    {"form": "pregnancy", "field": "height_mm", "usual": [1_350, 1_750]},
    {"form": "pregnancy", "field": "gravida", "usual": [1, 10]},
    {"form": "person", "field": "birth_weight_g", "usual": [1_500, 5_000]},
    {"form": "person", "field": "birth_length_mm", "usual": [400, 560]},
    {"form": "person", "field": "birth_head_mm", "usual": [290, 390]},
)  # fmt: skip


def main() -> None:
    """Write limits.json, one limit a line."""
    tables = growth.read_tables(TABLES.read_bytes())
    limits = [
        {"form": CHILD, "field": name, "months": list(months), "hard": list(hard), "fall": fall, "rise": rise}
        for name, months, hard, fall, rise in HARD
    ]
    for sex in ("male", "female"):
        for name, index, per_unit, step in (*MEASURES, ("muac_mm", "acz", 10, 5)):
            for band in BANDS:
                usual = usual_range(tables, index, sex, band, per_unit, step)
                if usual:
                    limits.append({"form": CHILD, "field": name, "sex": sex, "months": list(band), "usual": usual})
    limits += [
        {"form": CHILD, "field": "muac_mm", "months": list(band), "usual": list(usual)} for band, usual in ARM_USUAL
    ]
    lines = ",\n".join(f"          {json.dumps(limit)}" for limit in (*limits, *OTHERS))
    source = (
        "WHO 2006/2007, -4 sampai +4 SD (tools/make_limits.py); "
        "batas mustahil menurut program sejenis, perlu dikonfirmasi dinas"
    )
    (RULES / "limits.json").write_text(
        f"""{{
  "about": "Batas angka menurut umur: mustahil (hard), tidak biasa (usual), turun dan naik sejak kunjungan lalu.",
  "rules": {{
    "limits": [
      {{
        "since": "2010-01-01",
        "source": "{source}",
        "value": [
{lines}
        ]
      }}
    ]
  }}
}}
""",
        "utf-8",
    )


def usual_range(
    tables: growth.GrowthTables, index: str, sex: str, months: tuple[int, int], per_unit: int, step: int
) -> list[int] | None:
    """The least and the most in stored units within the band; None where WHO has no table for all of it."""
    days = range(growth.days_of(months[0]), growth.days_of(months[1] + 1))
    rows = [growth.lms_at(tables, index, sex, day) for day in days]
    known = [row for row in rows if row is not None]
    if len(known) < len(rows) and index == "acz":
        return None
    if not known:  # head after five years: the last day of the table
        known = [row for row in [growth.lms_at(tables, index, sex, 1826)] if row is not None]
    low = min(growth.at_sd(-4, *row) for row in known) * per_unit
    high = max(growth.at_sd(4, *row) for row in known) * per_unit
    return [floor(low / step) * step, ceil(high / step) * step]


if __name__ == "__main__":
    main()
