"""The page of rules: what the domain asks for, the data that carries it out, its source, and the test of each."""

from collections.abc import Iterable
from datetime import date

from posyandu.domain.bounds import filled
from posyandu.domain.standards import ReferralRule, Rules, Standards

BASIS = {
    "R01": "IMT/U di bawah -2 atau di atas batas atas (sekolah, remaja); dewasa sangat kurus, atau obesitas 3 bulan",
    "R02": "Lingkar perut di atas batas dengan risiko lain",
    "R03": "Tekanan darah: remaja tingkat 1 dan 2; dewasa 140/90 atau lebih; 180/110 hari itu juga",
    "R04": "Gula darah sewaktu 200, puasa 126 atau lebih; kolesterol dan asam urat sebagai penyuluhan atau rujukan",
    "R05": "Hb di bawah batas kelompok; di bawah 8 hari itu juga",
    "R06": "Satu gejala TBC (KMK) atau kontak erat; kartu: dua gejala",
    "R07": "PUMA 6 atau lebih; merokok",
    "R08": "SRQ-20 6 atau lebih; nomor 17 atau pertanyaan remaja nomor 8 dijawab ya: hari itu juga",
    "R09": "SKILAS: satu domain bermasalah atau lebih",
    "R10": "AKS di bawah 20; 8 atau kurang lebih cepat",
    "R11": "Hitung jari atau tes berbisik terganggu",
    "R12": "Gejala malaria di daerah endemis",
    "R13": "LiLA WUS di bawah 23,5 cm",
    "R14": "Dugaan kekerasan, eksploitasi, narkoba: laporan sosial tertutup, bukan temuan kunjungan",
    "R15": "Penderita hipertensi atau DM: kontrol terlewat atau tanpa obat",
    "M1": "Balita: T, di bawah garis merah, di atas garis oranye, checklist perkembangan tidak lengkap",
    "M2": "Balita: status gizi dan lingkar kepala di luar normal",
    "M3": "Balita: LiLA kuning atau merah, bengkak kedua kaki",
    "M4": "Balita: gejala TBC dan kontak erat",
    "M5": "Tanda bahaya dan gejala sakit (kunjungan rumah: `domain/home_visit.py`)",
    "M6": "Ibu hamil: berat, tekanan darah, LiLA, Hb, TBC, tanda bahaya, 4T",
    "M7": "Ibu nifas: perdarahan, demam, tekanan darah, LiLA, Hb, TBC, KF",
    "M8": "Bukan rujukan: penyuluhan (TTD, MT, kelas ibu, vitamin A, KB, ASI, imunisasi)",
    "M9": "Bayi baru lahir: berat lahir, HB0, KN, kelainan",
    "W1": "Pasangan usia subur sebelum hamil: 4T, ALKI, IMT, riwayat, KB yang dibutuhkan",
}
"""What each rule of the domain asks for: R01-R15 for youth, adults and elderly, M1-M9 for mothers and children, W1 for
couples before a pregnancy."""

TEST = "tests/domain/test_rules_one_by_one.py"

WRONG_TOOL = (
    "## Alat ukur yang ternyata salah\n",
    "Timbangan atau papan suatu hari Posyandu dapat dinyatakan salah (halaman Periksa dan sahkan, dengan alasannya).\n",
    "- Timbangan salah: BGM, garis oranye, BB/U, BB/PB, BB/TB dan IMT/U hari itu tidak dihitung.",
    "- Papan salah: PB/U, TB/U, BB/PB, BB/TB dan IMT/U hari itu tidak dihitung.",
    "- D, N, T, O, B dan 2T tetap seperti dicatat. Tidak ada temuan atau rujukan dari angka alat yang salah.",
    "- Bila di bulan yang sama anak diukur lagi dengan alat yang benar, hasil itulah yang dihitung.",
    "- BGM/D dibagi D tanpa anak yang hanya ditimbang dengan timbangan salah; tanpa seorang pun hasilnya –, bukan 0.",
    "- Siapa yang tidak dihitung disebut dengan namanya: daftar, kecocokan dan catatan di bawah tabel SKDN.",
    "- Lembar e-PPGBM menolak hasil ukur dari alat yang salah.\n",
)
"""What becomes of a day whose scale or board was found wrong; tested in tests/domain/test_indicators.py."""


def rule_page(standards: Standards) -> str:
    """The page as Markdown, by rule of the domain, the rules in force today and those that ended."""
    lines = [
        "# Aturan rujukan dan penyuluhan\n",
        "Halaman ini ditulis oleh `python3 dev.py docs` dari `resources/rules/referral.json` dan `referral_life.json`.",
        "Setiap temuan menyebut mengapa, apa yang dilakukan, dan apa yang dikatakan kepada keluarga; batasnya ada di",
        "`growth.json`, `life.json`, `pregnancy.json` dan `programme.json`. Setiap baris diuji dengan sepasang contoh",
        f"di `{TEST}`.\n",
        *WRONG_TOOL,
    ]
    for basis, words in BASIS.items():
        lines.append(f"## {basis}. {words}\n")
        carried = [rule for rule in standards.referrals if basis in rule.basis]
        if carried:
            lines += [*_table(carried, standards.on(date.max)), ""]
    return "\n".join(lines)


def _table(carried: Iterable[ReferralRule], rules: Rules) -> list[str]:
    rows = [
        f"| `{rule.form}.{rule.code}` | {filled(rule.title, rules, _Open())} | {_level(rule)} | {_days(rule)} |"
        f" {rule.source} | `test_rule[{rule.form}-{rule.code}]` |"
        for rule in carried
    ]
    return ["| data | temuan | akibat | berlaku | sumber | uji |", "|---|---|---|---|---|---|", *rows]


class _Open(dict[str, str]):
    """Leaves open what only a visit can fill."""

    def __missing__(self, name: str) -> str:
        return f"{{{name}}}"


def _level(rule: ReferralRule) -> str:
    words = {"bad": "segera", "warn": "perlu dilihat", "info": "penyuluhan"}[rule.level]
    return f"rujuk, {words}" if rule.refer else words


def _days(rule: ReferralRule) -> str:
    def day(on: date) -> str:
        return f"{on:%d-%m-%Y}"

    return f"{day(rule.since)} sampai {day(rule.until)}" if rule.until else f"sejak {day(rule.since)}"
