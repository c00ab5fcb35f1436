import unittest

from scores import Scoreboard


class ScoreTest(unittest.TestCase):
    def test_record(self):
        board = Scoreboard()
        self.assertEqual(board.record("a", 3), 3)
        self.assertEqual(board.record("a", -1), 2)
        self.assertEqual(board.best(), "a")


if __name__ == "__main__":
    unittest.main()
