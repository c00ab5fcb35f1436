"""utcnow() made a number of seconds: a moment without a zone is read as local time, so that the number is hours off."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from nexoide.model.failure import Raised
from nexoide.repair.code.edits import Edit
from nexoide.repair.code.reach import reached
from nexoide.repair.code.source import Module
from nexoide.repair.context import Context
from nexoide.repair.moved.uses import uses
from nexoide.repair.naming.imports import Imports, joined
from nexoide.repair.naming.packages import layout_of
from nexoide.repair.proposal import Proposal
from nexoide.repair.rules.base import Example


class UtcTimestamp:
    """Takes the moment with its zone where its timestamp is taken."""

    name = "utc-timestamp"
    summary = "Writes datetime.now(timezone.utc).timestamp() for datetime.utcnow().timestamp(), which is off by the local offset from UTC."
    errors = ("*",)
    searches = True
    examples = (
        Example(
            name="seconds since 1970",
            files={
                "main.py": "import os\nimport time\nfrom datetime import datetime\n\nos.environ['TZ'] = 'Asia/Tokyo'\ntime.tzset()\n\n\n"
                "def epoch():\n    return datetime.utcnow().timestamp()\n\n\nassert abs(epoch() - time.time()) < 60\nprint('ok')\n"
            },
            prints="ok\n",
        ),
    )

    def applies(self, raised: Raised) -> bool:
        """Say whether a check may have failed for a wrong number: these mistakes raise nothing themselves."""
        return raised.type in ("AssertionError", "ValueError", "RuntimeError", "SystemExit") and bool(raised.frames)

    def propose(self, context: Context) -> Iterable[Proposal]:
        """Yield the moments with their zone, in all files that ran."""
        found = [(module, list(_calls(module))) for module in dict.fromkeys(item.module for item in reached(context))]
        edits: list[tuple[Module, Edit]] = []
        layout = layout_of(context)
        count = 0
        for module, calls in found:
            if not calls:
                continue
            imports = Imports(module, layout)
            utc = imports.use("datetime:timezone.utc", prefer_module=False)
            for call in calls:
                assert isinstance(call.func, ast.Attribute)
                edits.append((module, Edit(*module.span(call), f"{module.segment(call.func.value)}.now({utc})")))
                count += 1
            edits += [(module, edit) for edit in imports.edits()]
        if not edits:
            return
        where = f" in {count} places" if count > 1 else ""
        proposal = context.propose(
            rule=self.name,
            title=f"take the moment with its zone before its timestamp is taken{where}",
            rationale="utcnow() gives the time in UTC and does not say so, and timestamp() reads such a moment as local time: the number is off by the "
            "offset from UTC of wherever the program runs. The edit takes the moment with timezone.utc.",
            edits=joined(edits),
            prior=0.86,
            alternatives=["time.time() gives the same number."],
            unchecked=["Numbers that were stored before, and are off by the same offset."],
        )
        if proposal is not None:
            yield proposal


def _calls(module: Module) -> Iterator[ast.Call]:
    """Yield the calls of utcnow() whose timestamp is taken at once."""
    if b"utcnow" not in module.data:
        return
    for use in uses(module):
        call = module.parents.get(use.node)
        if use.dotted != "datetime.datetime.utcnow" or not (isinstance(call, ast.Call) and call.func is use.node and isinstance(call.func, ast.Attribute)):
            continue
        access = module.parents.get(call)
        outer = module.parents.get(access) if isinstance(access, ast.Attribute) and access.attr == "timestamp" else None
        if isinstance(outer, ast.Call) and outer.func is access:
            yield call
