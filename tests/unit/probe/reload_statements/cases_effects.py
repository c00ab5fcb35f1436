"""Cases of effects: what program code did to containers is found, taken back exactly, and done again."""

from __future__ import annotations

import collections
import os
import sys
import threading
import types
import weakref

from nexoide.probe.reload.statements.effects import Snapshot, named, observe


class Registry:
    shared: dict = {}  # noqa: RUF012

    def __init__(self):
        self.items = []
        self.by_name = {}
        self.count = 0

    def __call__(self, function):
        self.items.append(function)
        self.by_name[function.__name__] = function
        self.count += 1
        type(self).shared[function.__name__] = function
        return function


class Slotted:
    __slots__ = ("entries",)

    def __init__(self):
        self.entries = []


class Hostile:
    def __eq__(self, other):
        raise AssertionError("the program's __eq__ was called")

    __hash__ = None

    def __repr__(self):
        raise AssertionError("the program's __repr__ was called")

    def __getattr__(self, name):
        raise AssertionError("the program's __getattr__ was called")


class Loud(dict):
    def __setitem__(self, key, value):
        raise AssertionError("the program's __setitem__ was called")

    def items(self):
        raise AssertionError("the program's items was called")

    __iter__ = __len__ = __getitem__ = items


def handler():
    """Stand for a function of the program."""


def _deep(registry):
    return (list(registry.items), dict(registry.by_name), registry.count, dict(Registry.shared))


def an_object_with_a_registry_is_put_back_and_done_again():
    registry = Registry()
    registry(print)
    before = _deep(registry)
    effects = observe([registry], lambda: registry(handler))
    after = _deep(registry)
    assert after != before
    assert effects
    effects.revert()
    assert _deep(registry) == before
    effects.revert()
    assert _deep(registry) == before
    effects.forward()
    assert _deep(registry) == after
    effects.forward()
    assert _deep(registry) == after


def state_made_since_is_kept():
    registry = Registry()
    registry.items.append("before")
    registry.by_name["x"] = 1
    effects = observe([registry], lambda: (registry(handler), registry.by_name.__setitem__("x", 2)))
    registry.items.insert(0, "since")
    registry.items.append("since too")
    registry.by_name["y"] = 3
    registry.by_name["x"] = 7
    registry.count = 50
    effects.revert()
    assert registry.items == ["since", "before", "since too"]
    assert registry.by_name == {"x": 7, "y": 3}
    assert registry.count == 50


def what_raises_is_undone_at_once():
    registry = Registry()
    other = {"a": [1]}

    def run():
        registry(handler)
        other["a"].append(2)
        other["b"] = 1
        raise SystemExit(3)

    code = None
    try:
        observe([registry, other], run)
    except SystemExit as error:
        code = error.code
    assert code == 3
    assert _deep(registry) == ([], {}, 0, {})
    assert other == {"a": [1]}


def closures_and_cells_are_followed():
    def make():
        seen = []
        number = 0

        def register(function):
            nonlocal number
            number += 1
            seen.append(function)
            return function

        return register, lambda: (number, list(seen))

    register, look = make()
    effects = observe([register], lambda: register(handler))
    assert look() == (1, [handler])
    effects.revert()
    assert look() == (0, [])


def what_a_function_names_is_followed():
    module = types.ModuleType("shop")
    module.__file__ = "/srv/shop/shop.py"
    text = "HANDLERS = {}\nDEPTH = {'x': {'y': {'z': []}}}\ndef register(f):\n    HANDLERS['k'] = f\n    DEPTH['x']['y']['z'].append(f)\n    return f\n"
    exec(compile(text, module.__file__, "exec"), vars(module))
    effects = observe([module.register], lambda: module.register(handler))
    assert {"k": handler} == module.HANDLERS
    effects.revert()
    assert module.HANDLERS == {}
    assert module.DEPTH == {"x": {"y": {"z": []}}}
    code = compile("shop.register(1)", "x", "exec")
    assert module.register in named(code, {"shop": module})


def a_module_among_the_objects_is_its_namespace():
    module = types.ModuleType("shop")
    module.__file__ = "/srv/shop/shop.py"
    exec("COUNT = 1\nITEMS = [1]\ndef bump():\n    global COUNT, FRESH\n    COUNT += 1\n    FRESH = 1\n    ITEMS.append(2)\n", vars(module))
    names = sorted(vars(module))
    effects = observe([module], module.bump)
    assert (module.COUNT, module.ITEMS, module.FRESH) == (2, [1, 2], 1)
    effects.revert()
    assert (module.COUNT, module.ITEMS, sorted(vars(module))) == (1, [1], names)


def _every_kind():
    one = object()
    return one, [
        ({"a": 1, "b": 2, "c": 3}, lambda x: (x.pop("a"), x.update(b=5, d=one))),
        (collections.OrderedDict(a=1, b=2, c=3), lambda x: (x.move_to_end("a"), x.pop("b"))),
        (collections.defaultdict(list, a=[1]), lambda x: x["k"].append(1)),
        (collections.Counter("hello"), lambda x: x.update("hello")),
        ([1, 2, 3, one], lambda x: (x.sort(key=id), x.append(one), x.pop(0), x.insert(0, "first"))),
        (collections.deque([1, 2, 3], maxlen=3), lambda x: (x.appendleft(0), x.rotate(1))),
        ({1, 2, (3, 4)}, lambda x: (x.add(one), x.discard(1), x.discard((3, 4)))),
    ]


def _content(container):
    if isinstance(container, dict):
        return list(container.items())
    return set(container) if isinstance(container, set) else list(container)


def every_kind_of_container_goes_back_and_forth():
    _, kinds = _every_kind()
    for container, change in kinds:
        before = _content(container)
        effects = observe([container], lambda: change(container))  # noqa: B023
        after = _content(container)
        assert after != before, container
        effects.revert()
        assert _content(container) == before
        effects.forward()
        assert _content(container) == after


def nothing_of_the_program_is_called():
    key = Hostile()
    loud = Loud()
    dict.__setitem__(loud, "k", key)
    held = [key, {"x": key}, loud]
    effects = observe([held], lambda: (held.append(key), held[1].__setitem__("y", key), dict.__setitem__(loud, "z", key)))
    effects.revert()
    assert len(held) == 3
    assert list(held[1]) == ["x"]
    assert list(dict.keys(loud)) == ["k"]


def slots_instances_and_class_attributes_are_followed():
    slotted = Slotted()
    registry = Registry()
    effects = observe([slotted, registry], lambda: (slotted.entries.append(1), setattr(Registry, "extra", 1), setattr(registry, "own", 2)))
    effects.revert()
    assert slotted.entries == []
    assert not hasattr(Registry, "extra")
    assert not hasattr(registry, "own")


def weak_containers_are_put_back():
    table = weakref.WeakKeyDictionary()
    keep = Registry()
    effects = observe([table], lambda: table.__setitem__(keep, 1))
    assert len(table) == 1
    effects.revert()
    assert len(table) == 0


def the_environment_is_put_back_for_children_too():
    os.environ["NEX_KEPT"] = "1"
    effects = observe([os.environ], lambda: os.environ.update(NEX_KEPT="2", NEX_NEW="3"))
    effects.revert()
    assert os.environ["NEX_KEPT"] == "1"
    assert "NEX_NEW" not in os.environ
    assert os.popen("echo $NEX_KEPT-$NEX_NEW").read() == "1-\n"


def threads_that_were_started_are_counted_and_left_alone():
    stop = threading.Event()
    registry = Registry()

    def run():
        registry(handler)
        threading.Thread(target=stop.wait, daemon=True).start()

    effects = observe([registry, threading, run], run)
    try:
        assert effects.threads == 1
        effects.revert()
        assert registry.items == []
        assert len(threading.enumerate()) == 2
    finally:
        stop.set()


def imports_stay():
    effects = observe([sys, sys.modules], lambda: __import__("colorsys"))
    effects.revert()
    assert "colorsys" in sys.modules


def it_is_bounded():
    big = [[number] for number in range(50_000)]
    snapshot = Snapshot([big], limit=1000)
    assert len(snapshot) == 1000
    assert not snapshot.complete
    nested: list = []
    inner = nested
    for _ in range(10):
        inner.append([])
        inner = inner[0]
    assert not Snapshot([nested]).complete
    assert Snapshot([[1], {"a": [2]}]).complete


def cycles_end():
    one: dict = {}
    one["self"] = one
    one["list"] = [one]
    effects = observe([one], lambda: one["list"].append(1))
    effects.revert()
    assert one["list"] == [one]


def a_thread_that_changes_a_container_all_the_time_breaks_nothing():
    sys.setswitchinterval(1e-6)
    table = dict.fromkeys(range(1000))
    stop = []

    def hammer():
        number = 0
        while not stop:
            number += 1
            table[number % 5000] = number
            table.pop((number * 7) % 5000, None)

    thread = threading.Thread(target=hammer)
    thread.start()
    try:
        for _ in range(200):
            Snapshot([table]).changes()
    finally:
        stop.append(1)
        thread.join()


def something_done_twice_is_noticed():
    registry = Registry()
    registry(handler)
    assert observe([registry], lambda: registry(handler)).doubled()
    assert not observe([registry], lambda: registry(print)).doubled()
