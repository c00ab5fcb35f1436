from __future__ import annotations

import pytest

from tests.unit.repair.programs import Case, check

RULE = "circular-import"

CASES = [
    Case(
        "two",
        {
            "orders.py": """
                from invoices import total

                def lines(order):
                    return [(s, c) for s, c in order]

                def bill(order):
                    return total(order)
            """,
            "invoices.py": """
                from orders import lines

                def total(order):
                    return sum(c for _, c in lines(order))
            """,
            "main.py": """
                from orders import bill
                print(bill([("a", 2)]))
            """,
        },
        "2\n",
        "    from orders import lines\n",
    ),
    Case(
        "base-class",
        {
            "base.py": """
                from registry import register

                class Plugin:
                    name = "x"
                    def attach(self):
                        register(self)
                        return self.name
            """,
            "registry.py": """
                from base import Plugin

                KNOWN = []

                class Core(Plugin):
                    name = "core"

                def register(p):
                    KNOWN.append(p.name)
            """,
            "main.py": """
                from base import Plugin
                print(Plugin().attach())
            """,
        },
        "x\n",
    ),
    Case(
        "annotations",
        {
            "models.py": """
                from repo import Repo

                class User:
                    def __init__(self, name):
                        self.name = name
                    def save(self, repo: Repo) -> "User":
                        repo.add(self)
                        return self
            """,
            "repo.py": """
                from models import User

                class Repo:
                    def __init__(self):
                        self.rows = []
                    def add(self, user):
                        if isinstance(user, User):
                            self.rows.append(user.name)
            """,
            "main.py": """
                from models import User
                from repo import Repo
                r = Repo()
                User("ann").save(r)
                print(r.rows)
            """,
        },
        "['ann']\n",
    ),
    Case(
        "attr",
        {
            "a.py": """
                import b

                def fa():
                    return 1

                VALUE = b.fb() + 1
            """,
            "b.py": """
                import a

                X = a.fa()

                def fb():
                    return X
            """,
            "main.py": """
                import a
                print(a.VALUE)
            """,
        },
        "2\n",
    ),
    Case(
        "package",
        {
            "shop/__init__.py": "",
            "shop/cart.py": """
                from .pricing import price

                class Cart:
                    def __init__(self):
                        self.items = []
                    def total(self):
                        return sum(price(i) for i in self.items)
            """,
            "shop/pricing.py": """
                from .cart import Cart

                def price(item):
                    return 2

                def empty_total():
                    return Cart().total()
            """,
            "main.py": """
                from shop.cart import Cart
                from shop.pricing import empty_total
                c = Cart(); c.items.append("x")
                print(c.total(), empty_total())
            """,
        },
        "2 0\n",
    ),
    Case(
        "three",
        {
            "a.py": """
                from b import fb

                def fa(n):
                    return fb(n) if n else 0
            """,
            "b.py": """
                from c import fc

                def fb(n):
                    return fc(n - 1)
            """,
            "c.py": """
                from a import fa

                def fc(n):
                    return fa(n)
            """,
            "main.py": """
                from a import fa
                print(fa(3))
            """,
        },
        "0\n",
    ),
    Case(
        "dataclass",
        {
            "team.py": """
                from dataclasses import dataclass, field
                from member import Member

                @dataclass
                class Team:
                    name: str
                    members: list[Member] = field(default_factory=list)
                    def add(self, name):
                        self.members.append(Member(name, self))
            """,
            "member.py": """
                from dataclasses import dataclass
                from team import Team

                @dataclass
                class Member:
                    name: str
                    team: Team
            """,
            "main.py": """
                from team import Team
                t = Team("a"); t.add("x")
                print(t.members[0].team.name)
            """,
        },
        "a\n",
        "if TYPE_CHECKING:\n    from team import Team",
    ),
    Case(
        "main-cycle",
        {
            "config.py": """
                from main import DEFAULTS
                def load():
                    return dict(DEFAULTS)
            """,
            "main.py": """
                from config import load
                DEFAULTS = {"a": 1}
                def main():
                    print(load())
                if __name__ == "__main__":
                    main()
            """,
        },
        "{'a': 1}\n",
    ),
    Case(
        "typing-mod",
        {
            "node.py": """
                import visitor

                class Node:
                    def accept(self, v: visitor.Visitor):
                        return v.visit(self)
            """,
            "visitor.py": """
                import node

                class Visitor:
                    def visit(self, n: node.Node):
                        return "v"
            """,
            "main.py": """
                import node, visitor
                print(node.Node().accept(visitor.Visitor()))
            """,
        },
        "v\n",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_repaired_program_runs_and_prints_what_it_should(case, tmp_path):
    check(tmp_path, case, RULE)


OLD = ["attr", "package", "two"]


@pytest.mark.parametrize("name", OLD)
def test_it_works_from_the_traceback_of_an_old_python(name, tmp_path):
    case = next(item for item in CASES if item.name == name)
    check(tmp_path, case, RULE, old=True)
