def depth(value):
    level = 0
    while value:
        level += 1
        value = value[0]
    return level
