from __future__ import annotations

import pytest

from tests.unit.repair.programs import Case
from tests.unit.repair.solving import silent, solved

RULE = "call-through"

CASES = [
    Case(
        "partial",
        {
            "main.py": """
                from functools import partial
                def send(host, text, retries=1):
                    return f'{host}:{text}:{retries}'
                send_it = partial(send, 'h', retry=3)
                print(send_it('t'))
            """,
        },
        "h:t:3\n",
    ),
    Case(
        "starargs",
        {
            "main.py": """
                def log(msg, level):
                    return f'{level}:{msg}'
                def wrapper(*args):
                    return log(args)
                print(wrapper('m', 'INFO'))
            """,
        },
        "INFO:m\n",
    ),
    Case(
        "starkw",
        {
            "main.py": """
                def make(name, age):
                    return f'{name}{age}'
                def build(row):
                    return make(row)
                print(build({'name': 'a', 'age': 3}))
            """,
        },
        "a3\n",
    ),
    Case(
        "kwpass",
        {
            "main.py": """
                def create(name, **options):
                    return build(name, **options)
                def build(name, size=1):
                    return f'{name}{size}'
                print(create('a', sise=3))
            """,
        },
        "a3\n",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_patched_program_runs_right(case, tmp_path):
    solved(tmp_path, case, RULE)


REFUSED = {
    "keys-that-do-not-fit": {
        "main.py": """
            def label(name, age):
                return name


            def show(row):
                return label(row)


            show({'name': 'a'})
        """
    },
    "no-object-at-hand": {
        "main.py": """
            class A:
                def __init__(self, n):
                    self.n = n

                def show(self):
                    return self.n


            A.show()
        """
    },
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_its_case_is_left_alone(name, tmp_path):
    silent(tmp_path, REFUSED[name], RULE)


HOOKS = {
    "hooks.py": """
        class Registry:
            def __init__(self):
                self.hooks = []

            def fire(self, event, **data):
                for hook in self.hooks:
                    hook(event, **data)

        def audit(log, event, username):
            log.append(username + " " + event)
    """,
    "main.py": """
        from functools import partial
        from hooks import Registry, audit

        LOG = []
        registry = Registry()
        registry.hooks.append(partial(audit, LOG))
        registry.fire("login", user="ann")
        registry.fire("logout", user="bo")
        print(LOG)
    """,
}


@pytest.mark.parametrize("old", [False, True], ids=["columns", "old"])
def test_the_definition_follows_where_all_places_say_it_so(old, tmp_path):
    solved(tmp_path, Case("all-say-user", HOOKS, "['ann login', 'bo logout']\n", "def audit(log, event, user):"), RULE, old=old)


def test_the_definition_stays_where_a_call_says_its_name(tmp_path):
    files = {**HOOKS, "other.py": "from hooks import audit\n\n\ndef again(log):\n    audit(log, 'x', username='cy')\n"}
    best = solved(tmp_path, Case("mixed", files, "['ann login', 'bo logout']\n", 'username="bo"'), RULE)
    assert list(best.files) == ["main.py"]
