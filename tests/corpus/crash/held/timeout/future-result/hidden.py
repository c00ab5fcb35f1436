import sys

sys.path.insert(0, ".")

from checks import HOSTS
from monitor import survey

assert survey(sorted(HOSTS)) == {"cache": "ok", "db": "slow", "files": "ok", "web": "ok"}
assert survey(["db"]) == {"db": "slow"}
assert survey([]) == {}
