"""Turns a question into instructions for the tools."""
import re

from tools import STOCK

PRODUCT = re.compile(r"(\d+)\s*(?:x|times|\*)\s*(\d+)")


def plan(question: str) -> list[str]:
    """Instructions `tool:argument` in the order of the question; none where no tool can help."""
    found: list[tuple[int, str]] = []
    for match in PRODUCT.finditer(question):
        found.append((match.start(), f"calc:{match[1]}*{match[2]}"))
    for item in STOCK:
        at = question.lower().find(item)
        if at >= 0:
            found.append((at, f"lookup:{item}"))
    return [instruction for _, instruction in sorted(found)]
