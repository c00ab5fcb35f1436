import sys

sys.path.insert(0, ".")

import time

from localise import localise
from sdk import ApiError, RateLimited, Translator

labels = {f"k{n}": f"word {n}" for n in range(10)}
translator = Translator()
assert localise(labels, "fr", translator) == {key: f"[fr] {text}" for key, text in labels.items()}
assert translator.calls < 100, "the client must wait, not hammer"
try:
    localise({"a": ""}, "fr", Translator())
except ApiError:
    pass
else:
    raise AssertionError("an empty text must still fail")


class Never(Translator):
    def translate(self, text, target):
        self.calls += 1
        raise RateLimited(0.01)


never = Never()
start = time.monotonic()
try:
    localise({"a": "x"}, "fr", never)
except ApiError:
    assert never.calls < 50
else:
    raise AssertionError("a quota that never frees must surface")
strict = Translator(per_window=1, window=60)
strict.translate("a", "fr")
try:
    strict.translate("b", "fr")
except RateLimited:
    pass
else:
    raise AssertionError("the library itself must go on refusing")
