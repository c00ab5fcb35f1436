import sys

sys.path.insert(0, ".")

from app import ROOT
from quota import usage

assert usage(ROOT, ["home", "home/ann", "home/ann/music", "home/bo", "srv"]) == {
    "home": 326, "home/ann": 320, "home/ann/music": 300, "home/bo": 5, "srv": 7,
}
assert ROOT.find() is ROOT
for wrong in ("tmp", "home/cy", "home/ann/music/x"):
    try:
        ROOT.find(*wrong.split("/"))
    except LookupError:
        pass
    else:
        raise AssertionError(f"{wrong} must not be found")
