"""Names of people who do not exist, put together the way names are in Lombok and Kalimantan.

Every name is drawn part by part from short lists of common parts; no list holds a whole name of anyone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random


@dataclass(frozen=True)
class Customs:
    """How a place names people: titles with their share, and the parts for each sex and generation."""

    titles: dict[str, tuple[tuple[str, float], ...]]
    first: dict[str, Sequence[str]]
    second: dict[str, Sequence[str]]
    child_first: dict[str, Sequence[str]]
    child_second: dict[str, Sequence[str]]


LOMBOK = Customs(
    titles={"male": (("Lalu", 0.16), ("Muhammad", 0.10)), "female": (("Baiq", 0.17), ("Siti", 0.07))},
    first={
        "male": (
            *("Ahmad", "Azhar", "Burhan", "Hamdan", "Hamzan", "Hasan", "Herman", "Idrus", "Jumahir", "Junaidi"),
            *("Khairul", "Lukman", "Mahsun", "Marzuki", "Mastur", "Muhsin", "Munawir", "Nasrudin", "Rusdi", "Sahnan"),
            *("Saparudin", "Sukardi", "Supardi", "Syukur", "Tarmizi", "Wirahadi", "Zainul", "Zulkarnain"),
        ),
        "female": (
            *("Aminah", "Asmawati", "Ernawati", "Fatmawati", "Halimah", "Haeriah", "Hikmah", "Husnul", "Juhaeriah"),
            *(
                "Kartini",
                "Laili",
                "Mahyuni",
                "Mariani",
                "Masitah",
                "Mu'minah",
                "Nurhayati",
                "Nurul",
                "Rabiah",
                "Rohani",
            ),
            *("Rukiah", "Sahrah", "Salmiah", "Sri", "Suhaeni", "Sumiati", "Wahyuni", "Yuliana", "Zohratul"),
        ),
    },
    second={
        "male": (
            *("", "", "Efendi", "Fathoni", "Hadi", "Hidayat", "Ihsan", "Ilham", "Iskandar", "Jayadi", "Kurniawan"),
            *("Mustofa", "Putra", "Rahman", "Ridwan", "Saleh", "Satriawan", "Suhardi", "Wahyudi", "Yusuf"),
        ),
        "female": (
            *("", "", "Aini", "Astuti", "Dewi", "Handayani", "Hidayati", "Indrawati", "Jannah", "Khotimah"),
            *("Lestari", "Marlina", "Ningsih", "Puspita", "Rahayu", "Safitri", "Wardani", "Wulandari", "Yanti"),
        ),
    },
    child_first={
        "male": (
            *("Abizar", "Adnan", "Alfarizi", "Arkan", "Arsyad", "Azka", "Bilal", "Daffa", "Dzaki", "Fadil", "Fahri"),
            *("Farel", "Fathan", "Gibran", "Habibi", "Hafiz", "Haikal", "Ibnu", "Iqbal", "Kenzo", "Malik", "Naufal"),
            *("Rafka", "Raka", "Rayyan", "Rizki", "Sabil", "Yazid", "Zafran", "Zaidan", "Zikri"),
        ),
        "female": (
            *("Adiba", "Aisyah", "Aleena", "Alya", "Anindya", "Aqila", "Arumi", "Azzahra", "Bilqis", "Citra", "Dinda"),
            *("Fathia", "Hafsah", "Hanum", "Humaira", "Inara", "Kayla", "Khansa", "Kirana", "Maryam", "Nabila"),
            *("Naira", "Nayla", "Raisa", "Safira", "Shakila", "Syifa", "Tiara", "Zahra", "Zivara"),
        ),
    },
    child_second={
        "male": (
            *("", "Al Fatih", "Al Ghifari", "Aditya", "Akbar", "Alfarabi", "Ananda", "Hidayatullah", "Maulana"),
            *("Nugraha", "Pratama", "Ramadhan", "Saputra", "Satria", "Syahputra", "Wiguna", "Zulfikar"),
        ),
        "female": (
            *("", "Ainun", "Anggraini", "Azkia", "Fitri", "Hasanah", "Khairunnisa", "Maharani", "Maulida", "Nafisa"),
            *("Oktavia", "Pertiwi", "Putri", "Rahmadani", "Ramadhani", "Salsabila", "Syahira", "Utami"),
        ),
    },
)


def adult_name(rng: Random, customs: Customs, sex: str) -> str:
    """A grown-up's name; a title runs in families, see `child_name`."""
    title = _title(rng, customs, sex)
    return _joined(title, rng.choice(customs.first[sex]), rng.choice(customs.second[sex]))


def child_name(rng: Random, customs: Customs, sex: str, father_name: str) -> str:
    """A child's name; the children of a Lalu are Lalu and Baiq."""
    title = ""
    if father_name.startswith("Lalu "):
        title = "Lalu" if sex == "male" else "Baiq"
    elif rng.random() < 0.08 and sex == "male":
        title = "Muhammad"
    return _joined(title, rng.choice(customs.child_first[sex]), rng.choice(customs.child_second[sex]))


def _title(rng: Random, customs: Customs, sex: str) -> str:
    drawn = rng.random()
    for title, share in customs.titles[sex]:
        if drawn < share:
            return title
        drawn -= share
    return ""


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)
