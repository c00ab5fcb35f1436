from __future__ import annotations

import pytest

from tests.unit.repair.examples import check_example, leaves_alone, named
from tests.unit.repair.programs import Case, check

RULE = "late-binding"

CASES = [
    Case(
        "commands-in-a-loop",
        {
            "bot.py": """
                class Bot:
                    def __init__(self):
                        self.commands = {}

                    def on(self, word, action):
                        self.commands[word] = action


                def build(words):
                    bot = Bot()
                    for word in words:
                        reply = word.upper()
                        bot.on(word, lambda who: f"{reply} {who}")
                    return bot
            """,
            "main.py": """
                from bot import build

                bot = build(["hi", "bye"])
                assert bot.commands["hi"]("ada") == "HI ada", bot.commands["hi"]("ada")
                print(bot.commands["bye"]("bob"))
            """,
        },
        "BYE bob\n",
        "lambda who, reply=reply:",
    ),
    Case(
        "functions-in-a-loop",
        {
            "main.py": """
                def makers(sizes):
                    found = []
                    for size in sizes:
                        def make(*parts, **options):
                            return len(parts) * size
                        found.append(make)
                    return found

                one, two = makers([1, 2])
                assert one("a") == 1
                print(two("a"))
            """
        },
        "2\n",
        "def make(*parts, size=size, **options)",
    ),
    Case(
        "handlers-of-a-dict",
        {
            "main.py": """
                class Missing(Exception):
                    pass

                def handlers(names):
                    return {name: lambda: name for name in names}

                made = handlers(["a", "b"])
                if made["a"]() != "a":
                    raise Missing(made["a"]())
                print(made["b"]())
            """
        },
        "b\n",
        "lambda name=name: name",
    ),
    Case(
        "made-before-the-failing-call",
        {
            "records.py": """
                def record(*names):
                    def decorate(cls):
                        for name in names:
                            def write(self, value):
                                if name == "serial":
                                    raise AttributeError(name)
                                self.raw[name] = value

                            setattr(cls, "set_" + name, write)
                        return cls

                    return decorate
            """,
            "device.py": """
                from records import record


                @record("mode", "serial")
                class Device:
                    raw = {}
            """,
            "main.py": """
                from device import Device

                Device().set_mode("cool")
                print(Device.raw)
            """,
        },
        "{'mode': 'cool'}\n",
        "def write(self, value, name=name)",
    ),
    Case(
        "properties-of-a-class",
        {
            "main.py": """
                def record(names):
                    members = {}
                    for name in names:
                        def get(self):
                            return self.values[name]
                        members[name] = property(get)
                    return type("Record", (), members)

                row = record(["a", "b"])()
                row.values = {"a": 1, "b": 2}
                assert row.a == 1, row.a
                print(row.b)
            """
        },
        "2\n",
        "def get(self, name=name)",
    ),
]


@pytest.mark.parametrize("old", [False, True], ids=["new", "3.9"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_patched_program_runs_right(case, old, tmp_path):
    check(tmp_path, case, RULE, old=old)


@pytest.mark.parametrize("example", named(RULE).examples, ids=lambda example: example.name)
def test_its_examples_hold(example, tmp_path):
    check_example(named(RULE), example, tmp_path)


REFUSED = {
    "bound-already": "made = [lambda n, size=size: n * size for size in (1, 2)]\nassert made[0](1) == 2\n",
    "called-in-its-turn": "rows = []\nfor n in (1, 2):\n    double = lambda: 2 * n\n    rows.append(double())\nassert rows == []\n",
    "a-name-of-its-own": "made = []\nfor n in (1, 2):\n    made.append(lambda n: n)\nassert made[0](1) == 2\n",
    "used-up-by-map": "rows = [list(map(lambda x: x * n, [1])) for n in (1, 2)]\nassert rows == []\n",
}


@pytest.mark.parametrize("name", REFUSED)
def test_functions_that_see_their_own_value_are_left_alone(name, tmp_path):
    leaves_alone(RULE, tmp_path, {"main.py": REFUSED[name]})
