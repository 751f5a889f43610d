"""List every text for people in the code and in the dated rules, and which of them still lack an English translation.

python tools/collect_texts.py            prints what is missing from resources/locale/en.json, one JSON string a line
python tools/collect_texts.py --tidy     drops translations that nothing uses any more and sorts the file
"""

import ast
import json
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent
RULES = ROOT / "resources" / "rules"
SAID_BY_RULES = ("label", "title", "why", "what_to_do", "tell_family")
CATALOGUE = ROOT / "resources" / "locale" / "en.json"


@cache
def texts(folder: Path) -> tuple[str, ...]:
    """Every literal text inside `_()` or `N_()` below a folder, then those of the rules; repeats included."""
    return tuple(_texts(folder))


def _texts(folder: Path) -> Iterator[str]:
    for path in sorted(folder.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("_", "N_"):
                for argument in node.args:
                    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                        yield argument.value
    for path in sorted(RULES.glob("*.json")):
        yield from _said(json.loads(path.read_text("utf-8")))


def _said(rules: object) -> Iterator[str]:
    if isinstance(rules, dict):
        yield from (rules[key] for key in SAID_BY_RULES if key in rules)
    if isinstance(rules, (dict, list)):
        for part in rules.values() if isinstance(rules, dict) else rules:
            yield from _said(part)


def missing() -> list[str]:
    """The texts without an English translation."""
    known = json.loads(CATALOGUE.read_text("utf-8"))
    return sorted(set(texts(ROOT / "posyandu")) - set(known))


def tidy() -> None:
    """Keep only the translations that some text uses, sorted."""
    used = set(texts(ROOT / "posyandu"))
    known = json.loads(CATALOGUE.read_text("utf-8"))
    kept = {text: known[text] for text in sorted(known) if text in used}
    CATALOGUE.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    if "--tidy" in sys.argv:
        tidy()
    else:
        sys.stdout.writelines(json.dumps(text, ensure_ascii=False) + "\n" for text in missing())
