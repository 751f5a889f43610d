import json
import os
import subprocess
import sys
from pathlib import Path

import openpyxl
import pypdfium2
import pytest

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.mark.slow
def test_a_posyandu_day_reaches_the_server_and_comes_out_as_the_monthly_report(tmp_path: Path) -> None:
    out = tmp_path / "demo"
    done = subprocess.run(
        [sys.executable, "-m", "posyandu", "demo", "--out", str(out)],
        cwd=ROOT,
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen", "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    told = json.loads((out / "ringkasan.json").read_text(encoding="utf-8"))
    facts = {name: value for step in told["steps"] for name, value in step["facts"].items()}
    assert facts["di_laptop"] == facts["terkirim"] == facts["dipastikan"] == facts["diterima_server"]
    assert facts["D"] == facts["ditimbang_dan_diketik"] >= 20
    pages = pypdfium2.PdfDocument(out / "laporan.pdf")
    assert len(pages) >= 3
    assert f"{facts['D']}" in pages[0].get_textpage().get_text_range()
    pages.close()
    assert openpyxl.load_workbook(out / "laporan.xlsx").sheetnames
    assert len(list(out.glob("*.png"))) > 10


def test_a_packed_app_can_check_itself(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "posyandu", "--periksa"],
        cwd=ROOT,
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert done.stdout.startswith("OK: ")
