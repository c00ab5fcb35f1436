"""Names that other modules imported: which of them follow, which are left alone."""

from __future__ import annotations

from pathlib import Path

from tests.unit.probe.reload_values.drive import Drive

FILES = {
    "pkg/__init__.py": "from .low.config import LIMIT as CAP, DEBUG\nfrom .low import *\n",
    "pkg/low/__init__.py": "from .config import LIMIT, load\nfrom . import config\n__all__ = ['LIMIT', 'load']\n",
    "pkg/low/config.py": "LIMIT = 10\nDEBUG = True\nOTHER = True\n_HIDDEN = 4\ndef load():\n    return LIMIT\n",
    "pkg/side.py": "from .low.config import LIMIT as SIDE\nfrom pkg.low import LIMIT as AGAIN\nfrom . import CAP\n",
    "own.py": "LIMIT = 10\nCAP = 10\nDEBUG = True\nOTHER = True\n",
    "guarded.py": "try:\n    from pkg.low.config import LIMIT\nexcept ImportError:\n    LIMIT = 0\n"
    "if True:\n    from pkg import DEBUG\ndef f():\n    from pkg.low.config import LIMIT\n    return LIMIT\n",
    "changed.py": "from pkg import CAP\nfrom pkg import DEBUG\nCAP = CAP\n",
    "star.py": "from pkg.low.config import *\n",
    "again.py": "from star import *\n",
}
ASK = "(pkg.CAP, pkg.LIMIT, pkg.low.LIMIT, pkg.side.SIDE, pkg.side.AGAIN, pkg.side.CAP, guarded.LIMIT, guarded.f(), star.LIMIT, again.LIMIT, pkg.load())"


def test_names_follow_through_aliases_packages_and_stars(tmp_path: Path, python: str) -> None:
    drive = Drive(tmp_path, python, FILES)
    drive.run("import pkg.side, own, guarded, changed, star, again\nchanged.DEBUG = 1")
    drive.ask(ASK)
    drive.reload(pkg__low__config=FILES["pkg/low/config.py"].replace("LIMIT = 10", "LIMIT = 20").replace("DEBUG = True", "DEBUG = False"))
    drive.ask(ASK)
    drive.ask("(own.LIMIT, own.CAP, own.DEBUG, own.OTHER, pkg.DEBUG, guarded.DEBUG, changed.DEBUG, star.OTHER)")

    before, report, after, others = drive.answers()

    assert before == (10,) * 11
    assert (report["ok"], after) == (True, (20,) * 11), report["error"]
    assert others == (10, 10, True, True, False, False, 1, True)


def test_new_public_names_reach_star_importers_and_removed_ones_leave_them(tmp_path: Path, python: str) -> None:
    text = FILES["pkg/low/config.py"]
    drive = Drive(tmp_path, python, FILES)
    drive.run("import pkg.side, star, again\nload = star.load")
    drive.reload(pkg__low__config=text + "FRESH = [1]\n_FRESH = 2\ndef made():\n    return 3\n")
    drive.ask("(star.FRESH is again.FRESH is pkg.low.config.FRESH, star.made(), again.made(), hasattr(star, '_FRESH'), hasattr(pkg, 'FRESH'))")
    drive.reload(pkg__low__config=text.replace("OTHER = True\n", "").replace("def load():\n    return LIMIT\n", "") + "FRESH = [1]\n")
    drive.ask(
        "(hasattr(star, 'made'), hasattr(again, 'made'), hasattr(star, 'OTHER'), hasattr(again, 'OTHER'), "
        "hasattr(star, 'load'), pkg.low.load is load, star.LIMIT)"
    )

    added, names, removed, left = drive.answers()

    assert (added["ok"], names) == (True, (True, 3, 3, False, False)), added["error"]
    assert (removed["ok"], left) == (True, (False, False, False, False, False, True, 10)), removed["error"]
    assert any("pkg.low imports load from pkg.low.config, which no longer has it" in note for note in removed["notes"])


def test_a_thousand_modules_cost_next_to_nothing_where_none_is_concerned(tmp_path: Path) -> None:
    drive = Drive(tmp_path, "", {"config.py": "LIMIT = 123456\nNAME = object\n"})
    drive.run(
        "import config, time, types\n"
        "for i in range(1000):\n"
        "    made = types.ModuleType(f'm{i}')\n"
        "    made.__file__ = f'{folder}/m{i}.py'\n"
        "    vars(made).update({f'name{k}': object() for k in range(30)})\n"
        "    sys.modules[made.__name__] = made\n"
        "from nexoide.probe.reload.constants import derive, importers\n"
        "from nexoide.probe.reload.plan import Shared\n"
        "from nexoide.probe.reload.transaction import Workspace\n"
        "def cost():\n"
        "    shared = Shared(lambda code: code, set(), Workspace(), dry=False)\n"
        "    shared.workspace()\n"
        "    begun = time.thread_time()\n"
        "    importers.rebind(shared, config, 'LIMIT', config.LIMIT, 5)\n"
        "    middle = time.thread_time()\n"
        "    shared.bindings[('config', 'LIMIT')] = (config.LIMIT, 5)\n"
        "    derive.plan(shared)\n"
        "    return (middle - begun) * 1000, (time.thread_time() - middle) * 1000, len(shared.workspace())\n"
    )
    drive.ask("[min(part) for part in zip(*(cost() for _ in range(25)))]")

    ((rebinding, deriving, modules),) = drive.answers()

    assert modules >= 1001
    assert rebinding < 8, "under 2 ms on an idle machine"
    assert deriving < 8, "under 2 ms on an idle machine"
