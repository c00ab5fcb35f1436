import unittest

from fetch import Result, fetch
from store import Store


class Fetch(unittest.TestCase):
    def setUp(self):
        self.store = Store({"a": "hello", "b": PermissionError("b"), "c": BlockingIOError("c")})

    def test_found(self):
        self.assertEqual(fetch(self.store, "a"), Result(200, "hello"))

    def test_missing(self):
        self.assertEqual(fetch(self.store, "nothing"), Result(404))

    def test_trouble(self):
        self.assertEqual(fetch(self.store, "c"), Result(500, "BlockingIOError"))


if __name__ == "__main__":
    unittest.main()
