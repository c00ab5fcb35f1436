import threading

from envelope import seal, unseal
from timing import Stopwatch


def main():
    watch = Stopwatch()
    results = []
    worker = threading.Thread(target=lambda: results.append(seal({"id": 7, "to": "ops"})))
    worker.start()
    worker.join()
    print("alive", worker.is_alive())
    print(unseal(results[0]))
    print("took", watch.seconds() >= 0)


if __name__ == "__main__":
    main()
