from worker import Worker


def main():
    worker = Worker()
    worker.put(2)
    worker.put(5)
    print(worker.drain(), worker.drain())


main()
