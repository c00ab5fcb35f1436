import sys

sys.path.insert(0, "")
from fire import Fire

f = Fire(6, 4, density=3)
assert f.show() == "*..T..\n" + "\n".join(["T..T.."] * 3), f.show()
f.step()
assert f.show().splitlines()[0] == " ..*.." and f.generation == 1, f.show()
f.reset()
assert f.generation == 0 and f.cells[0][0] == "*"
assert Fire(4, 1, 2).show() == "*.T."
for wrong in (0, -1):
    try:
        Fire(2, 2, density=wrong)
        raise SystemExit("a density below 1 was accepted")
    except ValueError as error:
        assert "density" in str(error), error
