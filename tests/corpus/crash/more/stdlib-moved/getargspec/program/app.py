import json

import commands
from router import Router

router = Router()
router.register(commands.greet)
router.register(commands.repeat)


def main():
    print(router.call("greet", {"name": "Ann", "ignored": 1}))
    print(router.call("repeat", {"text": "ab", "times": 3}))
    print(json.dumps(router.describe(), sort_keys=True))


if __name__ == "__main__":
    main()
