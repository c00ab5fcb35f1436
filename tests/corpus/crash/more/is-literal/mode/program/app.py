from door import Door


def main():
    door = Door()
    door.handle("OPEN")
    door.handle("Shut ")
    assert door.log == ["opened", "shut"], door.log
    print(door.log)


main()
