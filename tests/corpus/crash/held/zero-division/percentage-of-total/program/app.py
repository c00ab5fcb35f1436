from polls import Poll


def show(poll):
    return " ".join(f"{option}={share}%" for option, share in poll.shares().items())


def evening(ballots):
    lunch = Poll("soup", "pasta")
    dinner = Poll("fish", "stew", "salad")
    for option in ballots:
        (lunch if option in lunch.votes else dinner).vote(option)
    return show(lunch), show(dinner)


if __name__ == "__main__":
    print("\n".join(evening(["soup", "pasta", "soup"])))
