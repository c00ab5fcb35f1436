from scores import Scores

RESULTS = ["ann:3", "bob:5", " Ann:4", "cyd:x", "bob:1"]


def main():
    scores = Scores()
    for line in RESULTS:
        scores.add(line)
    for place, (name, points) in enumerate(scores.ranking(), 1):
        print(place, name, points)
    print("refused:", scores.refused)


if __name__ == "__main__":
    main()
