"""The installed Python and PySide6 survive many signals; one pair kills the process after some hundred."""

from __future__ import annotations

import subprocess
import sys

EMITS = """
from PySide6.QtCore import QObject, Signal

class Sender(QObject):
    sent = Signal(int)

received = 0

def receive(number: int) -> None:
    global received
    received += 1

sender = Sender()
sender.sent.connect(receive)
for number in range(200_000):
    sender.sent.emit(number)
    sender.setObjectName("")
print(received)
"""


def test_200_000_signals_are_received_and_the_process_lives() -> None:
    done = subprocess.run([sys.executable, "-c", EMITS], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "200000"
