import sys

sys.path.insert(0, "")
import team
from person import Person
from roster import Roster

r = team.build()
assert r.shifts == {1: ["ann", "bob"], 2: ["cyd"], 3: []}
assert r.people["ann"].skills == ["net"] and r.people["cyd"].skills == [] and r.people["bob"].skills == ["db"]
assert Roster().shifts == {1: [], 2: [], 3: []} and Roster().people == {}
assert Person("x").skills == [] and Person("x") == Person("x", [], "")
