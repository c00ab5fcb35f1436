import sys

sys.path.insert(0, "")
import device_sync
from pairing import Pairing
from wire import send

for pairing in (Pairing("a", {"read", "locate", "x"}, b"\x00\xff\x10"), Pairing("b", set(), b""), Pairing("c", {"all"}, bytes(range(256)))):
    again = device_sync.exchange(pairing)
    assert again == pairing and type(again.key) is bytes and type(again.rights) is set, again
assert device_sync.exchange(Pairing("c", {"all"}, b"1")).may("anything")
p = Pairing("z", {"a"}, b"k")
send(p)
assert p == Pairing("z", {"a"}, b"k"), "the pairing was changed"
