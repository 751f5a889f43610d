"""The rules and tables as shipped, for tests."""

import json
from datetime import date
from pathlib import Path

from posyandu.domain.growth import read_tables
from posyandu.domain.standards import read_standards

RESOURCES = Path(__file__).parents[2] / "resources"

FILES = {file.name: json.loads(file.read_text("utf-8")) for file in sorted((RESOURCES / "rules").glob("*.json"))}
STANDARDS = read_standards(FILES)
TABLES = read_tables((RESOURCES / "growth" / "who.growth").read_bytes())

TODAY = date(2026, 11, 12)
RULES = STANDARDS.on(TODAY)
