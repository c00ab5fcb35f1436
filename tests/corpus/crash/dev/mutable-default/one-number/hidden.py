import sys

sys.path.insert(0, "")
import desk
from tickets import open_ticket

numbers = sorted(desk.run(["a", "b", "c"]).tickets)
assert numbers[0] == 7 and len(numbers) == 4, numbers
assert numbers[1:] == [100, 101, 102], numbers
assert open_ticket("x", 0)["number"] == 0 and open_ticket("y", number=5, labels=["l"])["labels"] == ["l"]
assert open_ticket("z")["number"] == 103, "a number that was given must not use one up"
