import string
from pathlib import Path

TEMPLATES = Path(__file__).resolve().parent / "templates"


def render(template, **values):
    text = (TEMPLATES / f"{template}.txt").read_text(encoding="utf-8")
    return string.Template(text).substitute(values).strip()
