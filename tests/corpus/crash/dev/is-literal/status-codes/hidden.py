import sys

sys.path.insert(0, "")
import probe
from classify import classify

assert probe.summary(probe.LOG) == {"fine": ["/index.html"], "missing": ["/missing.png", "/old"], "overloaded": ["/orders"]}
assert classify(int("503")) == "overloaded" and classify(int("404")) == "missing"
assert classify(int("418")) == "unknown" and classify(int("204")) == "fine"
