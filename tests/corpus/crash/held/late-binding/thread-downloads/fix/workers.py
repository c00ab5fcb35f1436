import threading


def fetch_all(ranges, fetch):
    """Fetch all ranges at once; returns the data by the start of its range."""
    results = {}
    lock = threading.Lock()

    def store(start, data):
        with lock:
            results[start] = data

    threads = []
    for start, end in ranges:
        thread = threading.Thread(target=lambda start=start, end=end: store(start, fetch(start, end)), name=f"part-{start}")
        threads.append(thread)
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
