from members import AlreadyThere


def import_lines(members, lines):
    result = {"added": 0, "known": 0}
    for line in lines:
        email, name = line.split(maxsplit=1)
        try:
            members.add(email, name)
        except AlreadyThere:
            result["known"] += 1
        else:
            result["added"] += 1
    return result
