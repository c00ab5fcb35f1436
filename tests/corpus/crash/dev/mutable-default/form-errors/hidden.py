import sys

sys.path.insert(0, "")
from forms import check_address, check_person, validate

bad = {"name": "", "email": "x", "zip": "1"}
good = {"name": "B", "email": "b@x.org", "zip": "1010"}
assert len(validate(bad, check_person, check_address)) == 3
assert validate(good, check_person, check_address) == []
assert len(validate(bad, check_person)) == 2
own = ["before"]
assert validate(bad, check_address, errors=own) is own and len(own) == 2
empty = []
assert validate(bad, check_address, errors=empty) is empty and len(empty) == 1, "the caller's empty list must be used"
