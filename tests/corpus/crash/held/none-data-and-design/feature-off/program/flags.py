import json
from pathlib import Path


class FeatureDisabled(Exception):
    pass


_FLAGS = json.loads(Path(__file__).with_name("flags.json").read_text())


def requires(flag):
    def decorate(function):
        def checked(*args):
            if not _FLAGS.get(flag, {}).get("on", False):
                reason = _FLAGS.get(flag, {}).get("reason", "not decided yet")
                raise FeatureDisabled(f"{flag} is switched off: {reason}")
            return function(*args)
        return checked
    return decorate
