from robot import Arm


def run():
    arm = Arm()
    arm.angle = 45
    arm.grip = True
    arm.angle = 45
    arm.angle = 90
    return arm


def main():
    arm = run()
    print(arm.changes)
    assert arm.angle == 90


if __name__ == "__main__":
    main()
