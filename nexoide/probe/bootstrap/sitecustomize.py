"""First thing that a supervised Python program runs: loads the probe, then the sitecustomize that this one shadows.

Parsed by whatever interpreter the program or its children use, Python 2 included, hence no annotations here. Nothing of
nexoide is put on the program's path: the probe is loaded from its files under a private name, and this folder is removed.
"""

import os
import sys


def _load_probe(here):  # type: (str) -> None
    # The parts of importlib.util that are frozen into the interpreter: importlib.util itself costs 3.9 a quarter more start-up.
    from _frozen_importlib import module_from_spec
    from _frozen_importlib_external import spec_from_file_location

    folder = os.path.dirname(here)
    spec = spec_from_file_location("_nexoide_probe", os.path.join(folder, "__init__.py"), submodule_search_locations=[folder])
    if spec is None or spec.loader is None:
        return
    package = module_from_spec(spec)
    sys.modules["_nexoide_probe"] = package
    spec.loader.exec_module(package)
    from _nexoide_probe.start import start  # type: ignore[import-not-found]

    start()


def _chain():  # type: () -> None
    mine = sys.modules.pop("sitecustomize", None)
    try:
        import sitecustomize  # type: ignore[import-not-found,unused-ignore] # noqa: F401
    except ImportError as error:
        if getattr(error, "name", "sitecustomize") != "sitecustomize":
            raise
    finally:
        if mine is not None:
            sys.modules.setdefault("sitecustomize", mine)


def _main():  # type: () -> None
    here = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [entry for entry in sys.path if os.path.abspath(entry or os.curdir) != here or not entry]
    wanted = os.environ.get("NEXOIDE_PROBE_SOCKET") or os.environ.get("NEXOIDE_PROBE", "").lower() not in ("", "0", "no", "off", "false")
    if wanted and sys.version_info >= (3, 9) and "_nexoide_probe" not in sys.modules:
        try:
            _load_probe(here)
        except Exception:  # the boundary: whatever ails the probe, the program runs as if alone
            if os.environ.get("NEXOIDE_PROBE_DEBUG"):
                sys.excepthook(*sys.exc_info())
    _chain()


if __name__ == "sitecustomize":
    _main()
