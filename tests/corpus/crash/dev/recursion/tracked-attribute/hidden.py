import sys

sys.path.insert(0, "")
import app
from robot import Arm

arm = app.run()
assert arm.changes == [("angle", 0), ("angle", 45), ("grip", True), ("angle", 90)], arm.changes
assert arm.angle == 90 and arm.grip is True and arm._serial == "A-1"
arm.turn(100)
assert arm.angle == 120 and arm.changes[-1] == ("angle", 120)
assert Arm().changes == [("angle", 0)] and not hasattr(arm, "name")
