from weather.feed import decode
from weather.history import History
from weather.report import mean_temperature, summary
from weather.stations import STATIONS, nearest

SAMPLES = [
    ("harbour", 9.5, 18),
    ("harbour", 11.5, 24),
    ("airport", 9.0, 12),
    ("airport", 9.1, 10),
]
PLACES = {"town hall": (54.323, 10.13), "stadium": (54.36, 10.12)}


def collect(samples):
    history = History()
    for name, temperature, gust in samples:
        history.add(decode(name, temperature, gust))
    return history


def main():
    history = collect(SAMPLES)
    newest = [history.of(s.name)[-1] for s in STATIONS if history.of(s.name)]
    print("mean", mean_temperature(newest))
    for place, (latitude, longitude) in PLACES.items():
        station = nearest(latitude, longitude)
        print(f"{place}: {history.arrow(station.name)} at {station.name}")
        print("  ", summary(history.of(station.name)[-1]))


if __name__ == "__main__":
    main()
