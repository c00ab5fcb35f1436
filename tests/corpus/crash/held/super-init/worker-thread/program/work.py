import queue

from worker import Worker


def resize_all(names, count=3):
    jobs, done = queue.Queue(), queue.Queue()
    for name in names:
        jobs.put(name)
    workers = [Worker(number, jobs, done) for number in range(count)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=5)
    return sorted(done.get() for _ in names), workers


def main():
    results, workers = resize_all(["cat.jpg", "dog.jpg", "owl.png", "elk.gif"])
    print(results)
    assert all(not worker.is_alive() for worker in workers)


if __name__ == "__main__":
    main()
