from __future__ import annotations

import pytest

from nexoide.repair.engine import diagnose
from tests.unit.repair.programs import Case, check, fail, refuse

RULE = "response-shape"

MODELS = """
    from dataclasses import dataclass

    @dataclass
    class Completion:
        model: str
        content: str

    @dataclass
    class Chat:
        model: str
        text: str
"""

CASES = [
    Case(
        "two-classes-one-parameter",
        {
            "models.py": MODELS,
            "main.py": """
                from models import Chat, Completion

                def render(reply):
                    return reply.content.strip()  # trailing words stay

                print(render(Completion("m", " a ")))
                print(render(Chat("m", " b ")))
            """,
        },
        "a\nb\n",
        'return (reply.content if hasattr(reply, "content") else reply.text).strip()  # trailing words stay',
        "fall back",
    ),
    Case(
        "a-call-is-evaluated-once",
        {
            "models.py": MODELS,
            "main.py": """
                from models import Chat, Completion

                asked = []

                def ask(kind):
                    asked.append(kind)
                    if kind == "chat":
                        return Chat("m", "b")
                    return Completion("m", "a")

                def answer(kind):
                    return ask(kind).content

                print(answer("completion"), answer("chat"), asked)
            """,
        },
        "a b ['completion', 'chat']\n",
        'reply = ask(kind)\n    return reply.content if hasattr(reply, "content") else reply.text',
    ),
    Case(
        "inside-a-condition-the-order-stays",
        {
            "models.py": MODELS,
            "main.py": """
                from models import Chat, Completion

                def ask(kind):
                    return Chat("m", "b") if kind else Completion("m", "a")

                def has_text(kind, wanted):
                    return bool(wanted) and ask(kind).content == wanted

                print(has_text(0, "a"), has_text(1, ""), has_text(1, "b"))
            """,
        },
        "True False True\n",
        'hasattr(reply := ask(kind), "content")',
    ),
    Case(
        "an-attribute-path",
        {
            "main.py": """
                class Sms:
                    def __init__(self, body):
                        self.body = body
                        self.to = "ann"

                class Mail:
                    def __init__(self, message):
                        self.message = message
                        self.to = "ann"

                class Job:
                    def __init__(self, item):
                        self.item = item

                    def size(self):
                        length = len(self.item.message)
                        return length

                print(Job(Mail("four")).size(), Job(Sms("five!")).size())
            """
        },
        "4 5\n",
        'item = self.item\n        length = len(item.message if hasattr(item, "message") else item.body)',
    ),
    Case(
        "two-uses-of-one-name",
        {
            "models.py": MODELS,
            "main.py": """
                from models import Chat, Completion

                def parts(reply):
                    first = reply.content[:1]
                    return f"{first} of {len(reply.content)}"

                print(parts(Completion("m", "abc")), parts(Chat("m", "de")))
            """,
        },
        "a of 3 d of 2\n",
    ),
    Case(
        "a-dict-among-objects",
        {
            "models.py": MODELS,
            "main.py": """
                from models import Completion

                def render(reply):
                    return reply.content

                print(render(Completion("m", "a")), render({"content": "b"}))
            """,
        },
        "a b\n",
        'reply.content if hasattr(reply, "content") else reply["content"]',
    ),
    Case(
        "nobody-has-it",
        {
            "main.py": """
                class Answer:
                    def __init__(self):
                        self.text = "hi"
                        self.model = "m"

                print(Answer().content)
            """
        },
        "hi\n",
        "Answer().text",
    ),
    Case(
        "awaited",
        {
            "models.py": MODELS,
            "main.py": """
                import asyncio
                from models import Chat, Completion

                class OldClient:
                    async def complete(self, question):
                        return Completion("m", question)

                class NewClient:
                    async def complete(self, question):
                        return Chat("m", question)

                async def reply_to(client, question):
                    answer = (await client.complete(question)).content
                    return answer

                print(asyncio.run(reply_to(OldClient(), "a")), asyncio.run(reply_to(NewClient(), "b")))
            """,
        },
        "a b\n",
        "await client.complete(question)",
    ),
]


@pytest.mark.parametrize("old", [False, True], ids=["new", "3.9"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_patched_program_runs_right(case, old, tmp_path):
    check(tmp_path, case, RULE, old=old)


def test_evidence_of_flow_is_worth_more_than_a_guess(tmp_path):
    sure = check(tmp_path / "a", CASES[0], RULE).proposals[0].prior
    guess = check(tmp_path / "b", CASES[6], RULE).proposals[0].prior
    assert sure > 0.8 > 0.5 > guess


def test_an_object_of_the_other_shape_still_fails_when_it_has_neither(tmp_path):
    diagnosis = check(tmp_path, CASES[0], RULE)
    assert "except" not in diagnosis.proposals[0].files["main.py"][1].decode()


REFUSED = {
    "several-could-stand-for-it": (
        {
            "main.py": """
                class Completion:
                    def __init__(self): self.content = "a"
                class Chat:
                    def __init__(self):
                        self.text = "b"
                        self.body = "c"
                def show(reply):
                    return reply.content
                show(Completion())
                show(Chat())
            """
        },
        "could stand for content",
    ),
    "nothing-stands-for-it": (
        {
            "main.py": """
                class Completion:
                    def __init__(self): self.content = "a"
                class Ping:
                    def __init__(self):
                        self.host = "b"
                        self.port = 1
                def show(reply):
                    return reply.content
                show(Completion())
                show(Ping())
            """
        },
        "nothing that clearly stands for it",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_open_is_refused(name, tmp_path):
    files, word = REFUSED[name]
    refuse(tmp_path, files, word)


def test_a_closer_name_of_the_only_class_is_a_rename(tmp_path):
    failure = fail(tmp_path, {"main.py": "class A:\n    def __init__(self):\n        self.contents = 'x'\n\nprint(A().content)\n"})
    assert diagnose(tmp_path, failure).proposals[0].rule == "attribute-missing"


@pytest.mark.parametrize("old", [False, True], ids=["new", "3.9"])
def test_all_values_of_a_dict_are_read_by_key_those_inside_it_too(old, tmp_path):
    files = {
        "main.py": """
            def address(config):
                host = config.db.host
                return f"{host}:{config.db.port} {config.name}"

            print(address({"db": {"host": "h", "port": 1}, "name": "n"}))
        """
    }
    check(tmp_path, Case("nested", files, "h:1 n\n", '["db"]["host"]'), RULE, old=old)


def test_text_stands_for_its_own_content(tmp_path):
    files = {
        "main.py": """
            class Reply:
                def __init__(self, content):
                    self.content = content

            def text(reply):
                return reply.content.strip()

            print([text(reply) for reply in (Reply(" a "), " b ")])
        """
    }
    check(tmp_path, Case("text", files, "['a', 'b']\n", 'if hasattr(reply, "content") else reply'), RULE)
