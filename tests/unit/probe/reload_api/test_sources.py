"""What is live is known by its exact source, and the program cannot tell that anybody looks."""

from __future__ import annotations

from textwrap import dedent

from tests.unit.probe.peer import Bench
from tests.unit.probe.reload_api.conftest import Alone

WATCH = "import os, sys\nfrom nexoide.probe import sources\nsources.install(os.getcwd())\nfrom nexoide.probe.reload import registry\n"


def test_a_module_that_is_imported_later_is_known_by_the_bytes_that_ran(alone: Alone, each: str) -> None:
    printed = alone(
        each,
        WATCH
        + dedent("""
        import shop, hashlib
        first = open('shop.py', 'rb').read()
        open('shop.py', 'w').write('LIMIT = 2\\n')
        live = registry.live(os.path.abspath('shop.py'))
        print(live.text.encode() == first, live.sha256 == hashlib.sha256(first).hexdigest(), live.generation, repr(live.reason))
        print([(item['module'], item['sha256'] == live.sha256, item['generation']) for item in registry.modules() if item['module'] == 'shop'])
        print(type(shop.__loader__).__name__, type(shop.__loader__).__module__, shop.__spec__.loader is shop.__loader__, shop.__file__.endswith('shop.py'))
        """),
        {"shop.py": "\ufeffLIMIT = 1\r\n\r\ndef f():\r\n    return LIMIT\r\n"},
    )

    assert printed.splitlines() == ["True True 0 ''", "[('shop', True, 0)]", "SourceFileLoader _frozen_importlib_external True True"]


POISON = """
import importlib.util, os, sys, marshal
source = os.stat('shop.py')
os.makedirs('__pycache__', exist_ok=True)
code = compile('def f(): return "POISON"', os.path.abspath('shop.py'), 'exec')
for flags, rest in ((0, int(source.st_mtime).to_bytes(4, 'little') + source.st_size.to_bytes(4, 'little')), (1, b'x' * 8)):
    with open(f'__pycache__/shop.{sys.implementation.cache_tag}.pyc', 'wb') as stream:
        stream.write(importlib.util.MAGIC_NUMBER + flags.to_bytes(4, 'little') + rest + marshal.dumps(code))
    sys.modules.pop('shop', None)
    import shop
    print(shop.f())
"""


def test_planted_bytecode_is_not_executed_in_the_workspace(alone: Alone, each: str) -> None:
    files = {"shop.py": "def f(): return 'source'\n"}

    assert alone(each, POISON, files).split() == ["POISON", "POISON"]  # what Python itself does
    assert alone(each, WATCH + POISON, files).split() == ["source", "source"]


FAILS = """
import sys, traceback
for name in ('syntax', 'raises', 'missing', 'nul'):
    try:
        __import__(name)
    except BaseException:
        print(traceback.format_exc())
"""


def test_imports_that_fail_look_as_they_do_alone(alone: Alone, each: str) -> None:
    files = {"syntax.py": "x = (\n", "raises.py": "import missing\n", "missing.py": "import nosuchmodule\n", "nul.py": "x = 1\0\n"}

    watched = alone(each, WATCH + FAILS, files)

    assert "nexoide" not in watched.replace("nexoide0", "")
    assert watched.replace(f"line {len(WATCH.splitlines()) + 5}", "line 5") == alone(each, FAILS, files)


BEFORE = """
import os, shop
{change}
from nexoide.probe import sources
from nexoide.probe.reload import registry
sources.install(os.getcwd())
live = registry.live(os.path.abspath('shop.py'))
print(live.text is not None, live.reason.replace(os.getcwd(), ''))
"""
SHOP = """\
import functools
LIMIT = 10
SEEN = 0

def f():
    global SEEN
    SEEN += 1

class A:
    @functools.lru_cache
    def g(self):
        return 1
"""
UNKNOWN = "False /shop.py was imported before it was watched, and what runs is not what it holds since then: restart the program for it."


def test_a_module_that_was_imported_before_is_compared_with_what_runs(alone: Alone, each: str) -> None:
    def told(change: str) -> str:
        return alone(each, BEFORE.format(change=change), {"shop.py": SHOP}).strip()

    assert told("shop.f(); shop.A.g = shop.A.g; shop.extra = 1") == "True"
    for old, new in (("SEEN += 1", "SEEN += 2"), ("return 1", "return 2"), ("LIMIT = 10", "LIMIT = 11"), ("class A", "def h(): 1\nclass A")):
        assert told(f"text = open('shop.py').read(); open('shop.py', 'w').write(text.replace({old!r}, {new!r}))") == UNKNOWN


def test_where_nothing_can_be_compared_the_files_age_decides(alone: Alone, each: str) -> None:
    files = {"shop.py": "import os\nHOME = os.getcwd()\n"}

    assert alone(each, BEFORE.format(change=""), files).strip() == "True"
    assert alone(each, BEFORE.format(change="open('shop.py', 'w').write('import os\\nHOME = 1 + 1\\n')"), files).strip() == UNKNOWN


def test_a_loader_that_rewrites_what_it_reads_is_found_out(alone: Alone, each: str) -> None:
    printed = alone(
        each,
        WATCH
        + dedent("""
        from importlib.machinery import SourceFileLoader
        from importlib.util import module_from_spec, spec_from_file_location
        class Rewriter(SourceFileLoader):
            def source_to_code(self, data, path, *, _optimize=-1):
                return super().source_to_code(data.replace(b'1', b'2'), path)
        path = os.path.abspath('shop.py')
        spec = spec_from_file_location('shop', path, loader=Rewriter('shop', path))
        shop = sys.modules['shop'] = module_from_spec(spec)
        spec.loader.exec_module(shop)
        print(shop.f(), registry.live(path).text)
        """),
        {"shop.py": "def f():\n    return 1\n"},
    )

    assert printed == "2 None\n"


def test_one_file_that_runs_from_two_texts_is_refused(alone: Alone, each: str) -> None:
    printed = alone(
        each,
        WATCH
        + dedent("""
        import shop
        from importlib.util import module_from_spec, spec_from_file_location
        path = os.path.abspath('shop.py')
        open(path, 'w').write('X = 2\\n')
        spec = spec_from_file_location('other', path)
        other = sys.modules['other'] = module_from_spec(spec)
        spec.loader.exec_module(other)
        print(shop.X, other.X, registry.live(path).reason.replace(path, 'shop.py'))
        """),
        {"shop.py": "X = 1\n"},
    )

    assert printed == "1 2 shop.py is imported twice, from two different texts: restart the program for it.\n"


def test_libraries_and_other_folders_are_left_alone(alone: Alone, each: str) -> None:
    printed = alone(
        each,
        WATCH
        + dedent("""
        sys.path.insert(0, 'site-packages')
        import library, json, shop
        print(sorted(os.path.basename(path) for path in sources.executed))
        print(sources.within(library.__file__), sources.within(json.__file__), sources.within(shop.__file__), sources.within('shop.py'))
        """),
        {"site-packages/library.py": "x = 1\n", "shop.py": "x = 1\n"},
    )

    assert printed == "['app.py', 'shop.py']\nFalse False True True\n"


def test_a_script_and_a_module_run_by_m_are_known_from_the_start(bench: Bench, each: str) -> None:
    bench.write("pkg/__init__.py", "")
    ask = dedent(
        """
        import os
        from nexoide.probe.reload import registry
        path = os.path.abspath(__file__)
        first = open(path, 'rb').read()
        open(path, 'wb').write(b'x = 1')
        live = registry.live(path)
        print(live.text is not None and live.text.encode() == first, live.reason)
        open(path, 'wb').write(first)
        def f():
            return 1
        f()
        """
    )
    bench.write("pkg/tool.py", ask)
    bench.write("app.py", ask)

    for words in (["app.py"], ["-m", "pkg.tool"]):
        out, err = bench.start(*words, python=each).communicate(timeout=20)
        assert out == "True \n", (words, out, err)
