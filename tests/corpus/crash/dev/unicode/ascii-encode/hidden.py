import sys

sys.path.insert(0, ".")

from frames import pack, unpack, unpack_all
from relay import Relay

for text in ("", "abc", "grüße", "👍👍", "日本"):
    assert unpack(pack(text)) == (text, b""), text
assert unpack_all(pack("ä") + pack("b")) == ["ä", "b"]
relay = Relay()
relay.say("é", "ü")
relay.say("x", "y")
assert relay.history() == ["é: ü", "x: y"]
