"""Every form there is, by the name its records carry in journal, tables and sync."""

from posyandu.domain.form import Form
from posyandu.domain.forms import (
    activity,
    adult,
    cadre,
    confirmation,
    fund,
    history,
    home_visit,
    immunisation,
    month_report,
    postpartum,
    pregnancy,
    referral,
    registration,
    review,
    school,
    session,
    stock,
    under_five,
)
from posyandu.domain.forms import follow_up as follow_up_form

FORMS: dict[str, Form] = {
    form.name: form
    for form in (
        registration.POSYANDU,
        registration.WORKER,
        registration.HOUSEHOLD,
        registration.PERSON,
        session.SESSION,
        session.ATTENDANCE,
        pregnancy.PREGNANCY,
        pregnancy.VISIT,
        under_five.FORM,
        immunisation.DOSE,
        postpartum.VISIT,
        postpartum.NEWBORN,
        postpartum.DEATH,
        school.VISIT,
        school.MENTAL,
        adult.VISIT,
        adult.SRQ,
        adult.AKS,
        adult.SKILAS,
        adult.WUS,
        history.HISTORY,
        history.SMOKING,
        history.EXAMINATION,
        follow_up_form.FORM,
        referral.FORM,
        confirmation.FORM,
        *home_visit.CHECKLISTS.values(),
        month_report.FORM,
        review.FORM,
        cadre.TRAINING,
        cadre.COMPETENCE,
        stock.FORM,
        activity.FORM,
        fund.FORM,
    )
}
