"""Weight faltering: a hint for health workers under two years, by WHO's least gain in one and in two months.

Kader judge by KBM; this is shown only to health workers, and says "perlu dipastikan", never a diagnosis.
"""

from collections.abc import Sequence
from datetime import date

from posyandu.domain.calendar import Month, age_months
from posyandu.domain.referral import decimal, score_places, thousands
from posyandu.domain.standards import Rules
from posyandu.domain.weighing import Weighing
from posyandu.text import _


def hint(rules: Rules, sex: str, born_on: date, weighings: Sequence[Weighing], waz: float | None = None) -> str:
    """Why the last weight may mean weight faltering, in one sentence; "" when it does not, or cannot be told.

    The last weighing is compared with that of the month before, else of two months before; the table is entered with
    the age in completed months at the earlier one. BB/U below -2 SD says it too.
    """
    if not weighings:
        return ""
    last = max(weighings, key=lambda each: each.on)
    if age_months(born_on, last.on) >= rules.faltering.until_months:
        return ""
    for back, table in ((1, rules.faltering.one_month), (2, rules.faltering.two_months)):
        earlier = [each for each in weighings if Month.of(each.on) == Month.of(last.on) - back and each.on >= born_on]
        if not earlier:
            continue
        first = max(earlier, key=lambda each: each.on)
        began = age_months(born_on, first.on)
        least = table[sex]
        if began < len(least):
            gain = last.grams - first.grams
            if gain < least[began]:
                return _("{moved} dalam {n} bulan, kurang dari persentil 5 WHO ({least}).").format(
                    moved=_moved(gain), n=back, least=_moved(least[began]).lower()
                )
            break
    if waz is not None and waz < rules.faltering.underweight_z:
        bound = decimal(rules.faltering.underweight_z, 0)
        return _("BB/U {z} SD, di bawah {bound} SD.").format(z=decimal(waz, score_places(waz)), bound=bound)
    return ""


def _moved(grams: int) -> str:
    sentence = _("Turun {gram} gram") if grams < 0 else _("Naik {gram} gram")
    return sentence.format(gram=thousands(abs(grams)))
