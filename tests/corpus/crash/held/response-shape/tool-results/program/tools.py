from dataclasses import dataclass, field
from typing import Any


@dataclass
class ToolResult:
    name: str
    output: str
    meta: dict[str, Any] = field(default_factory=dict)


STOCK = {"lamp": 4, "chair": 0}


def run_calculator(argument: str) -> ToolResult:
    left, right = argument.split("*")
    return ToolResult("calculator", str(int(left) * int(right)))


def run_lookup(argument: str):
    return {"name": "lookup", "output": f"{argument}: {STOCK[argument]} in stock", "cached": True}


TOOLS = {"calc": run_calculator, "lookup": run_lookup}
