import unittest
from decimal import Decimal

from invoice import gross
from tax import vat


class Tax(unittest.TestCase):
    def test_half_cent_goes_up(self):
        self.assertEqual(vat("0.25"), Decimal("0.03"))

    def test_half_cent_goes_up_too(self):
        self.assertEqual(vat("0.45"), Decimal("0.05"))

    def test_gross(self):
        self.assertEqual(gross(["0.25", "0.65"]), Decimal("0.99"))


if __name__ == "__main__":
    unittest.main()
