def produce(inbox, number, size):
    for index in range(size):
        inbox.put({"source": f"p{number}", "index": index})
