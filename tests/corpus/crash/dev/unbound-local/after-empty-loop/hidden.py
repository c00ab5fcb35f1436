import sys

sys.path.insert(0, ".")

from channels import Channel
from digest import digest, mail

two = Channel("a", [{"at": 5, "by": "x", "text": "m1"}, {"at": 9, "by": "y", "text": "m2"}])
assert digest(two, 0) == "#a: 2 from 2 people, last: m2"
assert digest(two, 5) == "#a: 1 from y, last: m2"
assert digest(two, 9) == "#a: quiet"
assert mail([Channel("b"), two], 5) == ["#b: quiet", "#a: 1 from y, last: m2"]
