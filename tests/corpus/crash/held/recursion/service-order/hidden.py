import sys

sys.path.insert(0, "")
from impact import affected
from inventory import load

services = load()
assert affected(services, "db") == ["api", "gateway", "mail", "web", "worker"], affected(services, "db")
assert affected(services, "api") == ["gateway", "web"], affected(services, "api")
assert affected(services, "db") == ["api", "gateway", "mail", "web", "worker"], "a second call differs"
assert affected(services, "mail") == []


class Counted(dict):
    asked = 0

    def __getitem__(self, name):
        self.asked += 1
        return super().__getitem__(name)


counted = Counted(services)
affected(counted, "db")
assert counted.asked < 50, f"{counted.asked} look-ups for seven services"
assert affected({"a": ["b"], "b": ["c"], "c": ["a", "d"], "d": []}, "a") == ["b", "c", "d"]
