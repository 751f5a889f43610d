"""What stands at the end of a row of the register: the result in the few words the paper has room for."""

from dataclasses import dataclass
from typing import Any

from posyandu.domain.development import DevelopmentAssessment
from posyandu.domain.forms import FORMS
from posyandu.domain.instruments import DOMAINS, AksAssessment, SkilasAssessment
from posyandu.text import N_, _, count
from posyandu.ui.editors import answer_text

BRIEF = {
    N_("Berat badan"): N_("BB"),
    N_("Tinggi badan"): N_("TB"),
    N_("Lingkar kepala"): N_("LK"),
    N_("Lingkar perut"): N_("LP"),
    N_("Tekanan darah"): N_("TD"),
    "kontrol tekanan darah": "kontrol TD",
    "Belum mendapat": "Belum dapat",
    "Hasil ukur": "Hasil",
    "Imunisasi terlambat": "Terlambat",
    "Sudah waktunya": "Waktunya",
    "perkembangan tidak": "tidak",
    "Kunjungan neonatal belum": "KN belum",
    "Kunjungan nifas belum": "KF belum",
    "Ajak bicara dengan tenaga kesehatan": "Ajak bicara nakes",
    " dan ada risiko lain": "",
    ", bukan diagnosis": "",
}
"""Long words of findings and the abbreviations of the paper that stand for them at the end of a row.

Those without a mark for translation are found in Indonesian titles only: English ones are short enough.
"""


@dataclass(frozen=True)
class Verdict:
    """What the row says at its end: a level, a few words, and the whole sentence for the tooltip."""

    level: str = ""
    text: str = ""
    sentence: str = ""


def instrument_verdict(assessment: Any) -> Verdict:  # noqa: ANN401 - AKS, SKILAS, checklist or newborn
    """The result of an instrument; while it is open, how far it has come."""
    headline, level = str(assessment.headline), str(assessment.level)
    match assessment:
        case DevelopmentAssessment():
            words = {"complete": _("Lengkap"), "incomplete": _("Belum: {n}").format(n=len(assessment.missing))}
            return Verdict(level, words.get(str(assessment.result), headline), headline)
        case AksAssessment(score=int(score)):
            return Verdict(level, f"{score}, {assessment.tiles[0].words.lower()}", headline)
        case SkilasAssessment() if any(assessment.domains.values()):
            bad = [_(DOMAINS[name]) for name, problem in assessment.domains.items() if problem]
            return Verdict("warn", ", ".join(bad), headline)
    found = short_verdict(assessment)
    return found if found.text else Verdict("neutral", headline, headline)


def short_verdict(assessment: Any) -> Verdict:  # noqa: ANN401 - child or pregnancy
    """A child's or pregnant woman's result in a few words, the worst first."""
    findings = tuple(getattr(assessment, "findings", ()))
    headline = str(getattr(assessment, "headline", ""))
    for finding in findings:
        if finding.level == "bad":
            return Verdict("bad", _briefer(finding.title), headline)
    weighed = getattr(assessment, "weighed", None)
    if weighed is not None and weighed.code:
        return _weighed_verdict(weighed, headline)
    for finding in findings:
        if finding.level == "warn":
            return Verdict("warn", _briefer(finding.title), headline)
    if weighed is not None and weighed.lost_past_letters:
        return Verdict("info", _("Turun {n} g").format(n=count(-weighed.gain_g)), headline)
    level = str(getattr(assessment, "level", "unknown"))
    return Verdict("ok", _("Baik"), headline) if level == "ok" else Verdict("neutral", "", headline)


def _briefer(title: str) -> str:
    """A finding's title in the words of the register's columns: what stands in brackets is said in the visit."""
    words = title.partition(" (")[0]
    for whole, short in BRIEF.items():
        words = words.replace(_(whole), _(short) if short else "")
    return words[:1].upper() + words[1:]


def _weighed_verdict(weighed: Any, headline: str) -> Verdict:  # noqa: ANN401 - weighing.Weighed
    gain = weighed.gain_g
    if weighed.code == "N":
        words = _("Naik {n} g").format(n=count(gain)) if gain is not None else _("Naik")
        return Verdict("ok", words, headline)
    if weighed.code == "T":
        shown = "" if gain is None else f" ({_signed(gain)} g)"
        return Verdict("warn", _("Tidak naik{gain}").format(gain=shown), headline)
    if weighed.code == "O":
        return Verdict("info", _("Bulan lalu absen"), headline)
    return Verdict("info", _("Baru ditimbang"), headline)


def _signed(grams: int) -> str:
    sign = "+" if grams > 0 else "\N{MINUS SIGN}" if grams < 0 else ""
    return f"{sign}{count(abs(grams))}"


def sheet_reason(code: str | None) -> str:
    """The words of a reason for not coming."""
    options = FORMS["attendance"].fields["absence_reason"]
    return "" if code is None else answer_text(options, code)
