from gateway import Gateway


def replay(events, per_second=2):
    now = [0]
    gateway = Gateway(lambda: now[0], per_second)
    answers = []
    for second, client in events:
        now[0] = second
        answers.append(gateway.accept(client))
    return answers, gateway.dropped


if __name__ == "__main__":
    print(replay([(1, "a"), (1, "a"), (1, "a"), (1, "b"), (2, "a"), (2, "b")]))
