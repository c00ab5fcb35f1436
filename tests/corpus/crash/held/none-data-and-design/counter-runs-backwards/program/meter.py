def consumption(number, values):
    """Kilowatt hours between the first and the last reading of a year."""
    used = 0
    for earlier, later in zip(values, values[1:]):
        assert later >= earlier, f"meter {number} runs backwards: {earlier} then {later}; ask the grid operator"
        used += later - earlier
    return used
