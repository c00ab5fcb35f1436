from __future__ import annotations

import pytest

from tests.unit.repair.programs import Case, check

RULE = "missing-import"

CASES = [
    Case(
        "json-mod",
        {
            "main.py": """
                \"\"\"Doc.\"\"\"
                from pathlib import Path

                import httpx_like


                def show(x):
                    return json.dumps(x)

                print(show([1]))
            """,
            "httpx_like.py": """
                A = 1
            """,
        },
        "[1]\n",
        "import json\nfrom pathlib import Path\n",
    ),
    Case(
        "defaultdict",
        {
            "main.py": """
                import re
                from collections import Counter

                def group(words):
                    out = defaultdict(list)
                    for w in words:
                        out[len(w)].append(w)
                    return dict(out)

                print(group(["a", "bb", "c"]), Counter("a"), re.sub("a", "b", "a"))
            """,
        },
        "{1: ['a', 'c'], 2: ['bb']} Counter({'a': 1}) b\n",
        "from collections import Counter, defaultdict\n",
    ),
    Case(
        "datetime-class",
        {
            "main.py": """
                #!/usr/bin/env python3
                # Billing.

                def due(day):
                    return datetime.strptime(day, "%Y-%m-%d") + timedelta(days=1)

                from datetime import timedelta
                print(due("2024-01-01"))
            """,
        },
        "2024-01-02 00:00:00\n",
        "# Billing.\n\nfrom datetime import datetime",
    ),
    Case(
        "datetime-mod",
        {
            "main.py": """
                def due():
                    return datetime.date(2024, 1, 1) + datetime.timedelta(days=1)

                print(due())
            """,
        },
        "2024-01-02\n",
    ),
    Case(
        "own",
        {
            "models/__init__.py": "",
            "models/order.py": """
                from dataclasses import dataclass

                @dataclass
                class Order:
                    sku: str
                    count: int
            """,
            "services/__init__.py": "",
            "services/desk.py": """
                def make(row):
                    return Order(row["sku"], row["count"])
            """,
            "main.py": """
                from services.desk import make
                print(make({"sku": "a", "count": 1}))
            """,
        },
        "Order(sku='a', count=1)\n",
    ),
    Case(
        "own-relative",
        {
            "shop/__init__.py": "",
            "shop/models.py": """
                class Order:
                    def __init__(self, sku):
                        self.sku = sku
                class Line: pass
            """,
            "shop/desk.py": """
                from .models import Line

                def make(row):
                    return Order(row["sku"])
            """,
            "main.py": """
                from shop.desk import make
                print(make({"sku": "a", "count": 1}).sku)
            """,
        },
        "a\n",
        "from .models import Line, Order\n",
    ),
    Case(
        "circ-own",
        {
            "a.py": """
                import b

                def base(x):
                    return x + 1

                def go(x):
                    return b.twice(x)
            """,
            "b.py": """
                def twice(x):
                    return base(x) * 2
            """,
            "main.py": """
                from a import go
                print(go(1))
            """,
        },
        "4\n",
        "    from a import base\n",
    ),
    Case(
        "typechecking",
        {
            "main.py": """
                from __future__ import annotations
                from typing import TYPE_CHECKING

                if TYPE_CHECKING:
                    from decimal import Decimal

                def total(xs: list[Decimal]) -> Decimal:
                    return sum(xs, Decimal("0"))

                print(total([]))
            """,
        },
        "0\n",
        "from decimal import Decimal\nfrom typing import TYPE_CHECKING",
    ),
    Case(
        "typechecking-ann",
        {
            "main.py": """
                from typing import TYPE_CHECKING

                if TYPE_CHECKING:
                    from decimal import Decimal

                def total(xs: list[Decimal]) -> int:
                    return sum(xs)

                print(total([1]))
            """,
        },
        "1\n",
    ),
    Case(
        "sqrt",
        {
            "main.py": """
                import math
                def norm(x, y):
                    return sqrt(x * x + y * y) + math.pi * 0
                print(norm(3, 4))
            """,
        },
        "5.0\n",
    ),
    Case(
        "sleep-await",
        {
            "main.py": """
                import asyncio
                async def main():
                    await sleep(0)
                    return 3
                print(asyncio.run(main()))
            """,
        },
        "3\n",
    ),
    Case(
        "habit",
        {
            "util.py": """
                from decimal import Decimal as D
                def q(x): return D(x)
            """,
            "main.py": """
                from util import q
                print(q("1") + D("2"))
            """,
        },
        "3\n",
        "from decimal import Decimal as D\n",
    ),
    Case(
        "os-join",
        {
            "main.py": """
                def f(a):
                    return os.path.join(a, "b")
                print(f("a"))
            """,
        },
        "a/b\n",
    ),
    Case(
        "multi-import",
        {
            "main.py": """
                from typing import (
                    Any,
                    Optional,
                )
                def f(a: Any) -> Optional[Dict[str, Any]]:
                    return a
                print(f(1))
            """,
        },
        "1\n",
        "    Any,\n    Dict,\n    Optional,\n",
    ),
    Case(
        "method-module",
        {
            "helpers.py": """
                def clean(s): return s.strip()
            """,
            "main.py": """
                def f(s):
                    return helpers.clean(s)
                print(f(" a "))
            """,
        },
        "a\n",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_repaired_program_runs_and_prints_what_it_should(case, tmp_path):
    check(tmp_path, case, RULE)


OLD = ["circ-own", "json-mod", "own", "sqrt", "typechecking"]


@pytest.mark.parametrize("name", OLD)
def test_it_works_from_the_traceback_of_an_old_python(name, tmp_path):
    case = next(item for item in CASES if item.name == name)
    check(tmp_path, case, RULE, old=True)
