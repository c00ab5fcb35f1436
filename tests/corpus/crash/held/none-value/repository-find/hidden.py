import sys

sys.path.insert(0, ".")

from chat import Room
from repo import User, Users

room = Room(Users([User(1, "ann"), User(3, "")]))
assert room.say(1, "x") == "<ann> x"
assert room.say(77, "y") == "<guest> y"
assert room.nick_of(0) == "guest"
assert room.lines == ["<ann> x", "<guest> y"]
