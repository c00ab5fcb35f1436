import sys

sys.path.insert(0, "")
import todo
from tasks import load
from view import agenda

titles = [line.split(maxsplit=1)[1] if line[0] != " " else line.strip() for line in agenda(load(todo.TEXT))]
assert titles == ["renew passport", "pay rent", "water plants", "call Ann"], titles
assert [line.strip() for line in agenda(load("- z\n- a\n"))] == ["z", "a"]
assert agenda([]) == []
