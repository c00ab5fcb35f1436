import sys

sys.path.insert(0, ".")

import subprocess

for first in ("import team, player", "import player, team", "import app"):
    done = subprocess.run([sys.executable, "-c", first], capture_output=True, text=True)
    assert done.returncode == 0, (first, done.stderr)
from player import FREE_AGENTS, Player
from team import Team

blues = Team("blues")
p = Player("a", 3, blues)
q = Player("b", 4)
assert blues.players == [p] and q in FREE_AGENTS.players
assert blues.strength() == 3 and FREE_AGENTS.strength() == 4
