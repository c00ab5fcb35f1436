from tracked import Tracked


class Arm(Tracked):
    LIMIT = 120

    def __init__(self):
        super().__init__()
        self._serial = "A-1"
        self.angle = 0

    def turn(self, by):
        self.angle = min(self.angle + by, self.LIMIT)
