"""Cases of caches: what was computed by code that changed is dropped, everything else is kept."""

from __future__ import annotations

import threading
import time

from world import World

LIB = """\
import functools
RATE = 2
CALLS = []


def helper(n):
    return n * RATE


@functools.lru_cache(maxsize=None)
def price(n):
    CALLS.append(n)
    return helper(n)


@functools.lru_cache
def bounded(n):
    return n + 1


@functools.lru_cache
def unrelated(n):
    CALLS.append(n)
    return n


class Shop:
    rate = 3

    @functools.lru_cache(maxsize=8)
    def total(self, n):
        return self.scale(n)

    def scale(self, n):
        return n * self.rate

    @staticmethod
    @functools.lru_cache
    def fixed(n):
        return n * 5
"""


def a_changed_body_empties_its_cache():
    w = World(lib=LIB)
    held = w.lib.bounded
    assert (held(1), w.lib.unrelated(7), w.lib.Shop.fixed(2)) == (2, 7, 10)
    report = w.reload(lib=LIB.replace("return n + 1", "return n + 100").replace("n * 5", "n * 6"))
    assert (held(1), w.lib.Shop.fixed(2)) == (101, 12)
    assert w.lib.bounded is held
    assert any("1 cached value of lib.bounded" in note for note in report.notes), report.notes
    w.lib.unrelated(7)
    assert w.lib.CALLS == [7]
    w.reload(lib=LIB)
    assert (held(1), w.lib.Shop.fixed(2)) == (2, 10)
    w.lib.unrelated(7)
    assert w.lib.CALLS == [7]


def a_changed_helper_or_constant_empties_the_caches_that_use_it():
    user = """\
import functools
import lib
from lib import helper as h, RATE as R
@functools.cache
def far(n):
    return h(n)
@functools.cache
def by_module(n):
    return lib.helper(n)
@functools.cache
def by_constant(n):
    return n + R
@functools.cache
def not_at_all(n):
    seen.append(n)
    return n
seen = []
"""
    user = user.replace("functools.cache\n", "functools.lru_cache(None)\n")
    w = World(lib=LIB, user=user)

    def ask():
        return w.lib.price(5), w.user.far(5), w.user.by_module(5), w.user.by_constant(5), w.user.not_at_all(5)

    assert ask() == (10, 10, 10, 7, 5)
    w.reload(lib=LIB.replace("RATE = 2", "RATE = 3"))
    assert ask() == (15, 15, 15, 8, 5), (ask(), w.user.R, w.lib.RATE)
    w.reload(lib=LIB.replace("RATE = 2", "RATE = 3").replace("n * RATE", "n * RATE + 1"))
    assert ask() == (16, 16, 16, 8, 5)
    assert w.user.seen == [5]


def methods_and_class_attributes_count():
    w = World(lib=LIB)
    shop = w.lib.Shop()
    assert shop.total(2) == 6
    w.reload(lib=LIB.replace("return n * self.rate", "return n * self.rate + 1"))
    assert shop.total(2) == 7
    w.reload(lib=LIB.replace("return n * self.rate", "return n * self.rate + 1").replace("    rate = 3", "    rate = 4"))
    assert shop.total(2) == 9


def cached_properties_with_plain_data_are_computed_anew():
    text = """\
import functools, threading
class Box:
    def __init__(self):
        self.state = [1]
    @functools.cached_property
    def size(self):
        return len(self.state)
    @functools.cached_property
    def lock(self):
        return threading.Lock()
    @functools.cached_property
    def other(self):
        return {'a': [1]}
"""
    w = World(box=text)
    one, two = w.box.Box(), w.box.Box()
    lock = one.lock
    assert (one.size, two.size, one.other) == (1, 1, {"a": [1]})
    other = one.other
    report = w.reload(box=text.replace("len(self.state)", "len(self.state) * 10").replace("return threading.Lock()", "return threading.RLock()"))
    assert (one.size, two.size) == (10, 10)
    assert one.lock is lock
    assert one.other is other
    assert any("2 instances" in note for note in report.notes), report.notes
    assert any("stays as the old code made it in 1 instance" in note for note in report.notes), report.notes


def a_call_under_way_leaves_nothing_stale():
    text = """\
import functools, threading
IN = threading.Event()
OUT = threading.Event()
@functools.lru_cache(None)
def slow(n):
    IN.set()
    OUT.wait(10)
    return 'old'
"""
    w = World(slow=text)
    got = []
    thread = threading.Thread(target=lambda: got.append(w.slow.slow(1)))
    thread.start()
    w.slow.IN.wait(10)
    threading.Timer(0.2, w.slow.OUT.set).start()
    w.transaction({"slow": text.replace("'old'", "'new'")}, when="auto", bound=5.0).commit()
    thread.join()
    assert got == ["old"]
    time.sleep(0.2)
    assert w.slow.slow(1) == "new"


def single_dispatch_looks_again():
    text = (
        "import functools\n@functools.singledispatch\ndef show(x):\n    return 'any'\n@show.register(int)\ndef _int(x):\n    return 'int'\nclass A:\n    pass\n"
    )
    w = World(disp=text)
    assert (w.disp.show(1), w.disp.show("")) == ("int", "any")
    w.reload(disp=text.replace("'int'", "'number'").replace("'any'", "'thing'"))
    assert (w.disp.show(1), w.disp.show("")) == ("number", "thing")
    w.reload(disp=text + "@show.register(str)\ndef _str(x):\n    return 'text'\n")
    assert (w.disp.show(1), w.disp.show("")) == ("int", "text")


def abcs_decide_anew():
    text = "class Bag:\n    def items(self):\n        return []\n"
    w = World(bag=text)
    import collections.abc

    assert not issubclass(w.bag.Bag, collections.abc.Sized)
    w.reload(bag=text + "    def __len__(self):\n        return 0\n")
    assert issubclass(w.bag.Bag, collections.abc.Sized)
    w.reload(bag=text)
    assert not issubclass(w.bag.Bag, collections.abc.Sized)


def an_open_resource_is_kept():
    text = (
        "import functools, tempfile\ndef name():\n    return 'a'\n@functools.lru_cache(None)\ndef store():\n    name()\n    return tempfile.TemporaryFile()\n"
    )
    w = World(res=text)
    held = w.res.store()
    report = w.reload(res=text.replace("'a'", "'b'"))
    assert w.res.store() is held
    assert any("open resource" in note for note in report.notes), report.notes
    held.close()
