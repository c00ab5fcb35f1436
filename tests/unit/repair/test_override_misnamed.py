from __future__ import annotations

import pytest

from tests.unit.repair.programs import Case
from tests.unit.repair.solving import advised, silent, solved

RULE = "override-misnamed"

BASE = """
    from abc import ABC, abstractmethod

    class Channel(ABC):
        @abstractmethod
        def deliver(self, text): ...

        def announce(self, texts):
            return [self.deliver(text) for text in texts]
"""

CASES = [
    Case(
        "abstract-and-a-verb-of-the-same-act",
        {
            "base.py": BASE,
            "channels.py": """
                from base import Channel

                class Mail(Channel):
                    def deliver(self, text):
                        return "mail " + text

                class Sms(Channel):
                    def send(self, text):
                        return "sms " + text
            """,
            "main.py": """
                from channels import Mail, Sms

                print(Mail().announce(["a"]), Sms().announce(["b"]))
            """,
        },
        "['mail a'] ['sms b']\n",
        'def deliver(self, text):\n        return "sms',
        "name send() of Sms deliver()",
    ),
    Case(
        "a-sister-class-has-it-and-own-uses-follow",
        {
            "rows.py": """
                class Exporter:
                    def export(self, rows):
                        return "|".join(self.render_row(row) for row in rows)

                class Csv(Exporter):
                    def render_row(self, row):
                        return ",".join(row)

                class Loud(Exporter):
                    def format_row(self, row):
                        return "".join(row).upper()

                    def first(self, rows):
                        return self.format_row(rows[0])
            """,
            "main.py": """
                from rows import Csv, Loud

                rows = [["a", "b"], ["c"]]
                print(Csv().export(rows), Loud().export(rows), Loud().first(rows))
            """,
        },
        "a,b|c AB|C AB\n",
        "self.render_row(rows[0])",
    ),
    Case(
        "left-open-by-the-base",
        {
            "plugins.py": """
                class Plugin:
                    def score(self, text):
                        raise NotImplementedError(type(self).__name__)

                class Length(Plugin):
                    def scores(self, text):
                        return len(text)
            """,
            "main.py": """
                from plugins import Length

                print(Length().score("abc"))
            """,
        },
        "3\n",
    ),
]


@pytest.mark.parametrize("old", [False, True], ids=["columns", "old"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_method_gets_the_name_that_is_asked_for(tmp_path, case, old):
    solved(tmp_path, case, RULE, old=old)


def test_a_method_that_others_call_keeps_its_name(tmp_path):
    files = {
        "base.py": BASE,
        "main.py": "from base import Channel\n\n\nclass Sms(Channel):\n    def send(self, text):\n        return text\n\n\n"
        "def all_of(channels):\n    return [channel.send('a') for channel in channels]\n\n\nprint(all_of([Sms()]))\n",
    }
    silent(tmp_path, files, RULE)


def test_a_method_that_takes_more_is_not_it(tmp_path):
    files = {
        "base.py": BASE,
        "main.py": "from base import Channel\n\n\nclass Sms(Channel):\n    def send(self, text, number):\n        return text\n\n\n"
        "print(Sms().announce(['a']))\n",
    }
    silent(tmp_path, files, RULE)


def test_what_is_nowhere_is_left_to_be_written(tmp_path):
    files = {"base.py": BASE, "main.py": "from base import Channel\n\n\nclass Sms(Channel):\n    price = 5\n\n\nprint(Sms().announce(['a']))\n"}
    found = advised(tmp_path, files, RULE, final=False)
    assert "deliver" in found.title
