import sys

sys.path.insert(0, ".")

import subprocess

done = subprocess.run([sys.executable, "app.py"], capture_output=True, text=True)
assert (done.returncode, done.stdout) == (0, "mail [INFO]\nsms [INFO]\n"), done
done = subprocess.run([sys.executable, "-c", "import settings, plugins; print(settings.ENABLED, settings.DEFAULT_LEVEL, plugins.LEVEL)"], capture_output=True, text=True)
assert done.stdout.strip() == "['mail', 'sms'] info INFO", done
