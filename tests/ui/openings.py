"""Every form where it is really filled: how its page or sheet is opened over a made-up book. For tests and pictures."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from posyandu.domain.calendar import Month
from posyandu.domain.forms import FORMS
from posyandu.domain.forms.adult import SRQ
from posyandu.domain.forms.home_visit import CHECKLISTS
from posyandu.domain.forms.social import KINDS
from posyandu.domain.service_group import Group
from posyandu.services import (
    confirmations,
    feeding,
    home_visits,
    mistakes,
    people,
    posts,
    referrals,
    sealed,
    sessions,
    social,
    visits,
)
from posyandu.services.sessions import RosterRow
from posyandu.services.workspace import Workspace
from posyandu.storage import records
from posyandu.ui.confirmation_card import ConfirmSheet
from posyandu.ui.consent_card import ConsentCard, TextSheet
from posyandu.ui.erasure_sheet import EraseSheet, LateSheet
from posyandu.ui.feeding_card import FeedingCard
from posyandu.ui.gone_sheet import GoneSheet
from posyandu.ui.iks_view import IksSheet
from posyandu.ui.kms_sheet import KmsSheet
from posyandu.ui.move_sheets import ArrivalsSheet, MoveSheet, ReturnSheet
from posyandu.ui.orders_card import OrdersCard
from posyandu.ui.pages.masalah_sosial import StepSheet
from posyandu.ui.pages.tindak_lanjut import WhySheet
from posyandu.ui.reader_pin import CompareSheet, PinSheet
from posyandu.ui.referral_sheets import AnswerSheet, ReferSheet
from posyandu.ui.shell import Shell
from posyandu.ui.widgets.dose_card import DoseSheet
from tests.ui import calm, scene

PIN = "271845"
CHILD = FORMS["under_five_visit"]

BY_ITSELF = {
    "attendance": "ticked in the list of the day, which test_every_look walks",
    "month_report": "the signed page itself, on the page sahkan",
    "sealed": "written with what is confidential: social_ticket, srq20, school_mental and sdq",
    "sealing_key": "made by a PIN",
    "sealed_access": "written by what is opened, printed or saved",
    "merge": "two buttons on the page ganda",
}
"""Forms that nobody fills in: the program writes them when something else is done."""


@dataclass(frozen=True)
class Opening:
    """One form on the screen: its name in pictures, the entities it writes, and how it is opened in the window."""

    name: str
    forms: tuple[str, ...]
    go: Callable[[Shell], object]


def book() -> Workspace:
    """A post with four months of history on a midwife's laptop, who has a key to what is confidential."""
    ws = scene.village_book(months=4)
    ws.worker = replace(ws.worker, role="midwife")
    sealed.make_key(ws, PIN)
    day = scene.open_day(ws)
    for row in sessions.roster(ws, day)[:12]:
        sessions.mark_present(ws, day, row.person_id)
    return ws


def openings(ws: Workspace) -> Iterator[Opening]:
    """Every form in its own page or sheet, with people of the book it is asked of."""
    day = scene.open_day(ws)
    rows = [*sessions.roster(ws, day), _after_birth(ws, day)]
    by_form: dict[str, RosterRow] = {row.form: row for row in reversed(rows) if row.form}
    child = next(row for row in rows if row.form == CHILD.name and row.last_visit)
    yield from _visits(ws, day, rows, by_form)
    yield from _sheets_of_a_person(ws, day, child, by_form)
    yield from _of_the_post()
    yield from _of_the_family_and_the_village(ws, child)


def _after_birth(ws: Workspace, day: str) -> RosterRow:
    """A woman who gave birth ten days ago."""
    mother = people.register(ws, {"name": "Baiq Nurhasanah", "sex": "female", "born_on": date(1999, 3, 4)})
    told = {"noted_on": date(2026, 4, 1), "lmp_on": date(2026, 1, 28), "outcome": "live_birth"}
    told["ended_on"] = ws.today() - timedelta(days=10)
    records.save(
        ws.db, FORMS["pregnancy"], records.new_id(), told, scope=ws.posyandu_id, author=ws.author, now=ws.now(),
        links={"person_id": mother},
    )  # fmt: skip
    return next(row for row in sessions.roster(ws, day) if row.person_id == mother)


def settle() -> None:
    """Wait until what was asked beside the window stands on it."""
    calm.settle()


def _page(name: str, **told: object) -> Callable[[Shell], object]:
    return lambda shell: shell.go(name, **told)


def _over(name: str, then: Callable[[Any, Shell], object], **told: object) -> Callable[[Shell], object]:
    """A sheet that stands over a page: the page is opened, and read to its end, first."""

    def go(shell: Shell) -> object:
        shell.go(name, **told)
        settle()
        return then(shell.pages[name], shell)

    return go


def _visits(ws: Workspace, day: str, rows: list[RosterRow], by_form: dict[str, RosterRow]) -> Iterator[Opening]:
    for form, row in by_form.items():
        yield Opening(f"kunjungan-{form}", (form,), _page("kunjungan", person_id=row.person_id, session_id=day))
    baby = min((row for row in rows if row.born_on), key=lambda row: -row.born_on.toordinal())  # type: ignore[union-attr]
    woman = grown = next(row for row in rows if row.group is Group.ADULT and row.sex == "female")
    old = min((row for row in rows if row.born_on), key=lambda row: row.born_on.toordinal())  # type: ignore[union-attr]
    pupil = by_form["school_visit"]
    for form, row in (
        ("newborn", baby),
        ("development", baby),
        ("school_mental", pupil),
        ("sdq", pupil),
        ("smoking", pupil),
        ("srq20", grown),
        ("aks", old),
        ("skilas", old),
        ("wus", woman),
        ("health_history", grown),
        ("nakes_exam", grown),
    ):
        go = _page("kunjungan", person_id=row.person_id, session_id=day, form=form)
        yield Opening(f"kunjungan-{form}", (form,), go)
    for form in CHECKLISTS.values():
        row = next((row for row in rows if form in home_visits.checklists(ws, row.person_id)), grown)
        go = _page("kunjungan_rumah", person_id=row.person_id, form=form.name)
        yield Opening(f"rumah-{form.name}", (form.name,), go)
    yield Opening("tersegel-srq20", (SRQ.name,), _sealed_answers(ws, day, grown))


def _sealed_answers(ws: Workspace, day: str, row: RosterRow) -> Callable[[Shell], object]:
    def go(shell: Shell) -> object:
        record = "tersegel-srq20"
        told = {name: False for section in SRQ.sections[1:-1] for name in (f.name for f in section.fields)}
        visits.record(ws, SRQ, None, row.person_id, {**told, "visited_on": ws.today()}, record_id=record)
        return shell.go("kunjungan", person_id=row.person_id, session_id=day, form=SRQ.name, record_id=record)

    return go


def _sheets_of_a_person(ws: Workspace, day: str, child: RosterRow, by_form: dict[str, RosterRow]) -> Iterator[Opening]:
    person, today = child.person_id, ws.today()
    pregnant = by_form["pregnancy_visit"].person_id
    yield Opening("sasaran-baru", ("person",), _page("daftar"))
    yield Opening("sasaran-ubah", ("person",), _page("daftar", person_id=person))
    yield Opening("hamil", ("pregnancy",), _page("daftar", pregnancy_of=pregnant))
    yield Opening("persalinan", ("person", "pregnancy"), _page("persalinan", person_id=pregnant))
    yield Opening("kematian", ("death",), _page("kematian", person_id=person))
    card = {"person_id": person}
    yield Opening(
        "imunisasi",
        ("immunisation_dose",),
        _over("kunjungan", lambda page, _shell: _doses(page), session_id=day, **card),
    )
    yield Opening(
        "rujukan", ("referral",),
        _over("kartu", lambda page, shell: ReferSheet(page.desk, shell.window(), person, CHILD.name, ""), **card),
    )  # fmt: skip
    yield Opening("rujuk-balik", ("referral",), _over("kartu", _answer_of(ws, person), **card))
    yield Opening("putusan-nakes", ("confirmation",), _over("kartu", _judged(ws, person), **card))
    yield Opening("mt-mulai", ("feeding",), _over("kartu", lambda page, _shell: _meals(page).start(), **card))
    yield Opening("mt-minggu", ("feeding_week",), _over("kartu", _week(ws, person), **card))
    yield Opening("mt-akhir", ("feeding",), _over("kartu", _end(ws, person), **card))
    yield Opening(
        "pindah", ("handover",),
        _over("kartu", lambda page, shell: MoveSheet(
            page.desk, shell.window(), person, child.name, posts.posts(ws)[0].village_code), **card),
    )  # fmt: skip
    yield Opening(
        "kembali", (),
        _over("kartu", lambda page, shell: ReturnSheet(
            page.desk, shell.window(), {"name": child.name}, person, {}, lambda *_told: None), **card),
    )  # fmt: skip
    yield Opening(
        "pindahan", ("arrival",), _over("sasaran", lambda page, shell: ArrivalsSheet(page.desk, shell.window()))
    )
    yield Opening(
        "hapus-data", ("erasure",),
        _over("kartu", lambda page, shell: EraseSheet(page.desk, shell.window(), person, lambda: None), **card),
    )  # fmt: skip
    yield Opening(
        "hapus-terlambat", ("erasure",), _over("pengaturan", lambda page, shell: LateSheet(page.desk, shell.window()))
    )
    for state in ("postponed", "done"):
        yield Opening(
            f"tindak-lanjut-{state}", ("follow_up",),
            _over("tindak_lanjut", lambda _page, shell, state=state: WhySheet(
                shell, child.name, state, today, lambda *_told: None)),
        )  # fmt: skip
    yield Opening(
        "persetujuan", ("consent",),
        _over("kartu", lambda page, _shell: _consent(page).note(), person_id=child.person_id),
    )  # fmt: skip
    yield Opening(
        "naskah", (), _over("kartu", lambda page, _shell: TextSheet(page.window()), person_id=child.person_id)
    )
    yield Opening("kms-cetak", (), _over("sasaran", lambda page, shell: KmsSheet(page.desk, shell.window())))
    yield Opening("yang-dihapus", (), _over("sasaran", _gone))


def _gone(page: Any, shell: Any) -> object:  # noqa: ANN401 - a page
    """One with a long name; read at once, for the picture."""
    told = {"name": "Lalu Muhammad Rizky Ramadhan Al Fatih bin Abdul Karim", "sex": "male", "born_on": date(2025, 3, 4)}
    mistakes.take_person(page.desk.ws, people.register(page.desk.ws, told))
    sheet = GoneSheet(page.desk, shell.window())
    sheet._show(mistakes.gone(page.desk.ws))
    return sheet


def _doses(page: Any) -> object:  # noqa: ANN401 - a page
    page._show_rest()
    return DoseSheet(page.desk, page.window(), page.strip.card, session_id=page.session_id)


def _answer_of(ws: Workspace, person: str) -> Callable[[Any, Shell], object]:
    def go(page: Any, shell: Shell) -> object:  # noqa: ANN401
        if not referrals.of_person(ws, person):
            told = {"referred_on": ws.today(), "destination": "puskesmas", "reasons": "Di bawah garis merah"}
            referrals.refer(ws, person, told)
        return AnswerSheet(page.desk, shell.window(), referrals.find(ws, person))

    return go


def _judged(ws: Workspace, person: str) -> Callable[[Any, Shell], object]:
    def go(page: Any, shell: Shell) -> object:  # noqa: ANN401
        result = confirmations.results(ws, people.card(ws, person).assessments[-1])[0]
        return ConfirmSheet(page.desk, CHILD, "kunjungan", person, result, shell.window())

    return go


def _consent(page: Any) -> ConsentCard:  # noqa: ANN401
    page.finish_building()
    found = page.findChild(ConsentCard)
    assert isinstance(found, ConsentCard)
    return found


def _meals(page: Any) -> FeedingCard:  # noqa: ANN401
    page.finish_building()
    return FeedingCard(page.desk, page.card) if (found := page.findChild(FeedingCard)) is None else found


def _week(ws: Workspace, person: str) -> Callable[[Any, Shell], object]:
    return lambda page, _shell: _meals(page).note_week(_programme(ws, person), {"week": 1})


def _end(ws: Workspace, person: str) -> Callable[[Any, Shell], object]:
    return lambda page, _shell: _meals(page).end(_programme(ws, person))


def _programme(ws: Workspace, person: str) -> Any:  # noqa: ANN401 - services.feeding.Programme
    if not feeding.of_person(ws, person):
        begun = {"visited_on": ws.today() - timedelta(days=20), "reason": "wasted", "planned_days": 56, "kind": "local"}
        feeding.save(ws, person, begun)
    return feeding.of_person(ws, person)[0]


def _of_the_post() -> Iterator[Opening]:
    yield Opening("hari-buka", ("session",), _over("hari", _new_day))
    yield Opening("hari-data", ("session",), _over("hari", lambda page, _shell: page.ask_about_day()))
    post = _over("pengaturan", lambda page, _shell: page.edit_post(page.desk.ws.posyandu_id), part="posyandu")
    yield Opening("target", ("target",), _over("pengaturan", _order("target"), part="posyandu"))
    yield Opening("kop", ("letterhead",), _over("pengaturan", _order("letterhead"), part="posyandu"))
    yield Opening("ketentuan", ("ruling",), _over("pengaturan", _order("ruling"), part="posyandu"))
    yield Opening("posyandu", ("posyandu",), post)
    kita = "posyandu_kita"
    kader: Callable[[Any, Shell], Any] = lambda page, _shell: page._view("kader")  # noqa: E731
    yield Opening("kader-baru", ("worker",), _over(kita, lambda page, _shell: page.add_kader(), tab="kader"))
    for name, form, deed in (
        ("kader-ubah", "worker", "edit"),
        ("pelatihan", "training", "train"),
        ("keterampilan", "competence", "assess"),
    ):
        yield Opening(
            name, (form,),
            _over(kita, lambda page, shell, deed=deed: getattr(kader(page, shell), deed)(
                kader(page, shell).kader[0]), tab="kader"),
        )  # fmt: skip
    yield Opening("stok", ("stock",), _page(kita, tab="stok"))
    yield Opening(
        "stok-barang", ("stock",), _over(kita, lambda page, _shell: page._view("stok").ask_more("iron"), tab="stok")
    )
    yield Opening("kegiatan", ("activity",), _over(kita, lambda page, _shell: page.add_activity(), tab="kegiatan"))
    yield Opening("kas", ("fund",), _over(kita, lambda page, _shell: page.add_cash(), tab="kegiatan"))
    yield Opening("kegiatan-dan-kas", ("activity", "fund"), _page(kita, tab="kegiatan"))
    yield Opening("strata", (), _page(kita, tab="strata"))
    yield Opening("profil", (), _page(kita, tab="profil"))
    yield Opening(
        "profil-desa", ("village_profile",), _over(kita, lambda page, _shell: page.note_profile(), tab="profil")
    )
    yield Opening("tanya-posyandu", ("review",), _over("petugas", _ask_post, month=Month.of(scene.HELD_ON) - 1))


def _new_day(page: Any, _shell: Shell) -> None:  # noqa: ANN401
    page.opening.show_form()
    page.stack.setCurrentWidget(page.opening)
    page.header_changed.emit()


def _order(form: str) -> Callable[[Any, Shell], object]:
    def asked(page: Any, _shell: Shell) -> object:  # noqa: ANN401
        card = next(each for each in page.findChildren(OrdersCard) if each.order.form.name == form)
        return card.ask(*next((row.title, posts) for row, posts in card.rows.values()))

    return asked


def _ask_post(page: Any, _shell: Shell) -> object:  # noqa: ANN401
    return page.note()


def _of_the_family_and_the_village(ws: Workspace, child: RosterRow) -> Iterator[Opening]:
    house = str(people.card(ws, child.person_id).person["household_id"])
    for name, deed in (
        ("keluarga-data", "_edit_facts"),
        ("keluarga-pindah", "_ask_move"),
        ("keluarga-gabung", "_ask_merge"),
    ):
        yield Opening(
            name, ("household",),
            _over("keluarga", lambda page, _shell, deed=deed: getattr(page, deed)(), household_id=house),
        )  # fmt: skip
    yield Opening("iks", (), _over("keluarga", lambda page, shell: IksSheet(page.desk, shell.window())))
    yield Opening(
        "masalah-orang", ("social_ticket",), _over("lapor_sosial", lambda page, _shell: page.choose(KINDS["dropout"]))
    )
    yield Opening(
        "masalah-rahasia",
        ("social_ticket",),
        _over("lapor_sosial", lambda page, _shell: page.choose(KINDS["violence"])),
    )
    for stage in ("", "verified", "forwarded", "handled", "done", "refused"):
        yield Opening(
            f"langkah-{stage or 'serah'}", ("social_step",), _over("masalah_sosial", _step(ws, child.person_id, stage))
        )
    yield Opening(
        "cocokkan-kunci", (),
        _over("lapor_sosial", lambda page, _shell: CompareSheet(
            page.desk, page.privacy, sealed.readers(ws)[0], page.privacy.accepted)),
    )  # fmt: skip
    yield Opening(
        "pin-pembaca",
        (),
        _over(
            "masalah_sosial",
            lambda page, shell: PinSheet(page.desk, shell, "Buka jawaban rahasia", sealed.unlock, lambda _key: None),
        ),
    )


def _step(ws: Workspace, person: str, stage: str) -> Callable[[Any, Shell], object]:
    def go(page: Any, _shell: Shell) -> object:  # noqa: ANN401
        if not social.tickets(ws, ws.posyandu_id):
            told = {"kind": "dropout", "finding": "Berhenti kelas 5", "consent": "agreed", "urgency": "normal"}
            social.open_ticket(ws, told, person_id=person)
        return StepSheet(page, social.tickets(ws, ws.posyandu_id)[0], stage)

    return go
