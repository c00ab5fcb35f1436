import unittest

from clean import index_terms
from index import Index


class Terms(unittest.TestCase):
    def test_plain(self):
        self.assertEqual(index_terms("Printer jam and noise"), ["printer", "jam", "noise"])

    def test_runs_of_stop_words(self):
        self.assertEqual(index_terms("The cause of the noise is a fan"), ["cause", "noise", "fan"])


class Find(unittest.TestCase):
    def test_find(self):
        index = Index()
        index.add(1, "The fan is to a degree noisy")
        index.add(2, "the printer")
        self.assertEqual(index.find("noisy fan"), [1])


if __name__ == "__main__":
    unittest.main()
