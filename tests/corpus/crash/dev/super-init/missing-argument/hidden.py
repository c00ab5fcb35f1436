import sys

sys.path.insert(0, "")
import zoo
from sensors import CalibratedSensor

out = []
for s in zoo.build():
    s.take(20.0)
    out.append(str(s))
assert out == ["pond: 20.0 cm", "aquarium: 19.5 °C", "reptiles: 21.2 °F"], out
c = CalibratedSensor("x", "V", keep=2)
for v in (1, 2, 3):
    c.take(v)
assert c.values == [2, 3] and c.unit == "V" and c.keep == 2
