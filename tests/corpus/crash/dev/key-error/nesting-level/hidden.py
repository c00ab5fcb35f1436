import sys

sys.path.insert(0, ".")

from weather.feed import decode
from weather.report import summary

assert summary(decode("h", 3.5, 10)) == "h: 3.5 C, 5 m/s"
assert summary(decode("k", -2, 20)) == "k: -2 C, 10 m/s (storm)"
