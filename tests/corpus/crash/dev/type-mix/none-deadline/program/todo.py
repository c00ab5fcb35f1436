from tasks import Task, load
from view import agenda, next_due

TEXT = """\
2024-06-01 pay rent
- water plants
2024-05-20 renew passport
- call Ann
"""


def main():
    tasks = load(TEXT)
    print("\n".join(agenda(tasks)))
    print("next:", next_due(tasks).title)


if __name__ == "__main__":
    main()
