"""Runs the cases of programs under one interpreter (3.9 and later) and prints what three sources see of each: a line of JSON each.

    python driver.py PROBE SENTRY REPEATS PROGRAM…

PROBE is the folder that holds the probe's package, SENTRY one with sentry-sdk or "-", each PROGRAM a folder with cases.py.
"""

import faulthandler
import json
import os
import sys
import traceback
import warnings

DEPTH = 250  # a recursion without end is the same at any depth, and sooner there
ROOM = 2000
SENTRY_OPTIONS = {"include_local_variables": False, "include_source_context": True, "max_value_length": None, "custom_repr": None}


def capture(error, entries, probe, sentry):
    """Return what the probe, a printed traceback and sentry-sdk say of an exception; `entries` is its traceback without this file."""
    error = error.with_traceback(entries)
    sys.setrecursionlimit(ROOM)
    text = "".join(traceback.format_exception(type(error), error, entries))
    event = sentry(error, SENTRY_OPTIONS)[0] if sentry is not None else None
    seen = {"probe": probe(error, entries, "main", "MainThread"), "printed": text, "sentry": event}
    sys.setrecursionlimit(DEPTH)
    return seen


def run(folder, repeats, probe, sentry, out):
    """Call every case of one program."""
    sys.path.insert(0, folder)
    known = set(sys.modules)
    import cases

    for name in [name for name in vars(cases) if "__" in name and not name.startswith("_")]:
        group, _, variant = name.partition("__")
        for number in range(1, repeats + 1):
            try:
                getattr(cases, name)(number)
            except BaseException as error:
                seen = capture(error, error.__traceback__.tb_next, probe, sentry)
                out.write(json.dumps({"group": group, "variant": variant, "number": number, **seen}, default=str) + "\n")
            else:
                out.write(json.dumps({"problem": f"{name} of {folder} did not fail"}) + "\n")
    sys.path.remove(folder)
    for name in set(sys.modules) - known:  # the next program has a module cases of its own
        file = getattr(sys.modules[name], "__file__", None) or ""
        if file.startswith(folder + os.sep):
            del sys.modules[name]


def main():
    """Run the programs that are named."""
    warnings.simplefilter("ignore")
    faulthandler.dump_traceback_later(100, exit=True, file=os.fdopen(os.dup(2), "w"))
    sys.setrecursionlimit(DEPTH)
    place, sentry_place, repeats = sys.argv[1], sys.argv[2], int(sys.argv[3])
    sys.path.insert(0, place)
    from probe.capture import failure

    sentry = None
    if sentry_place != "-":
        sys.path.insert(0, sentry_place)
        from sentry_sdk.utils import event_from_exception

        sentry = event_from_exception
    sys.path.remove(place)
    with os.fdopen(os.dup(1), "w") as out:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        quiet = os.dup(2)
        os.dup2(1, 2)
        try:
            for folder in sys.argv[4:]:
                out.write(json.dumps({"program": folder}) + "\n")
                run(folder, repeats, failure, sentry, out)
        except BaseException:
            os.dup2(quiet, 2)
            raise


if __name__ == "__main__":
    main()
