"""``python -m o365skype_bridge``."""

from o365skype_bridge.cli.entry import run

if __name__ == "__main__":
    run()
