"""Every change of the book's schema, in order: small functions with telling names.

A released step is never edited; a new question is a new step at the end. A test compares the migrated schema with
the forms, so that nobody forgets one.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from posyandu.domain.errors import NewerDatabase
from posyandu.storage import words
from posyandu.storage.engine import Database, copy_into, rows, transaction
from posyandu.storage.files import sync_file, sync_folder
from posyandu.storage.outbox import batches_feeds_and_the_server
from posyandu.text import _

Step = Callable[[Database], None]
BEFORE_UPGRADE = ".sebelum-"
"""What the name of the copy made before an upgrade has after the book's; then comes the first step it lacks."""


def migrate(
    db: Database, *, copy_beside: Path | None, steps: tuple[Step, ...] | None = None, then: Step | None = None
) -> bool:
    """Apply the steps this book has not seen, each in its own transaction, and `then` in the last of these; whether
    there were any.

    Before the first one the book is copied to "<name>.sebelum-<step>" beside `copy_beside`, still encrypted.

    Raises NewerDatabase when the book has seen a step this app does not know.
    """
    steps = STEPS if steps is None else steps
    db.conn.execute("CREATE TABLE IF NOT EXISTS migration (name TEXT PRIMARY KEY, at TEXT NOT NULL) STRICT")
    done = {name for (name,) in rows(db, "SELECT name FROM migration")}
    if done - {step.__name__ for step in steps}:
        raise NewerDatabase(
            _("Buku ini ditulis oleh Posyandu versi lebih baru. Pasang versi terbaru; data Anda tetap utuh.")
        )
    waiting = [step for step in steps if step.__name__ not in done]
    if waiting and done and copy_beside is not None:
        _copy(db, copy_beside.with_name(f"{copy_beside.name}{BEFORE_UPGRADE}{waiting[0].__name__}"))
    for step in waiting:
        with transaction(db):
            step(db)
            if then is not None and step is waiting[-1]:
                then(db)
            now = datetime.now(UTC).isoformat(timespec="seconds")
            db.conn.execute("INSERT INTO migration VALUES (?, ?)", (step.__name__, now))
    return bool(waiting)


def begin(db: Database, empty: Database) -> None:
    """Give a new book what `empty`, which went through every step, consists of: at once, in a tenth of the time.

    No step leaves a row anywhere but in the list of steps; a test holds the two equal.
    """
    with transaction(db):
        for (made,) in rows(empty, "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type DESC, rowid"):
            db.conn.execute(made)
        now = datetime.now(UTC).isoformat(timespec="seconds")
        steps = rows(empty, "SELECT name FROM migration ORDER BY rowid")
        db.conn.executemany("INSERT INTO migration VALUES (?, ?)", [(name, now) for (name,) in steps])


def _copy(db: Database, target: Path) -> None:
    """Copy through SQLite itself: opening the file beside SQLite would drop its locks."""
    target.unlink(missing_ok=True)
    copy_into(db, target)
    sync_file(target)
    sync_folder(target.parent)


def the_journal_of_saves(db: Database) -> None:
    """One row per op, own and received; `parts` names the saves that were joined into one op before it was sealed.

    Few indexes, because every one is another page of each save: an op is looked for with its record.
    """
    _run(
        db,
        "CREATE TABLE op (n INTEGER PRIMARY KEY, id TEXT NOT NULL, entity TEXT NOT NULL, record TEXT NOT NULL,"
        " scope TEXT NOT NULL, device TEXT NOT NULL, sealed INTEGER NOT NULL, parts TEXT, body BLOB NOT NULL) STRICT",
        "CREATE UNIQUE INDEX op_record ON op (record, id)",
        "CREATE INDEX op_unsealed ON op (scope) WHERE sealed = 0",
    )


def the_first_forms(db: Database) -> None:
    """A table per form: posts, kader, households, persons, days, attendance, pregnancies and their visits."""
    _form(db, "posyandu", links="", columns=_POSYANDU)
    _form(db, "worker", links="", columns=_WORKER)
    _form(db, "household", links="", columns=_HOUSEHOLD)
    _form(db, "person", links="household_id mother_id father_id", columns=_PERSON)
    _form(db, "session", links="", columns=_SESSION)
    _form(db, "attendance", links="session_id person_id", columns=_ATTENDANCE)
    _form(db, "pregnancy", links="person_id", columns=_PREGNANCY)
    _form(db, "pregnancy_visit", links="person_id pregnancy_id session_id", columns=_PREGNANCY_VISIT)
    _form(db, "under_five_visit", links="person_id session_id", columns=_UNDER_FIVE_VISIT)
    _run(
        db,
        "CREATE INDEX household_kk ON household (kk) WHERE kk IS NOT NULL",
        "CREATE INDEX person_scope ON person (scope)",
        "CREATE INDEX person_born ON person (born_on)",
        "CREATE INDEX person_mother ON person (mother_id) WHERE mother_id IS NOT NULL",
        "CREATE INDEX person_household ON person (household_id) WHERE household_id IS NOT NULL",
        "CREATE INDEX session_scope ON session (scope, held_on)",
        "CREATE INDEX attendance_session ON attendance (session_id)",
        "CREATE INDEX attendance_person ON attendance (person_id)",
        "CREATE INDEX pregnancy_person ON pregnancy (person_id)",
        "CREATE INDEX pregnancy_visit_person ON pregnancy_visit (person_id)",
        "CREATE INDEX pregnancy_visit_session ON pregnancy_visit (session_id)",
        "CREATE INDEX pregnancy_visit_period ON pregnancy_visit (scope, visited_on)",
        "CREATE INDEX under_five_visit_person ON under_five_visit (person_id)",
        "CREATE INDEX under_five_visit_session ON under_five_visit (session_id)",
        "CREATE INDEX under_five_visit_period ON under_five_visit (scope, visited_on)",
    )


_POSYANDU = """
    name TEXT, village_code TEXT, registration_number TEXT, hamlet TEXT, rt TEXT, rw TEXT, address TEXT,
    puskesmas TEXT, pustu TEXT, coordinator TEXT, midwife TEXT, midwife_nip TEXT, nutritionist TEXT,
    nutritionist_nip TEXT, village_head TEXT, open_day INTEGER"""

_WORKER = "name TEXT, role TEXT, phone TEXT, active INTEGER, trained INTEGER"

_HOUSEHOLD = """
    kk TEXT, head_name TEXT, address TEXT, hamlet TEXT, rt TEXT, rw TEXT, dasawisma TEXT, poor INTEGER"""

_PERSON = """
    name TEXT, sex TEXT, born_on TEXT, nik TEXT, mother_name TEXT, father_name TEXT, husband_name TEXT, kk TEXT,
    address TEXT, hamlet TEXT, rt TEXT, rw TEXT, dasawisma TEXT, phone TEXT, jkn TEXT, status TEXT,
    entered_on TEXT, left_on TEXT, left_reason TEXT, born_estimated INTEGER, guest INTEGER, poor INTEGER,
    birth_weight_g INTEGER, birth_length_mm INTEGER, birth_head_mm INTEGER, birth_order INTEGER,
    gestation_weeks INTEGER, early_breastfeeding INTEGER, has_kia_book INTEGER, register_number INTEGER"""

_SESSION = """
    held_on TEXT, place TEXT, topic TEXT, note TEXT, kader_present INTEGER, plkb_present INTEGER,
    health_workers_present INTEGER, scale_checked INTEGER, meal_given INTEGER, closed INTEGER"""

_ATTENDANCE = "present INTEGER, queue_number INTEGER, step INTEGER, absence_reason TEXT"

_PREGNANCY = """
    noted_on TEXT, lmp_on TEXT, usg_due_on TEXT, outcome TEXT, ended_on TEXT, gravida INTEGER,
    birth_interval_months INTEGER, first_weight_g INTEGER, height_mm INTEGER"""

_PREGNANCY_VISIT = """
    visited_on TEXT, source TEXT, weight_g INTEGER, weight_on_curve INTEGER, muac_mm INTEGER,
    systolic_mmhg INTEGER, diastolic_mmhg INTEGER, pressure_on_curve INTEGER, haemoglobin_dg_dl INTEGER,
    tbc_cough INTEGER, tbc_fever INTEGER, tbc_weight INTEGER, tbc_contact INTEGER, danger_bleeding INTEGER,
    danger_headache INTEGER, danger_vision INTEGER, danger_swelling INTEGER, danger_pain INTEGER,
    danger_vomiting INTEGER, danger_fever INTEGER, danger_movement INTEGER, danger_waters INTEGER,
    danger_fit INTEGER, iron_tablets INTEGER, iron_daily INTEGER, kek_food TEXT, kek_portions INTEGER,
    kek_daily INTEGER, class_attended INTEGER, counselling TEXT, referral TEXT, referral_reason TEXT, note TEXT"""

_UNDER_FIVE_VISIT = """
    visited_on TEXT, source TEXT, development TEXT, weight_g INTEGER, length_mm INTEGER, position TEXT,
    muac_mm INTEGER, head_mm INTEGER, oedema TEXT, gain_judged TEXT, gain_reason TEXT, tbc_cough INTEGER,
    tbc_fever INTEGER, tbc_weight INTEGER, tbc_contact INTEGER, tbc_listless INTEGER,
    exclusive_breastfeeding INTEGER, complementary_food INTEGER, immunisation_complete INTEGER,
    immunisation_given TEXT, vitamin_a TEXT, deworming INTEGER, supplement INTEGER, supplement_portions INTEGER,
    supplement_eaten INTEGER, sick INTEGER, illness TEXT, diarrhoea INTEGER, oralit INTEGER, counselling TEXT,
    referral TEXT, referral_reason TEXT, note TEXT"""


def words_to_find_people_by(db: Database) -> None:
    """The words of a person's name, mother, numbers and address; `kind` says which, the best first."""
    _run(
        db,
        "CREATE TABLE person_word (kind INTEGER NOT NULL, word TEXT NOT NULL, person INTEGER NOT NULL,"
        " PRIMARY KEY (kind, word, person)) STRICT, WITHOUT ROWID",
        "CREATE INDEX person_word_person ON person_word (person, word)",
    )


def drafts_and_settings(db: Database) -> None:
    """What is typed but not final, and this laptop's own settings: neither is ever sent."""
    _run(
        db,
        "CREATE TABLE draft (form TEXT NOT NULL, record TEXT NOT NULL, session_id TEXT, person_id TEXT,"
        " answers TEXT NOT NULL, at_ms INTEGER NOT NULL, PRIMARY KEY (form, record))"
        " STRICT, WITHOUT ROWID",
        "CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID",
    )


def after_birth_and_through_life(db: Database) -> None:
    """What followed the first forms: nifas, newborns, deaths, school and youth, adults and elderly, WUS.

    The confidential answers (school_mental, srq20) have tables of their own.
    """
    for column in _PREGNANCY_BIRTH.split(","):
        _run(db, f"ALTER TABLE pregnancy ADD COLUMN {column}")
    _form(db, "postpartum_visit", links="person_id pregnancy_id session_id", columns=_POSTPARTUM_VISIT)
    _form(db, "newborn", links="person_id session_id", columns=_NEWBORN)
    _form(db, "death", links="person_id", columns=_DEATH)
    _form(db, "school_visit", links="person_id session_id", columns=_SCHOOL_VISIT)
    _form(db, "school_mental", links="person_id session_id", columns=_SCHOOL_MENTAL)
    _form(db, "adult_visit", links="person_id session_id", columns=_ADULT_VISIT)
    _form(db, "srq20", links="person_id session_id", columns=_SRQ20)
    _form(db, "aks", links="person_id session_id", columns=_AKS)
    _form(db, "skilas", links="person_id session_id", columns=_SKILAS)
    _form(db, "wus", links="person_id session_id", columns=_WUS)
    for visited in ("postpartum_visit", "school_visit", "adult_visit"):
        _run(
            db,
            f"CREATE INDEX {visited}_person ON {visited} (person_id)",
            f"CREATE INDEX {visited}_session ON {visited} (session_id)",
            f"CREATE INDEX {visited}_period ON {visited} (scope, visited_on)",
        )
    for asked in ("newborn", "death", "school_mental", "srq20", "aks", "skilas", "wus"):
        _run(db, f"CREATE INDEX {asked}_person ON {asked} (person_id)")


_PREGNANCY_BIRTH = """birth_place TEXT, birth_attendant TEXT, birth_mode TEXT, babies INTEGER, breastfeeding INTEGER,
    kf1_on TEXT, kf2_on TEXT, kf3_on TEXT, kf4_on TEXT"""

_POSTPARTUM_VISIT = """
    visited_on TEXT, source TEXT, weight_g INTEGER, weight_on_curve INTEGER, muac_mm INTEGER, systolic_mmhg INTEGER,
    diastolic_mmhg INTEGER, pressure_on_curve INTEGER, haemoglobin_dg_dl INTEGER, temperature_tenth_c INTEGER,
    tbc_cough INTEGER, tbc_fever INTEGER, tbc_weight INTEGER, tbc_contact INTEGER, danger_bleeding INTEGER,
    danger_fever INTEGER, danger_lochia INTEGER, danger_headache INTEGER, danger_vision INTEGER, danger_pain
    INTEGER, danger_breath INTEGER, danger_heart INTEGER, danger_breast INTEGER, danger_wound INTEGER, danger_fluid
    INTEGER, danger_discharge INTEGER, danger_urine INTEGER, danger_sad INTEGER, vitamin_a_capsules INTEGER,
    vitamin_a_taken INTEGER, breastfeeding INTEGER, contraception INTEGER, contraception_method TEXT, counselling
    TEXT, referral TEXT, referral_reason TEXT, note TEXT"""

_NEWBORN = """
    visited_on TEXT, source TEXT, condition TEXT, congenital TEXT, vitamin_k INTEGER, eye_ointment INTEGER, hb0_on
    TEXT, thyroid_screened INTEGER, kn1_on TEXT, kn2_on TEXT, kn3_on TEXT, note TEXT"""

_DEATH = """
    died_on TEXT, place TEXT, cause TEXT, accident INTEGER, reporter TEXT"""

_SCHOOL_VISIT = """
    visited_on TEXT, source TEXT, weight_g INTEGER, height_mm INTEGER, systolic_mmhg INTEGER, diastolic_mmhg
    INTEGER, waist_mm INTEGER, glucose_mg_dl INTEGER, glucose_timing TEXT, muac_mm INTEGER, haemoglobin_dg_dl
    INTEGER, haemoglobin_place TEXT, tbc_cough INTEGER, tbc_fever INTEGER, tbc_weight INTEGER, tbc_contact INTEGER,
    smoking TEXT, smoke_at_home INTEGER, balanced_meals INTEGER, active INTEGER, iron_tablets INTEGER, iron_weekly
    INTEGER, deworming INTEGER, immunisation_given TEXT, counselling TEXT, referral TEXT, referral_reason TEXT, note
    TEXT"""

_SCHOOL_MENTAL = """
    visited_on TEXT, source TEXT, home_comfortable INTEGER, school_burden INTEGER, likes_body INTEGER, other_friends
    INTEGER, substances INTEGER, sexual_relation INTEGER, unsafe INTEGER, suicidal INTEGER"""

_ADULT_VISIT = """
    visited_on TEXT, source TEXT, weight_g INTEGER, height_mm INTEGER, waist_mm INTEGER, muac_mm INTEGER,
    systolic_mmhg INTEGER, diastolic_mmhg INTEGER, glucose_mg_dl INTEGER, glucose_timing TEXT, cholesterol_mg_dl
    INTEGER, uric_acid_tenth_mg_dl INTEGER, haemoglobin_dg_dl INTEGER, eye_right INTEGER, eye_left INTEGER,
    ear_right INTEGER, ear_left INTEGER, puma_smoked INTEGER, puma_sticks INTEGER, puma_years INTEGER, puma_breath
    INTEGER, puma_phlegm INTEGER, puma_cough INTEGER, puma_spirometry INTEGER, tbc_cough INTEGER, tbc_fever INTEGER,
    tbc_weight INTEGER, tbc_contact INTEGER, contraception INTEGER, contraception_method TEXT, covid_immunised
    INTEGER, counselling TEXT, referral TEXT, referral_reason TEXT, note TEXT"""

_SRQ20 = """
    visited_on TEXT, source TEXT, srq_1 INTEGER, srq_2 INTEGER, srq_3 INTEGER, srq_4 INTEGER, srq_5 INTEGER, srq_6
    INTEGER, srq_7 INTEGER, srq_8 INTEGER, srq_9 INTEGER, srq_10 INTEGER, srq_11 INTEGER, srq_12 INTEGER, srq_13
    INTEGER, srq_14 INTEGER, srq_15 INTEGER, srq_16 INTEGER, srq_17 INTEGER, srq_18 INTEGER, srq_19 INTEGER, srq_20
    INTEGER"""

_AKS = """
    visited_on TEXT, source TEXT, bowels TEXT, bladder TEXT, grooming TEXT, toilet TEXT, feeding TEXT, transfer
    TEXT, walking TEXT, dressing TEXT, stairs TEXT, bathing TEXT, note TEXT"""

_SKILAS = """
    visited_on TEXT, source TEXT, knows_date INTEGER, knows_place INTEGER, recalls_words INTEGER, stands_up INTEGER,
    lost_weight INTEGER, poor_appetite INTEGER, muac_mm INTEGER, eye_problem INTEGER, counts_fingers INTEGER,
    whisper TEXT, sad INTEGER, no_interest INTEGER, follow_up_result TEXT, note TEXT"""

_WUS = """
    visited_on TEXT, source TEXT, couple INTEGER, welfare TEXT, children_living INTEGER, children_died TEXT, muac_mm
    INTEGER, tetanus_1_on TEXT, tetanus_2_on TEXT, tetanus_3_on TEXT, tetanus_4_on TEXT, tetanus_5_on TEXT,
    contraception INTEGER, contraception_method TEXT, changed_on TEXT, changed_method TEXT, why_none TEXT, note TEXT"""


def immunisations(db: Database) -> None:
    """One row per dose of a person, given or not."""
    _form(db, "immunisation_dose", links="person_id session_id", columns=_IMMUNISATION_DOSE)
    _run(
        db,
        "CREATE INDEX immunisation_dose_person ON immunisation_dose (person_id)",
        "CREATE INDEX immunisation_dose_scope ON immunisation_dose (scope, given_on)",
    )


_IMMUNISATION_DOSE = """
    antigen TEXT, dose INTEGER, given_on TEXT, product TEXT, source TEXT, place TEXT, provider TEXT, batch TEXT,
    not_given TEXT, noted_on TEXT, note TEXT"""


def signed_months(db: Database) -> None:
    """One row per version of a month's report that was signed."""
    _form(db, "month_report", links="", columns=_MONTH_REPORT)
    _run(db, "CREATE INDEX month_report_scope ON month_report (scope, month)")


_MONTH_REPORT = """
    month TEXT, revision INTEGER, signed_on TEXT, signer TEXT, reason TEXT, digest TEXT, content TEXT"""


def follow_up_of_people(db: Database) -> None:
    """One row per person, list and month: what became of it."""
    _form(db, "follow_up", links="person_id", columns=_FOLLOW_UP)
    _run(
        db,
        "CREATE INDEX follow_up_person ON follow_up (person_id)",
        "CREATE INDEX follow_up_scope ON follow_up (scope, noted_on)",
    )


_FOLLOW_UP = """
    list_code TEXT, period TEXT, state TEXT, noted_on TEXT, until TEXT, reason TEXT, done_by TEXT"""


def facts_of_houses(db: Database) -> None:
    """What home visits ask about the house and the help a family gets."""
    for column in _HOUSE.split(","):
        _run(db, f"ALTER TABLE household ADD COLUMN {column}")


_HOUSE = """clean_water INTEGER, latrine INTEGER, ventilation INTEGER, fit_house INTEGER, smoker INTEGER,
    social_aid TEXT, note TEXT"""


def home_visits(db: Database) -> None:
    """A table for each checklist of the home visit; they begin and end alike."""
    for name, asked in _CHECKLISTS.items():
        _form(db, name, links="person_id household_id", columns=f"{_HOME_BEGIN}, {asked}, {_HOME_END}")
        _run(db, f"CREATE INDEX {name}_person ON {name} (person_id)")


_HOME_BEGIN = """
    visited_on TEXT, visit_number INTEGER, why TEXT, temperature_tenth_c INTEGER"""

_HOME_END = """
    saji_greet INTEGER, saji_talk INTEGER, saji_explain INTEGER, saji_remind INTEGER, education TEXT,
    health_worker_came INTEGER, plan TEXT, plan_by TEXT, result TEXT, next_on TEXT, note TEXT"""

_CHECKLISTS = {
    "home_pregnant": """
        danger_fever INTEGER, danger_headache INTEGER, danger_anxious INTEGER, danger_diarrhoea INTEGER,
        danger_tbc INTEGER, danger_movement INTEGER, danger_heart INTEGER, danger_fluid INTEGER,
        danger_urine INTEGER, danger_pain INTEGER, gap_kia_book INTEGER, gap_anc INTEGER, gap_plate INTEGER,
        gap_iron INTEGER, gap_iron_taken INTEGER, gap_muac INTEGER, gap_mother_class INTEGER,
        gap_mind_screened INTEGER""",
    "home_postpartum": """
        danger_fever INTEGER, danger_sad INTEGER, danger_urine INTEGER, danger_breath INTEGER,
        danger_headache INTEGER, danger_bleeding INTEGER, danger_swollen INTEGER, danger_fluid INTEGER,
        danger_stomach INTEGER, danger_vision INTEGER, danger_breast INTEGER, danger_lochia INTEGER,
        danger_discharge INTEGER, danger_heart INTEGER, gap_kia_book INTEGER, gap_kf INTEGER, gap_vitamin_a
        INTEGER, gap_breastfeeding INTEGER, gap_contraception INTEGER, gap_mind_screened INTEGER""",
    "home_infant": """
        danger_breath INTEGER, danger_weak INTEGER, danger_colour INTEGER, danger_suck INTEGER, danger_fit
        INTEGER, danger_stool INTEGER, danger_urine INTEGER, danger_cord INTEGER, danger_eyes INTEGER,
        danger_skin INTEGER, danger_no_first_doses INTEGER, gap_kia_book INTEGER, gap_breastmilk_only
        INTEGER, gap_measured INTEGER, gap_kn INTEGER, gap_immunised INTEGER""",
    "home_child": """
        danger_breath INTEGER, danger_fever INTEGER, danger_diarrhoea INTEGER, danger_urine INTEGER,
        danger_colour INTEGER, danger_weak INTEGER, danger_refuses INTEGER, danger_no_gain INTEGER,
        gap_kia_book INTEGER, gap_measured INTEGER, gap_immunised INTEGER, gap_deworming INTEGER,
        gap_vitamin_a INTEGER, gap_varied_food INTEGER""",
    "home_school": """
        danger_cough INTEGER, gap_measured INTEGER, gap_plate INTEGER, gap_iron INTEGER, gap_iron_taken
        INTEGER, gap_haemoglobin INTEGER, gap_pressure INTEGER, gap_glucose INTEGER, habit_smokes INTEGER,
        gap_mind_screened INTEGER""",
    "home_adult": """
        danger_cough INTEGER, gap_pressure INTEGER, gap_pressure_medicine INTEGER, gap_pressure_taken
        INTEGER, gap_glucose INTEGER, gap_glucose_medicine INTEGER, gap_glucose_taken INTEGER,
        gap_contraception INTEGER, habit_smokes INTEGER, gap_mind_screened INTEGER""",
    "home_elderly": """
        danger_cough INTEGER, gap_pressure INTEGER, gap_pressure_medicine INTEGER, gap_pressure_taken
        INTEGER, gap_glucose INTEGER, gap_glucose_medicine INTEGER, gap_glucose_taken INTEGER, gap_aks
        INTEGER, gap_skilas INTEGER, habit_smokes INTEGER, gap_mind_screened INTEGER""",
    "home_tbc": """
        danger_blood INTEGER, danger_breath INTEGER, danger_side_effect INTEGER, danger_contact_cough
        INTEGER, gap_medicine_taken INTEGER, gap_companion INTEGER, gap_contacts_listed INTEGER,
        gap_contacts_checked INTEGER, gap_mask INTEGER, gap_air INTEGER""",
}


def reviews_and_wrong_tools(db: Database) -> None:
    """What is said about a month's report, and whether the scale or board of a posyandu day was wrong."""
    _form(db, "review", links="person_id", columns=_REVIEW)
    _run(
        db,
        "CREATE INDEX review_scope ON review (scope, month)",
        "ALTER TABLE session ADD COLUMN wrong_tool TEXT",
        "ALTER TABLE session ADD COLUMN wrong_tool_reason TEXT",
    )


_REVIEW = """
    month TEXT, kind TEXT, words TEXT, answers_to TEXT, record TEXT, revision INTEGER, noted_on TEXT, writer TEXT,
    role TEXT"""


def histories_plans_and_last_examinations(db: Database) -> None:
    """Health history, smoking and what health workers examined; the plan of a birth; more of people and houses.

    Home visits tell when, where and how what they ask about was last examined.
    """
    for name, columns in (("health_history", _HISTORY), ("smoking", _SMOKING), ("nakes_exam", _EXAMINATION)):
        _form(db, name, links="person_id session_id", columns=columns)
        _run(db, f"CREATE INDEX {name}_person ON {name} (person_id)")
    for table, columns in _MORE.items():
        for column in columns.split(","):
            _run(db, f"ALTER TABLE {table} ADD COLUMN {column}")


_HISTORY = """
    visited_on TEXT, source TEXT, family_hypertension INTEGER, family_diabetes INTEGER, family_stroke INTEGER,
    family_heart INTEGER, family_asthma INTEGER, family_cancer INTEGER, family_cholesterol INTEGER,
    own_hypertension INTEGER, own_diabetes INTEGER, own_stroke INTEGER, own_heart INTEGER, own_asthma INTEGER,
    own_cancer INTEGER, own_cholesterol INTEGER, own_copd INTEGER, own_kidney INTEGER, own_arthritis INTEGER,
    own_mental INTEGER, own_tbc INTEGER, habit_smoking INTEGER, habit_smoke INTEGER, habit_sugar INTEGER,
    habit_salt INTEGER, habit_fat INTEGER, habit_few_vegetables INTEGER, habit_inactive INTEGER, habit_alcohol
    INTEGER, note TEXT"""

_SMOKING = """
    visited_on TEXT, source TEXT, grade INTEGER, school TEXT, smoking TEXT, kind TEXT, began_years INTEGER,
    began_why TEXT, sticks INTEGER, months_smoked INTEGER, source_of_cigarettes TEXT, wants_to_stop INTEGER,
    stop_why TEXT, knows_harm INTEGER, seen_at_school INTEGER, seen_whom TEXT, smoke_at_home INTEGER,
    friends_smoke INTEGER, monoxide_measured INTEGER, monoxide_ppm INTEGER, note TEXT"""

_EXAMINATION = """
    visited_on TEXT, source TEXT, instrument TEXT, result TEXT, place TEXT, examiner TEXT, again_on TEXT, note
    TEXT"""

_MORE = {
    "death": """
        reported_to TEXT""",
    "pregnancy": """
        births_before INTEGER, miscarriages INTEGER, blood_type TEXT, sticker INTEGER, plan_attendant
        TEXT, plan_place TEXT, plan_companion TEXT, plan_transport TEXT, plan_donors TEXT, plan_fund TEXT,
        plan_contraception TEXT, k1_on TEXT, k2_on TEXT, k3_on TEXT, k4_on TEXT, k5_on TEXT, k6_on TEXT""",
    "household": """
        insured INTEGER, ill_tbc INTEGER, ill_hypertension INTEGER, ill_diabetes INTEGER, ill_mental
        INTEGER""",
    "person": """
        family_role TEXT, marital_status TEXT, education TEXT, occupation TEXT""",
    "home_school": """
        habit_smokes_actively INTEGER, measured_on TEXT, measured_place TEXT, weight_g INTEGER, height_mm
        INTEGER, waist_mm INTEGER, haemoglobin_on TEXT, haemoglobin_place TEXT, haemoglobin_result TEXT,
        pressure_on TEXT, pressure_place TEXT, pressure_result TEXT, glucose_on TEXT, glucose_place TEXT,
        glucose_result TEXT, mind_screened_on TEXT, mind_screened_place TEXT, mind_screened_by TEXT""",
    "home_adult": """
        pressure_on TEXT, pressure_place TEXT, pressure_result TEXT, hypertension_since TEXT, glucose_on
        TEXT, glucose_place TEXT, glucose_result TEXT, diabetes_since TEXT, mind_screened_on TEXT,
        mind_screened_place TEXT, mind_screened_by TEXT""",
    "home_elderly": """
        pressure_on TEXT, pressure_place TEXT, pressure_result TEXT, hypertension_since TEXT, glucose_on
        TEXT, glucose_place TEXT, glucose_result TEXT, diabetes_since TEXT, mind_screened_on TEXT,
        mind_screened_place TEXT, mind_screened_by TEXT, aks_on TEXT, aks_place TEXT, skilas_on TEXT,
        skilas_place TEXT""",
}


def referrals_and_confirmations(db: Database) -> None:
    """Who was sent where and what came back; and what a health worker says of a computed result."""
    for name, columns in (("referral", _REFERRAL), ("confirmation", _CONFIRMATION)):
        _form(db, name, links="person_id visit_id", columns=columns)
        _run(
            db,
            f"CREATE INDEX {name}_person ON {name} (person_id)",
            f"CREATE INDEX {name}_visit ON {name} (visit_id)",
        )


_REFERRAL = """
    referred_on TEXT, destination TEXT, urgency TEXT, reasons TEXT, measured TEXT, not_examined TEXT, given TEXT,
    companion TEXT, referred_by TEXT, rules TEXT, visit_form TEXT, came TEXT, came_on TEXT, examined_by TEXT,
    diagnosis TEXT, treatment TEXT, control_on TEXT, why_not TEXT, answered_on TEXT, answered_by TEXT"""

_CONFIRMATION = """
    visit_form TEXT, subject TEXT, computed TEXT, computed_words TEXT, decision TEXT, value TEXT, value_words TEXT,
    reason TEXT, decided_on TEXT, decided_by TEXT, role TEXT"""


def the_post_itself(db: Database) -> None:
    """Facts about kader, what they learnt, the stock, activities and cash of a post."""
    for column in _KADER.split(","):
        _run(db, f"ALTER TABLE worker ADD COLUMN {column}")
    for name, (links, columns) in _POST_ITSELF.items():
        _form(db, name, links=links, columns=columns)
        _run(db, f"CREATE INDEX {name}_scope ON {name} (scope)")


_KADER = "position TEXT, decree TEXT, since_on TEXT, until_on TEXT"

_POST_ITSELF = {
    "training": (
        "worker_id",
        "held_on TEXT, topic TEXT, days INTEGER, organiser TEXT, certificate INTEGER, note TEXT",
    ),
    "competence": (
        "worker_id",
        """
    assessed_on TEXT, assessor TEXT, post_services INTEGER, post_records INTEGER, post_home_visit INTEGER,
    post_talking INTEGER, child_book INTEGER, child_feeding INTEGER, child_measuring INTEGER, child_growth INTEGER,
    child_stimulation INTEGER, child_immunisation INTEGER, child_danger INTEGER, mother_book INTEGER,
    mother_plate INTEGER, mother_checks INTEGER, mother_iron INTEGER, mother_curve INTEGER, mother_danger INTEGER,
    youth_health INTEGER, youth_anaemia INTEGER, youth_risks INTEGER, adult_germas INTEGER, adult_diseases INTEGER,
    adult_detection INTEGER, adult_instruments INTEGER, adult_contraception INTEGER""",
    ),
    "stock": (
        "",
        "item TEXT, month TEXT, received INTEGER, used INTEGER, wasted INTEGER, counted INTEGER, expires_on TEXT,"
        " note TEXT",
    ),
    "activity": (
        "",
        "held_on TEXT, kind TEXT, topic TEXT, field TEXT, kader_present INTEGER, participants INTEGER, note TEXT",
    ),
    "fund": (
        "",
        "noted_on TEXT, direction TEXT, rupiah INTEGER, origin TEXT, families INTEGER, purpose TEXT, note TEXT",
    ),
}


def social_problems_and_sealed_parts(db: Database) -> None:
    """Reports of social problems, the steps about them, and what is encrypted to its readers."""
    _form(db, "social_ticket", links="person_id household_id worker_id", columns=_SOCIAL_TICKET)
    _form(db, "social_step", links="ticket_id", columns=_SOCIAL_STEP)
    _form(db, "sealed", links="about_id worker_id", columns="purpose TEXT, box TEXT")
    _form(
        db,
        "sealing_key",
        links="worker_id",
        columns="name TEXT, role TEXT, public_key TEXT, made_on TEXT, ended_on TEXT",
    )
    _form(
        db,
        "sealed_access",
        links="about_id worker_id",
        columns="action TEXT, opened_at TEXT, done_by TEXT, wrap TEXT",
    )
    _run(
        db,
        "CREATE INDEX social_ticket_scope ON social_ticket (scope)",
        "CREATE INDEX social_ticket_person ON social_ticket (person_id) WHERE person_id IS NOT NULL",
        "CREATE INDEX social_ticket_household ON social_ticket (household_id) WHERE household_id IS NOT NULL",
        "CREATE INDEX social_step_ticket ON social_step (ticket_id)",
        "CREATE INDEX sealed_about ON sealed (about_id)",
        "CREATE INDEX sealed_access_about ON sealed_access (about_id)",
    )


_SOCIAL_TICKET = """
    kind TEXT, field TEXT, finding TEXT, place TEXT, consent TEXT, urgency TEXT, noted_on TEXT, source TEXT,
    action TEXT, referred_to TEXT"""

_SOCIAL_STEP = """
    follows TEXT, stage TEXT, stepped_on TEXT, done_by TEXT, role TEXT, sent_to TEXT, owner TEXT, note TEXT,
    reason TEXT, reference TEXT"""


def signs_of_malaria(db: Database) -> None:
    """Whether someone from a malaria area shakes with fever."""
    for name in ("school_visit", "adult_visit"):
        _run(db, f"ALTER TABLE {name} ADD COLUMN malaria_sign INTEGER")


def what_was_written_twice(db: Database) -> None:
    """Which persons and households are the same, and who stands for whom because of it."""
    _form(db, "merge", links="", columns=" kind TEXT, kept_id TEXT, other_id TEXT, active INTEGER, note TEXT")
    _run(db, "CREATE TABLE same (id TEXT PRIMARY KEY, shown TEXT NOT NULL) STRICT, WITHOUT ROWID")


def who_looks_after_a_child(db: Database) -> None:
    """The guardian of somebody who is not brought up by the parents."""
    for column in ("guardian_name TEXT", "guardian_role TEXT"):
        _run(db, f"ALTER TABLE person ADD COLUMN {column}")


def what_the_family_index_asks(db: Database) -> None:
    """Whether illnesses at home are treated, and whether the youngest was born where help was (PIS-PK)."""
    for name in ("tbc_treated", "hypertension_treated", "mental_treated", "born_in_facility"):
        _run(db, f"ALTER TABLE household ADD COLUMN {name} INTEGER")


def what_was_erased(db: Database) -> None:
    """Which saves and records are gone because somebody asked for it, so that none of them comes back."""
    _form(db, "erasure", links="", columns=" erased_on TEXT, why TEXT, records TEXT, rewritten TEXT, saves TEXT")
    _run(
        db,
        "CREATE TABLE erased (head TEXT PRIMARY KEY) STRICT, WITHOUT ROWID",
        "CREATE TABLE erased_record (id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID",
    )


def whose_word_on_erasures(db: Database) -> None:
    """What was said of each erasure; those known until now took effect when they came, and stay so."""
    _run(
        db,
        "CREATE TABLE erasure_word (head TEXT PRIMARY KEY, word TEXT NOT NULL) STRICT, WITHOUT ROWID",
        "INSERT OR IGNORE INTO erasure_word SELECT substr(id, 1, 16), 'musnah' FROM op WHERE entity = 'erasure'",
    )


def extra_meals(db: Database) -> None:
    """Programmes of makanan tambahan, and what was eaten of them week by week."""
    _form(db, "feeding", links="person_id", columns=_FEEDING)
    _form(db, "feeding_week", links="person_id feeding_id", columns=_FEEDING_WEEK)
    _run(
        db,
        "CREATE INDEX feeding_person ON feeding (person_id)",
        "CREATE INDEX feeding_scope ON feeding (scope)",
        "CREATE INDEX feeding_week_feeding ON feeding_week (feeding_id)",
    )


_FEEDING = """
    visited_on TEXT, reason TEXT, planned_days INTEGER, cycle INTEGER, kind TEXT, food TEXT, fund TEXT, partner TEXT,
    by_guideline INTEGER, weight_g INTEGER, muac_mm INTEGER, ended_on TEXT, result TEXT, weight_after_g INTEGER,
    muac_after_mm INTEGER, note TEXT"""

_FEEDING_WEEK = """
    week INTEGER, visited_on TEXT, day_1 INTEGER, day_2 INTEGER, day_3 INTEGER, day_4 INTEGER, day_5 INTEGER,
    day_6 INTEGER, day_7 INTEGER, weight_g INTEGER, length_mm INTEGER, position TEXT, health TEXT, next_step TEXT,
    note TEXT"""


def checklists_and_sealed_answers(db: Database) -> None:
    """The development checklist line by line; and of confidential answers, which are sealed now, what stays readable.

    Results that were noted without their lines stay in the visit, and old answers in their columns, as they are.
    """
    lines = ", ".join(f"{band}_{n} INTEGER" for band, last in _CHECKLIST_LINES.items() for n in range(1, last + 1))
    _form(db, "development", links="person_id session_id", columns=f" visited_on TEXT, source TEXT, {lines}, note TEXT")
    _run(
        db,
        "CREATE INDEX development_person ON development (person_id)",
        "CREATE INDEX development_session ON development (session_id)",
        "ALTER TABLE school_mental ADD COLUMN answered INTEGER",
        "ALTER TABLE srq20 ADD COLUMN answered INTEGER",
        "ALTER TABLE srq20 ADD COLUMN outcome TEXT",
    )


_CHECKLIST_LINES = {
    "m3": 8, "m6": 10, "m9": 11, "m12": 12, "m18": 8, "m24": 9, "m36": 9, "m48": 13, "m60": 18, "m72": 13,
}  # fmt: skip


def before_a_pregnancy(db: Database) -> None:
    """What couples are asked before a pregnancy (4T, ALKI), and since when and where they use family planning."""
    for column in _BEFORE_A_PREGNANCY.split(","):
        _run(db, f"ALTER TABLE wus ADD COLUMN {column}")


_BEFORE_A_PREGNANCY = """wants_child TEXT, youngest_born_on TEXT, weight_g INTEGER, height_mm INTEGER,
    haemoglobin_dg_dl INTEGER, chronic INTEGER, infection INTEGER, complication INTEGER, health_problem INTEGER,
    fitness TEXT, method_since_on TEXT, method_place TEXT, stopped_why TEXT"""


def a_guardian_of_the_book(db: Database) -> None:
    """The guardian as somebody of the book, beside a plain name; and whoever has one is found by it."""
    _run(
        db,
        "ALTER TABLE person ADD COLUMN guardian_id TEXT",
        "CREATE INDEX person_guardian ON person (guardian_id) WHERE guardian_id IS NOT NULL",
    )
    named = rows(db, "SELECT n, guardian_name FROM person WHERE guardian_name IS NOT NULL")
    words.add_all(db, ((n, {"guardian_name": name}) for n, name in named))


def moves_between_posts(db: Database) -> None:
    """Who was handed over to another post, and who came from one."""
    _form(
        db,
        "handover",
        links="person_id",
        columns=" to_village TEXT, to_post TEXT, left_on TEXT, from_village TEXT, from_post TEXT, package TEXT",
    )
    _form(
        db,
        "arrival",
        links="person_id",
        columns=" from_village TEXT, from_post TEXT, to_post TEXT, left_on TEXT, package TEXT, accepted INTEGER,"
        " accepted_post TEXT",
    )


def what_examiners_found(db: Database) -> None:
    """Findings of teeth, eyes, ears and IVA in closed answers; class of pupils, and where they got iron."""
    for table, columns in _WHAT_EXAMINERS_FOUND.items():
        for column in columns.split(","):
            _run(db, f"ALTER TABLE {table} ADD COLUMN {column}")


_WHAT_EXAMINERS_FOUND = {
    "nakes_exam": """caries INTEGER, visus_right TEXT, visus_left TEXT, colour_blind INTEGER, eye_finding TEXT,
        whisper_passed INTEGER, ear_finding TEXT, cancer_result TEXT""",
    "health_history": """family_copd INTEGER, family_thalassaemia INTEGER, family_lupus INTEGER, family_sight INTEGER,
        own_thalassaemia INTEGER, own_lupus INTEGER, own_sight INTEGER""",
    "school_visit": "grade INTEGER, iron_place TEXT",
}


def facts_of_persons_houses_and_villages(db: Database) -> None:
    """Why a NIK is missing, JKN, catin, disability; what a house is like; consent; figures of the village."""
    for table, columns in _FACTS.items():
        for column in columns.split(","):
            _run(db, f"ALTER TABLE {table} ADD COLUMN {column}")
    _form(db, "consent", links="person_id", columns=_CONSENT)
    _form(db, "village_profile", links="", columns=_VILLAGE_PROFILE)
    _run(
        db,
        "CREATE INDEX consent_person ON consent (person_id)",
        "CREATE INDEX consent_scope ON consent (scope)",
    )


_FACTS = {
    "posyandu": "decree TEXT, decree_on TEXT",
    "household": """house_owner TEXT, house_floor TEXT, house_wall TEXT, house_roof TEXT, floor_area_m2 INTEGER,
    water_source TEXT, drain INTEGER, waste_sorted INTEGER""",
    "person": """nik_missing TEXT, birth_certificate INTEGER, jkn_kind TEXT, jkn_active INTEGER, jkn_facility TEXT,
    betrothed INTEGER, betrothed_on TEXT, wedding_on TEXT, disability TEXT, disability_aid TEXT, communication TEXT""",
}

_CONSENT = """
    told_on TEXT, purpose TEXT, text_version TEXT, told_by TEXT, answer TEXT, given_by TEXT, giver_name TEXT,
    how TEXT, withdrawn_on TEXT, withdrawn_by TEXT, withdrawn_why TEXT, wish TEXT, note TEXT"""

_VILLAGE_PROFILE = """
    year INTEGER, told_on TEXT, source TEXT, men INTEGER, women INTEGER, families INTEGER, poor_families INTEGER,
    houses INTEGER, hamlets INTEGER, neighbourhoods INTEGER, dasawisma INTEGER, under_fives INTEGER,
    fertile_couples INTEGER, elderly INTEGER, livelihood TEXT, paud INTEGER, schools INTEGER, health_posts INTEGER,
    midwives INTEGER, puskesmas_km INTEGER, signal TEXT, power TEXT, building TEXT, note TEXT"""


def which_field_a_kader_heads(db: Database) -> None:
    """Which of the six fields somebody is head of."""
    _run(db, "ALTER TABLE worker ADD COLUMN field TEXT")


def what_an_erasure_may_give_back(db: Database) -> None:
    """Saves that an erasure asked for here takes away and no server was seen to hold: until the server's word."""
    _run(db, "CREATE TABLE kept_back (id TEXT PRIMARY KEY, body BLOB NOT NULL) STRICT, WITHOUT ROWID")


def what_the_young_are_taught(db: Database) -> None:
    """The theme of what pupils were told, and which of the life skills."""
    _run(
        db,
        "ALTER TABLE school_visit ADD COLUMN topic TEXT",
        "ALTER TABLE school_visit ADD COLUMN life_skill TEXT",
    )


def which_paper_left(db: Database) -> None:
    """What a report or file was called that left the book."""
    _run(db, "ALTER TABLE sealed_access ADD COLUMN title TEXT")


def what_health_workers_read_of_sdq(db: Database) -> None:
    """The result of SDQ, sealed like the other confidential answers."""
    columns = " visited_on TEXT, source TEXT, place TEXT, examiner TEXT, sdq_informant TEXT, sdq_band TEXT,"
    _form(db, "sdq", links="person_id session_id", columns=f"{columns} answered INTEGER")
    _run(db, "CREATE INDEX sdq_person ON sdq (person_id)")


def how_often_somebody_drinks_or_breathes_smoke(db: Database) -> None:
    """The grades of the Posbindu card."""
    for name in ("smoking_packs", "smoke_often", "alcohol_often"):
        _run(db, f"ALTER TABLE health_history ADD COLUMN {name} TEXT")


def which_batches_lack_saves(db: Database) -> None:
    """Batches whose saves an erasure took that was refused are found at once, their bytes kept meanwhile."""
    _run(db, "CREATE INDEX batch_robbed ON batch (scope) WHERE state = 'minta'")


def targets_of_posts(db: Database) -> None:
    """The shares a post is to reach, from a day on."""
    _form(db, "target", links="", columns=_TARGET)


_TARGET = """
    since_on TEXT, source TEXT, k_s_tenth_percent INTEGER, d_s_tenth_percent INTEGER, d_k_tenth_percent INTEGER,
    n_d_tenth_percent INTEGER, bgm_d_tenth_percent INTEGER, idl_tenth_percent INTEGER,
    vitamin_a_tenth_percent INTEGER"""


def what_the_dinas_decided(db: Database) -> None:
    """Rules that sources leave open, as set for a post from a day on."""
    _form(db, "ruling", links="", columns=_RULING)


_RULING = """
    since_on TEXT, source TEXT, red_line TEXT, orange_line TEXT, tbc_rule TEXT, wasted_days INTEGER,
    underweight_days INTEGER, not_gained_days INTEGER, iron_target INTEGER, iron_in_lb3 INTEGER,
    iron_in_a_pack INTEGER, emergency_systolic INTEGER, emergency_diastolic INTEGER, mother_short_mm INTEGER,
    pregnant_kek_days INTEGER, pregnant_thin_days INTEGER, stock_months INTEGER, keep_years INTEGER"""


def letterheads(db: Database) -> None:
    """The lines above the papers of a post, from a day on."""
    _form(db, "letterhead", links="", columns=_LETTERHEAD)


_LETTERHEAD = """
    since_on TEXT, source TEXT, government TEXT, office TEXT, unit TEXT, address TEXT, contact TEXT"""


STEPS: tuple[Step, ...] = (
    the_journal_of_saves,
    the_first_forms,
    words_to_find_people_by,
    drafts_and_settings,
    batches_feeds_and_the_server,
    after_birth_and_through_life,
    immunisations,
    signed_months,
    follow_up_of_people,
    facts_of_houses,
    home_visits,
    reviews_and_wrong_tools,
    histories_plans_and_last_examinations,
    referrals_and_confirmations,
    the_post_itself,
    social_problems_and_sealed_parts,
    signs_of_malaria,
    what_was_written_twice,
    who_looks_after_a_child,
    what_the_family_index_asks,
    what_was_erased,
    extra_meals,
    checklists_and_sealed_answers,
    before_a_pregnancy,
    a_guardian_of_the_book,
    moves_between_posts,
    whose_word_on_erasures,
    what_examiners_found,
    facts_of_persons_houses_and_villages,
    which_field_a_kader_heads,
    what_an_erasure_may_give_back,
    what_the_young_are_taught,
    which_paper_left,
    what_health_workers_read_of_sdq,
    how_often_somebody_drinks_or_breathes_smoke,
    which_batches_lack_saves,
    targets_of_posts,
    what_the_dinas_decided,
    letterheads,
)
"""Every step there is, oldest first."""


def _form(db: Database, name: str, *, links: str, columns: str) -> None:
    linked = "".join(f" {link} TEXT," for link in links.split())
    _run(
        db,
        f"CREATE TABLE {name} (n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, scope TEXT NOT NULL,{linked}{columns},"
        " confirmed TEXT, withdrawn INTEGER NOT NULL, saved_at_ms INTEGER NOT NULL, saved_by TEXT NOT NULL,"
        " device TEXT NOT NULL, depth INTEGER NOT NULL, heads TEXT NOT NULL, conflicts TEXT, extra TEXT) STRICT",
    )


def _run(db: Database, *statements: str) -> None:
    for statement in statements:
        db.conn.execute(statement)
