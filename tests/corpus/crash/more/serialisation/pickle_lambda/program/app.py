import pickle

from ranking import Ranking


def main():
    ranking = Ranking()
    ranking.add("ann", 3)
    ranking.add("bob", 9)
    again = pickle.loads(pickle.dumps(ranking))
    print(again.top())


if __name__ == "__main__":
    main()
