import queue
import threading

from drain import Drain
from producer import produce


def collect(sizes):
    inbox = queue.Queue()
    threads = [threading.Thread(target=produce, args=(inbox, n, size)) for n, size in enumerate(sizes)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    drain = Drain(inbox)
    drain.run()
    return drain


def main():
    drain = collect([3, 0, 5])
    print(drain.seen, "messages from", sorted(drain.sources))


if __name__ == "__main__":
    main()
