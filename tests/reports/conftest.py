"""One sample post and its report, made once for all tests of paper."""

import pytest

from posyandu.domain.calendar import Month
from posyandu.reports.monthly import MonthlyData, MonthlyReport, monthly
from tests import villages


@pytest.fixture(scope="session")
def month() -> Month:
    return Month(2026, 10)


@pytest.fixture(scope="session")
def data(month: Month) -> MonthlyData:
    return villages.monthly_data(villages.sample_book(), month)


@pytest.fixture(scope="session")
def report(data: MonthlyData) -> MonthlyReport:
    return monthly(data)
