from weather.feed import decode
from weather.report import mean_temperature, summary

ANSWERS = [decode("harbour", 11.5, 24), decode("airport", 9.0, 12)]

if __name__ == "__main__":
    print("mean", mean_temperature(ANSWERS))
    for answer in ANSWERS:
        print(summary(answer))
