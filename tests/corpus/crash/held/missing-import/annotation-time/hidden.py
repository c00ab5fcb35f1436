import sys

sys.path.insert(0, ".")

import subprocess

from filters import chain

assert chain("mask", "upper")("a1") == "A*"
assert chain()("a  b") == "a  b"
done = subprocess.run([sys.executable, "app.py", "squeeze"], capture_output=True, text=True)
assert done.stdout == "card 4111 1111, thanks\n", done
