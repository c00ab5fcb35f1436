"""How the demo's service came to be, told backwards: its files are those of the newest commit, each step says what it changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

TEMPLATE = Path(__file__).parent / "shop"


@dataclass(frozen=True, slots=True)
class Step:
    """One commit: its message, the files it added, and what it changed, as (path, text after, text before)."""

    message: str
    added: tuple[str, ...] = ()
    changed: tuple[tuple[str, str, str], ...] = ()


_FIRST = "Order service: products, stock, prices and orders over HTTP"

_SUPPORT = Step(
    "Support desk: every question becomes a ticket",
    added=("shop/assistant.py", "shop/support.py", "tests/test_support.py"),
    changed=(
        ("shop/app.py", "from shop.assistant import Assistant\n", ""),
        ("shop/app.py", "from shop.support import SupportDesk\n", ""),
        ("shop/app.py", "        self.support = SupportDesk(self.store, Assistant())\n", ""),
        (
            "shop/app.py",
            '        if (method, path) == ("POST", "/questions"):\n'
            '            return 200, self.support.answer(field(body, "customer", str), field(body, "question", str))\n',
            "",
        ),
        ("shop/store.py", "orders and support tickets, in memory", "orders, in memory"),
        ("shop/store.py", "        self._tickets: list[tuple[str, str, str]] = []\n", ""),
        (
            "shop/store.py",
            "    def add_ticket(self, customer: str, question: str, answer: str) -> int:\n"
            "        with self._lock:\n"
            "            self._tickets.append((customer, question, answer))\n"
            "            return len(self._tickets)\n\n",
            "",
        ),
        ("shop/store.py", '                "tickets": len(self._tickets),\n', ""),
        ("README.md", '| `POST /questions` | ask the support desk: `{"customer": "ada", "question": "How do I return an item?"}` |\n', ""),
    ),
)

_RELEASE = Step(
    "inventory: call it release, as its counterpart is called reserve",
    changed=(
        ("shop/inventory.py", "def release(", "def release_items("),
        ("tests/test_inventory.py", "inventory.release(", "inventory.release_items("),
    ),
)

_COUNTRY = Step(
    "pricing: shipping depends on the country; there are no regions any more",
    changed=(
        ("shop/pricing.py", "def shipping_cost(grams: int, country: str)", "def shipping_cost(grams: int, region: str)"),
        ("shop/pricing.py", "if country == HOME", "if region == HOME"),
        ("shop/pricing.py", "elif country in EU", "elif region in EU"),
    ),
)

_FREQUENT = Step(
    "assistant: answer frequent questions at once\n\nHalf of the mails ask the same two things, and always in the same words.",
    changed=(
        (
            "shop/assistant.py",
            '"""Answers to customers\' questions.\n\n'
            "Frequent questions have an answer of their own; everything else is composed from what we know about the words in it.\n"
            '"""',
            '"""Answers to customers\' questions, composed from what we know about the words in them."""',
        ),
        ("shop/assistant.py", "@dataclass(frozen=True)\nclass ChatReply:\n    text: str\n    seconds: float\n\n\n", ""),
        (
            "shop/assistant.py",
            "FREQUENT = {\n"
            '    "where is my order": "Orders leave our warehouse on the next working day; you get a tracking link by mail.",\n'
            '    "how do i return an item": "Send it back within 30 days in its box; we refund it the day it arrives.",\n'
            "}\n\n",
            "",
        ),
        ("shop/assistant.py", "-> Completion | ChatReply:", "-> Completion:"),
        (
            "shop/assistant.py",
            '        known = FREQUENT.get(question.lower().strip(" ?!."))\n        if known is not None:\n            return ChatReply(known, 0.0)\n',
            "",
        ),
        (
            "tests/test_support.py",
            '\n\ndef test_frequent_questions_are_known():\n    assert "30 days" in Assistant().ask("How do I return an item?").text\n',
            "",
        ),
    ),
)

_SUMMER = Step(
    "pricing: the summer campaign is over",
    changed=(("shop/pricing.py", 'Coupon("TEATIME", 15)]', 'Coupon("TEATIME", 15), Coupon("SUMMER", 20)]'),),
)

STEPS = (_SUPPORT, _RELEASE, _COUNTRY, _FREQUENT, _SUMMER)


def template_files() -> dict[str, bytes]:
    """Return the service's files as they are today, by POSIX path."""
    found: dict[str, bytes] = {}
    for path in sorted(TEMPLATE.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts and path.suffix != ".pyc":
            name = path.relative_to(TEMPLATE).as_posix()
            found[".gitignore" if name == "gitignore" else name] = path.read_bytes()
    return found


def commits() -> list[tuple[str, Mapping[str, bytes]]]:
    """Return the whole history, oldest first, as (message, changed files); raises ValueError where a step does not fit."""
    now = template_files()
    told: list[tuple[str, Mapping[str, bytes]]] = []
    for step in reversed(STEPS):
        before = _undo(step, now)
        told.append((step.message, {path: content for path, content in now.items() if before.get(path) != content}))
        now = before
    told.append((_FIRST, now))
    return told[::-1]


def _undo(step: Step, files: Mapping[str, bytes]) -> dict[str, bytes]:
    before = {path: content for path, content in files.items() if path not in step.added}
    for path, after, old in step.changed:
        text = before[path].decode()
        if text.count(after) != 1:
            raise ValueError(f"{path}: the text that {step.message.splitlines()[0]!r} changed is there {text.count(after)} times: {after!r}")
        before[path] = text.replace(after, old).encode()
    return before
