from __future__ import annotations

import pytest

from tests.unit.repair.examples import check_example, named
from tests.unit.repair.programs import Case, check, refuse

RULE = "format-arity"

CASES = [
    Case(
        "unused-parameter",
        {
            "rows.py": """
                def row(name, count, price):
                    return "%-6s %3d %6.2f" % (name, price)
            """,
            "main.py": """
                from rows import row

                print(row("axe", 3, 12.5))
            """,
        },
        "axe      3  12.50\n",
        "(name, count, price)",
    ),
    Case(
        "attribute-named-by-the-text",
        {
            "disk.py": """
                class Disk:
                    def __init__(self, name, used, free):
                        self.name = name
                        self.used = used
                        self.free = free

                    def text(self):
                        return "%s: used %d, free %d" % (self.name, self.used)
            """,
            "main.py": """
                from disk import Disk

                print(Disk("sda", 3, 5).text())
            """,
        },
        "sda: used 3, free 5\n",
        "self.used, self.free)",
    ),
    Case("row-as-one-value", {"main.py": 'def show(point):\n    return "at %s" % point\n\n\nprint(show((1, 2)))\n'}, "at (1, 2)\n", "(point,)"),
    Case("list-for-a-tuple", {"main.py": 'parts = "a b".split()\nprint("%s-%s" % parts)\n'}, "a-b\n", "tuple(parts)"),
    Case("braces-with-percent", {"main.py": 'name = "Ann"\nprint("Hello {}" % name)\n'}, "Hello Ann\n", ".format(name)"),
    Case("percent-as-text", {"main.py": 'done = 7\nprint("%d of 50% done" % done)\n'}, "7 of 50% done\n", "50%% done"),
    Case("percent-at-the-end", {"main.py": 'share = 12.5\nprint("%.1f%" % share)\n'}, "12.5%\n", '%.1f%%"'),
    Case(
        "word-for-a-number",
        {"main.py": 'def line(name, place):\n    return "%s at %d" % (name, place)\n\n\nprint(line("axe", "B-7"))\n'},
        "axe at B-7\n",
        "%s at %s",
    ),
    Case("named-values-in-a-row", {"main.py": 'print("%(name)s %(size)d" % ("axe", 3))\n'}, "axe 3\n", '{"name": "axe"'),
    Case("counted-from-one", {"main.py": 'print("{1} before {2}".format("a", "b"))\n'}, "a before b\n", "{0} before {1}"),
    Case("row-for-format", {"main.py": 'point = (1, 2)\nprint("{} x {}".format(point))\n'}, "1 x 2\n", "format(*point)"),
    Case("dict-for-format", {"main.py": 'row = {"name": "axe", "size": 3}\nprint("{name}/{size}".format(row))\n'}, "axe/3\n", "format(**row)"),
    Case(
        "json-template",
        {"main.py": 'TEMPLATE = \'{"name": "{name}", "tags": []}\'\n\n\ndef body(name):\n    return TEMPLATE.format(name=name)\n\n\nprint(body("axe"))\n'},
        '{"name": "axe", "tags": []}\n',
        '{{"name": "{name}", "tags": []}}',
    ),
    Case("css-template", {"main.py": 'print("p { color: {color} }".format(color="red"))\n'}, "p { color: red }\n", "p {{ color: {color} }}"),
    Case("mistyped-name", {"main.py": 'print("{nmae} {size}".format(name="axe", size=3))\n'}, "axe 3\n", "{name} {size}"),
    Case(
        "name-not-given",
        {"main.py": 'def mail(name, total):\n    return "{name}: {total}".format(name=name)\n\n\nprint(mail("ann", 3))\n'},
        "ann: 3\n",
        "total=total",
    ),
    Case("mixed-numbers", {"main.py": 'print("{0} {}".format("a", "b"))\n'}, "a b\n", '"{} {}"'),
    Case(
        "minutes-and-seconds",
        {"main.py": 'def clock(seconds):\n    minutes = seconds / 60\n    return f"{minutes:02d}:{seconds % 60:02d}"\n\n\nprint(clock(95))\n'},
        "01:35\n",
        "seconds // 60",
    ),
    Case("precision-of-a-price", {"main.py": 'def price(amount):\n    return f"{amount:>8.2}"\n\n\nprint(price(12))\n'}, "   12.00\n", ":>8.2f"),
    Case("padded-hour", {"main.py": 'hour = 7\nprint(f"{hour:.2d}:00")\n'}, "07:00\n", "{hour:02d}"),
    Case("width-of-a-list", {"main.py": 'tags = ("a", "b")\nprint(f"{tags:>12}|")\n'}, "  ('a', 'b')|\n", "{tags!s:>12}"),
    Case(
        "width-of-a-path",
        {"main.py": 'from pathlib import PurePosixPath\n\nfile = PurePosixPath("a.txt")\nprint("{:<8}|".format(file))\n'},
        "a.txt   |\n",
        "{!s:<8}",
    ),
    Case(
        "seconds-of-a-duration",
        {"main.py": 'from datetime import timedelta\n\ntook = timedelta(seconds=90)\nprint(f"took {took:.1f} s")\n'},
        "took 90.0 s\n",
        "{took.total_seconds():.1f}",
    ),
    Case("percent-inside", {"main.py": 'share = 12.5\nprint(f"{share:.1f%}")\n'}, "12.5%\n", "{share:.1f}%"),
    Case("comma-before-digits", {"main.py": 'total = 1234.5\nprint(f"{total:,2f}")\n'}, "1,234.50\n", "{total:,.2f}"),
    Case(
        "reader-like-the-writer",
        {
            "log.py": """
                from datetime import datetime

                def stamp(moment):
                    return moment.strftime("%Y-%m-%d %H:%M:%S")

                def read(text):
                    return datetime.strptime(text, "%Y-%m-%d %H:%M")
            """,
            "main.py": """
                from datetime import datetime

                from log import read, stamp

                print(read(stamp(datetime(2024, 5, 3, 7, 58, 9))))
            """,
        },
        "2024-05-03 07:58:09\n",
        'text, "%Y-%m-%d %H:%M:%S"',
    ),
    Case(
        "minutes-for-the-month",
        {
            "main.py": """
                from datetime import date, datetime

                def name(day):
                    return day.strftime("%Y-%M-%d")

                def day(text):
                    return datetime.strptime(text, "%Y-%m-%d").date()

                print(day(name(date(2024, 5, 3))))
            """
        },
        "2024-05-03\n",
        'strftime("%Y-%m-%d")',
    ),
    Case(
        "day-before-month",
        {"main.py": 'from datetime import datetime\n\n\ndef day(text):\n    return datetime.strptime(text, "%m/%d/%Y").date()\n\n\nprint(day("25/12/2024"))\n'},
        "2024-12-25\n",
        "%d/%m/%Y",
    ),
    Case(
        "line-end",
        {"main.py": 'from datetime import datetime\n\nline = "2024-05-03\\n"\nprint(datetime.strptime(line, "%Y-%m-%d").date())\n'},
        "2024-05-03\n",
        "line.strip()",
    ),
    Case(
        "wrong-case-of-a-code",
        {"main.py": 'from datetime import datetime\n\ntext = "2024-05-03 07:58"\nprint(datetime.strptime(text, "%Y-%m-%d %H:%N"))\n'},
        "2024-05-03 07:58:00\n",
        "%H:%M",
    ),
]

REFUSED = [
    ("no-value-at-hand", {"main.py": 'print("%s and %s" % ("a",))\n'}, "nothing says which value is missing"),
    ("no-time", {"main.py": 'from datetime import datetime\n\ntext = "soon"\nprint(datetime.strptime(text, "%Y"))\n'}, "no time in any form"),
    ("nothing-called-so", {"main.py": 'print("{name} {total}".format(name="a"))\n'}, "nothing at hand"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_format_and_values_fit(case, tmp_path):
    check(tmp_path, case, RULE)


@pytest.mark.parametrize("case", CASES[::3], ids=lambda case: case.name)
def test_without_columns(case, tmp_path):
    check(tmp_path, case, RULE, old=True)


@pytest.mark.parametrize(("name", "files", "word"), REFUSED, ids=[row[0] for row in REFUSED])
def test_what_is_open_is_left(name, files, word, tmp_path):
    refuse(tmp_path, files, word)


@pytest.mark.parametrize("example", named(RULE).examples, ids=lambda example: example.name)
def test_examples(example, tmp_path):
    check_example(named(RULE), example, tmp_path)
