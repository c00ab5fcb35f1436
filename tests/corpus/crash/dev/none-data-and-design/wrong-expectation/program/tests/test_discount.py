import unittest

from pricing.order import to_pay
from pricing.scale import percent


class Discount(unittest.TestCase):
    def test_scale(self):
        self.assertEqual([percent(v) for v in (99, 100, 499, 500, 1000)], [0, 10, 10, 15, 20])

    def test_small(self):
        self.assertEqual(to_pay(50), 50)

    def test_large(self):
        self.assertEqual(to_pay(200), 170)


if __name__ == "__main__":
    unittest.main()
