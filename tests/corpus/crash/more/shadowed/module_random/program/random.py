"""Small demo helpers kept from the first prototype."""


def coin():
    return "heads"
