from __future__ import annotations

from pathlib import Path

import pytest

from nexoide.repair.engine import diagnose
from tests.unit.repair.programs import Case, check, fail

RULE = "wrong-except"

CASES = [
    Case(
        "type-for-value",
        {
            "parse.py": """
                def number(text, default=0):
                    try:
                        return int(text)
                    except TypeError:
                        return default
            """,
            "main.py": """
                from parse import number

                print([number(item) for item in ("1", "x", None)])
            """,
        },
        "[1, 0, 0]\n",
        "except (TypeError, ValueError):",
    ),
    Case(
        "key-for-index",
        {
            "main.py": """
                def port(hosts, name):
                    try:
                        return hosts[name]
                    except (IndexError, TypeError):
                        return 80

                print(port({"a": 8080}, "a"), port({"a": 8080}, "b"))
            """
        },
        "8080 80\n",
        "except (IndexError, TypeError, KeyError):",
    ),
    Case(
        "json-of-a-library",
        {
            "main.py": """
                import json

                def load(text):
                    try:
                        return json.loads(text)
                    except KeyError:
                        return {}

                print(load("{"), load('{"a": 1}'))
            """
        },
        "{} {'a': 1}\n",
        "except (KeyError, json.JSONDecodeError):",
    ),
    Case(
        "decimal-is-no-value-error",
        {
            "main.py": """
                from decimal import Decimal

                def amount(text):
                    try:
                        return Decimal(text)
                    except ValueError:
                        return None

                print(amount("2.5"), amount("two"))
            """
        },
        "2.5 None\n",
        "InvalidOperation",
    ),
    Case(
        "siblings-of-one-family",
        {
            "errors.py": """
                class PaymentError(Exception):
                    pass

                class CardError(PaymentError):
                    pass

                class GatewayError(PaymentError):
                    pass
            """,
            "pay.py": """
                from errors import CardError, GatewayError

                def charge(amount):
                    if amount > 100:
                        raise GatewayError("down")
                    if amount < 0:
                        raise CardError("refused")
                    return amount
            """,
            "main.py": """
                from errors import CardError
                from pay import charge

                def checkout(amount):
                    try:
                        return charge(amount)
                    except CardError:
                        return "not paid"

                print(checkout(5), checkout(-1), checkout(500))
            """,
        },
        "5 not paid not paid\n",
        "except (CardError, GatewayError):",
    ),
    Case(
        "or-is-no-list-of-classes",
        {
            "main.py": """
                def first(mapping, name):
                    try:
                        return mapping[name][0]
                    except IndexError or KeyError:
                        return None

                print(first({"a": []}, "a"), first({}, "a"))
            """
        },
        "None None\n",
        "except (IndexError, KeyError):",
    ),
]


@pytest.mark.parametrize("old", [False, True], ids=["columns", "no-columns"])
@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_repairs(tmp_path: Path, case: Case, old: bool) -> None:
    check(tmp_path, case, RULE, old=old)


UNMEANT = {
    "a-fault-deep-inside": """
        class Shop:
            def __init__(self):
                self.rows = {}

            def total(self, name):
                rows = self.rows[name]
                rows = [row for row in rows if row]
                rows.sort()
                found = [row["price"] for row in rows]
                print(found)
                return sum(found)

        def run():
            shop = Shop()
            print("start")
            return shop.total("a")

        try:
            run()
        except FileNotFoundError:
            print("no file")
    """,
    "a-name-that-is-not-there": """
        try:
            print(undefined_name_x)
        except ValueError:
            print("no")
    """,
    "a-handler-that-reads-its-own": """
        def code(mapping):
            try:
                return mapping["a"]
            except OSError as error:
                return error.errno

        code({})
    """,
}


@pytest.mark.parametrize("name", UNMEANT)
def test_a_handler_that_is_not_meant_stays(tmp_path: Path, name: str) -> None:
    diagnosis = diagnose(tmp_path, fail(tmp_path, {"main.py": UNMEANT[name]}))
    assert [item for item in diagnosis.proposals if item.rule == RULE] == []
