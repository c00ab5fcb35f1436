import sys

sys.path.insert(0, ".")

import subprocess

done = subprocess.run([sys.executable, "app.py"], capture_output=True, text=True)
assert (done.returncode, done.stdout.splitlines()) == (0, ["nothing to do", "+ milk", "+ bread", "- milk", "bread", "unknown: dance"]), done
done = subprocess.run([sys.executable, "-c", "import app; from handlers import handle; print(handle('add x')); print(handle('ls'), app.ALIASES['rm'])"], capture_output=True, text=True)
assert done.stdout.splitlines() == ["+ x", "x remove"], done
done = subprocess.run([sys.executable, "-c", "import app; app.main(['add y', 'ls'])"], capture_output=True, text=True)
assert done.stdout.splitlines() == ["+ y", "y"], done
