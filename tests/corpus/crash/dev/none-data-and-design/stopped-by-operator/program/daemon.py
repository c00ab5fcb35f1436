import threading

from loop import Loop
from operator_console import press_ctrl_c


def main():
    loop = Loop(interval=0.05)
    threading.Timer(0.3, press_ctrl_c).start()
    loop.run()


if __name__ == "__main__":
    main()
