def digest(channel, since):
    """One line for the daily mail; channels without new messages are "quiet"."""
    people = set()
    count = 0
    for message in channel.since(since):
        people.add(message["by"])
        count += 1
        last = message["text"]
    if count and len(people) > 1:
        return f"#{channel.name}: {count} from {len(people)} people, last: {last}"
    elif last:
        return f"#{channel.name}: {count} from {people.pop()}, last: {last}"
    return f"#{channel.name}: quiet"


def mail(channels, since):
    return [digest(channel, since) for channel in channels]
