import unittest

from client.api import Api


class Headers(unittest.TestCase):
    def setUp(self):
        self.sent = []
        self.api = Api("http://files", self.sent.append)

    def test_private_then_public(self):
        self.api.private("/mine", "s3cret")
        self.api.public("/news")
        self.assertEqual(self.sent[0].headers["Authorization"], "Bearer s3cret")
        self.assertNotIn("Authorization", self.sent[1].headers)


if __name__ == "__main__":
    unittest.main()
