from concurrent.futures import ThreadPoolExecutor

from queue import JobQueue


def shrink(name):
    return name.replace(".png", "_small.png")


def main():
    jobs = JobQueue(["a.png", "b.png"])
    with ThreadPoolExecutor(2) as pool:
        print(list(pool.map(shrink, jobs.drain())))


if __name__ == "__main__":
    main()
