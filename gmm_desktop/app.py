"""Builds the window and connects its parts; nothing else."""

from __future__ import annotations

import gc
import sys
import threading
import traceback
from collections.abc import Callable
from dataclasses import replace
from functools import cache, partial
from types import TracebackType

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut

from gmm_desktop import options
from gmm_desktop.data import DataError
from gmm_desktop.session import Session
from gmm_desktop.ui import (
    comparing,
    files,
    garbage,
    keeping,
    memory,
    overrides,
    painting,
    recent,
    recent_menu,
    reports,
    screen,
    using,
)
from gmm_desktop.ui.icons import application_icon
from gmm_desktop.ui.main_window import MainWindow
from gmm_desktop.ui.panels.components_panel import ComponentsPanel
from gmm_desktop.ui.panels.curves_panel import CurvesPanel
from gmm_desktop.ui.panels.data_panel import DataPanel
from gmm_desktop.ui.panels.display_panel import DisplayPanel
from gmm_desktop.ui.panels.fit_panel import FitPanel, StopPanel
from gmm_desktop.ui.panels.formulas_panel import FormulasPanel
from gmm_desktop.ui.panels.hall_panel import HallPanel
from gmm_desktop.ui.panels.playback_panel import PlaybackPanel
from gmm_desktop.ui.panels.plot_panel import PlotPanel
from gmm_desktop.ui.panels.point_panel import PointPanel
from gmm_desktop.ui.panels.runs_panel import RunsPanel

_SWITCH_INTERVAL = 5e-4
"""Seconds between changes of threads: a worker in pure Python must not starve the window."""

_SETTLED_MILLISECONDS = 1000


def create_window(arguments: list[str]) -> MainWindow:
    """The main window, shown, in the state that the command line's arguments ask for.

    Makes the QApplication where there is none.

    Raises:
        SystemExit: the arguments are not understood (status 2), after a sentence on standard error.
    """
    application = screen.application()
    application.setApplicationName("GMM Desktop")
    application.setDesktopFileName("gmm-desktop")
    application.setWindowIcon(application_icon())
    sys.setswitchinterval(_SWITCH_INTERVAL)
    garbage.install(application)
    overrides.make_exceptions_whole()
    wanted = options.parse(arguments)
    problem = ""
    try:
        first = options.parse([]) if wanted.is_session else replace(wanted, use=None)
        dataset, settings, start = first.load()
    except (DataError, ValueError) as error:
        problem = str(error)
        dataset, settings, start = options.parse([]).load()
    session = Session(dataset, settings, start)
    application.aboutToQuit.connect(session.close)
    unreadable = memory.look_through()
    window = MainWindow(session, memory.theme_choice())
    session.setParent(window)
    reports.begin(window)
    _wire(session, window)
    _catch_exceptions(window)
    keeping.install(window, wanted, offers=not arguments)
    window.show_snapshot(session.snapshot())
    window.show()
    QTimer.singleShot(_SETTLED_MILLISECONDS, window, _spare_the_start)
    recent_menu.install(window)
    if problem:
        window.notices.tell(problem)
    elif wanted.data not in (None, "-") and not wanted.is_session:
        recent.DATA.add(wanted.data)
    if unreadable:
        window.notices.tell_in_turn(unreadable)
    if wanted.use is not None:
        using.use(window, wanted.use)
    if wanted.run and not wanted.is_session:
        QTimer.singleShot(0, session, session.play)
    return window


@cache
def _spare_the_start() -> None:
    """What the start of the program has made lives as long as it does: looking through it for garbage, whenever other
    work makes many objects, takes longer than a frame. Once in a process, so that closed windows are still found."""
    gc.freeze()


def _wire(session: Session, window: MainWindow) -> None:
    """Verbs from the panels to the session, snapshots from the session to the window."""
    session.changed.connect(window.show_snapshot)
    session.crashed.connect(lambda details: _tell_crash(window, details))
    window.panel(DataPanel).sample_chosen.connect(lambda sample: files.load_sample(window, sample))
    window.panel(DataPanel).sample_wanted.connect(lambda size, seed: files.draw_anew(window, size, seed))
    window.panel(DataPanel).other_way_wanted.connect(lambda: files.reopen(window))
    window.panel(DataPanel).generate_wanted.connect(window.actions_by_id["file.generate"].trigger)
    window.panel(DataPanel).columns_chosen.connect(lambda fitted, shown: files.change_columns(window, fitted, shown))
    window.panel(FitPanel).edited.connect(lambda name, value: _change(session, window.panel(FitPanel), name, value))
    window.panel(StopPanel).edited.connect(lambda name, value: _change(session, window.panel(StopPanel), name, value))
    window.panel(FitPanel).new_start_wanted.connect(session.new_start)
    for shown in (window.panel(PlotPanel).plot, window.panel(CurvesPanel)):
        window.panel(DisplayPanel).changed.connect(shown.set_options)
        shown.set_options(window.panel(DisplayPanel).options)
    window.panel(DisplayPanel).changed.connect(lambda _: window.show_snapshot(session.snapshot()))
    window.panel(PlaybackPanel).iteration_chosen.connect(
        lambda t, dragged: session.show_iteration(t, onward=not dragged)
    )
    window.panel(PlaybackPanel).rate_chosen.connect(session.set_rate)
    window.panel(CurvesPanel).iteration_chosen.connect(lambda t: session.show_iteration(t, onward=False))
    window.panel(CurvesPanel).setting_chosen.connect(
        lambda name, value: _change(session, window.panel(StopPanel), name, value)
    )
    window.panel(ComponentsPanel).component_selected.connect(session.select)
    pointing = window.panel(PlotPanel).pointing
    pointing.changed.connect(window.panel(PointPanel).show_target)
    pointing.changed.connect(window.panel(FormulasPanel).show_target)
    window.panel(PointPanel).unpin_wanted.connect(pointing.unpin)
    window.installEventFilter(window.notices)
    window.installEventFilter(pointing)  # comes first
    _wire_hands(session, window)
    painting.wire(window)
    hall = window.panel(HallPanel)
    hall.ahead_wanted.connect(session.look_ahead)
    hall.reveal_wanted.connect(session.half_step)
    hall.left.connect(window.panel(PlotPanel).plot.setFocus)
    hall.noted.connect(session.note_hall)
    hall.next_wanted.connect(window.actions_by_id["view.ask"].trigger)
    hall.point_asked.connect(window.panel(PlotPanel).plot.ring.show)
    window.panel(RunsPanel).run_chosen.connect(session.show_run)
    window.panel(RunsPanel).run_named.connect(session.name_run)
    window.panel(RunsPanel).run_unwanted.connect(lambda run: _delete_run(window, run))
    window.panel(RunsPanel).selection_changed.connect(lambda: comparing.follow_selection(window))
    window.panel(PlotPanel).plot.view_box.sigRangeChangedManually.connect(lambda *_: session.make_room())
    for k in range(1, 10):
        _plot_key(window, str(k), partial(session.change_settings, components=k))
    _plot_key(window, "Left", session.back)
    _plot_key(window, "Right", session.step)


def _wire_hands(session: Session, window: MainWindow) -> None:
    """What is done by hand in the plot."""
    placing = window.panel(PlotPanel).plot.placing
    placing.sketched.connect(session.sketch)
    placing.placed.connect(session.place)
    placing.accepted.connect(session.accept)
    placing.restored.connect(session.restore)
    placing.left.connect(lambda: session.set_editing(False))
    guessing = window.panel(PlotPanel).plot.guessing
    guessing.moved.connect(session.move_guess)
    guessing.chosen.connect(session.guess_component)
    guessing.revealed.connect(session.half_step)
    guessing.left.connect(session.end_guess)
    placing.refused.connect(lambda sentence: window.notices.tell(sentence, passing=True))


def _delete_run(window: MainWindow, run: int) -> None:
    """Delete a run; the only one stays, and a sentence says so."""
    try:
        window.session.delete_run(run)
    except ValueError as error:
        window.notices.tell(str(error), passing=True)


def _plot_key(window: MainWindow, keys: str, act: Callable[[], object]) -> None:
    """A key that works while the plot has the focus."""
    shortcut = QShortcut(QKeySequence(keys), window.panel(PlotPanel).plot)
    shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
    shortcut.activated.connect(act)


def _change(session: Session, panel: FitPanel | StopPanel, name: str, value: object) -> None:
    """A setting from a form; one that cannot be is told there, and the old one stays."""
    try:
        session.change_settings(**{name: value})
    except ValueError as error:
        panel.show_error(str(error))
        session.touch()
    else:
        panel.show_error("")


class _Reporter(QObject):
    """Carries exceptions of other threads to the window's."""

    met = Signal(str)


def _catch_exceptions(window: MainWindow) -> None:
    """An exception that nobody foresaw is shown with its details, and the program goes on."""
    reporter = _Reporter(window)
    reporter.met.connect(lambda details: _tell_crash(window, details))

    def report(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        details = "".join(traceback.format_exception(kind, error, trace))
        print(details, file=sys.stderr)
        reporter.met.emit(details)

    before, threads_before = sys.excepthook, threading.excepthook
    sys.excepthook = report
    threading.excepthook = lambda args: report(args.exc_type, args.exc_value or args.exc_type(), args.exc_traceback)

    def restore() -> None:
        sys.excepthook, threading.excepthook = before, threads_before

    window.destroyed.connect(restore)


def _tell_crash(window: MainWindow, details: str) -> None:
    window.notices.tell(
        "Something went wrong that this program did not foresee. Your data and runs are still here; "
        "the details can be copied and sent to its authors.",
        details=details,
    )
