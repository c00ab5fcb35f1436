import sys

sys.path.insert(0, ".")

from decimal import Decimal

from turnover import skus, turnover

text = "2024-01-01;x;S;2;1.25\n2024-01-01;y;T;1;3\n2024-01-01;x;T;4;0.50"
assert turnover(text) == {"x": Decimal("4.50"), "y": Decimal("3")}
assert skus(text) == ["S", "T"]
