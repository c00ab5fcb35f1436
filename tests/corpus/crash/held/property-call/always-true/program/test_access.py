import unittest

from access import visible
from users import User

DOCUMENTS = [
    {"title": "news", "public": True},
    {"title": "salaries", "roles": ["finance"]},
    {"title": "diary", "owner": "ann"},
]


class Access(unittest.TestCase):
    def test_suspended(self):
        self.assertEqual(visible(User("ann", strikes=3), DOCUMENTS), [])

    def test_owner(self):
        self.assertEqual(visible(User("ann"), DOCUMENTS), ["news", "diary"])

    def test_role(self):
        self.assertEqual(visible(User("bob", {"finance"}, 2), DOCUMENTS), ["news", "salaries"])


if __name__ == "__main__":
    unittest.main()
