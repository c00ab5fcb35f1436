from signals import Signal
from stats import FirstOnly, Total


def play():
    finished = Signal("track-finished")
    total = Total()
    first = FirstOnly(finished)
    finished.connect("first", first)
    finished.connect("total", total)
    for seconds in (180, 200, 95):
        finished.emit(seconds)
    return total, first, finished


def main():
    total, first, finished = play()
    print(total.seconds, first.seen, finished.names())


if __name__ == "__main__":
    main()
