"""Content that is lower where it is narrower, in an area that shows a scroll bar where it is too high."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import os
from PySide6.QtCore import QEvent, QObject, QSize
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QSizePolicy, QVBoxLayout, QWidget
from gmm_desktop.ui.scrolling import ScrollArea

application = QApplication([])


class Formula(QWidget):
    high = 100

    def sizeHint(self):
        return QSize(0, self.high)

    def resizeEvent(self, event):
        self.high = 500 if self.width() >= 300 else 100
        self.updateGeometry()


class Counts(QObject):
    events = 0

    def eventFilter(self, watched, event):
        self.events += 1
        return False


content, formula = QWidget(), Formula()
formula.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
rows = QVBoxLayout(content)
rows.setContentsMargins(0, 0, 0, 0)
rows.addWidget(formula)
rows.addStretch(1)
area = ScrollArea(content)
area.resize(305, 300)
area.show()
QTest.qWait(50)
counts = Counts()
application.installEventFilter(counts)
QTest.qWait(200)
quiet = counts.events < 500
area.resize(200, 300)
QTest.qWait(50)
print(quiet, area.verticalScrollBar().isVisible(), flush=True)
os._exit(0)
"""


def test_the_bar_that_would_come_and_go_for_ever_stays() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout.split()) == (0, ["True", "False"]), done.stderr
