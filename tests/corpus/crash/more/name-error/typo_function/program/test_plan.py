import unittest

from bank.plan import plan


class PlanTest(unittest.TestCase):
    def test_ends_at_nothing(self):
        rows = list(plan(1200, 0.05, 12))
        self.assertEqual(len(rows), 12)
        self.assertAlmostEqual(rows[-1][2], 0, places=2)


if __name__ == "__main__":
    unittest.main()
