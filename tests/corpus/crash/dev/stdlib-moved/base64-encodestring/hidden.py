import sys

sys.path.insert(0, ".")

from tokens import TokenBox

box = TokenBox(b"k")
for text in ("", "a", "ö" * 100, "line\nline"):
    assert box.open(box.seal(text)) == text
    assert "\n" not in box.seal(text)
assert box.seal("hi").split(".")[0] == "aGk="
try:
    box.open("aGk=.0000000000000000")
except ValueError:
    pass
else:
    raise AssertionError("a changed token must be refused")
