"""Every menu entry, button and shortcut, as one table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu

from gmm_desktop.session import Snapshot
from gmm_desktop.session import conditions as can
from gmm_desktop.session.timeline import next_half
from gmm_desktop.ui import (
    comparing,
    data_out,
    dialogs,
    files,
    generating,
    painting,
    picturing,
    recent_menu,
    recent_sessions,
    repeating,
    reports,
    sessions,
    using,
)
from gmm_desktop.ui.captions import half_name
from gmm_desktop.ui.panels.components_panel import ComponentsPanel
from gmm_desktop.ui.panels.curves_panel import CurvesPanel
from gmm_desktop.ui.panels.display_panel import DisplayPanel
from gmm_desktop.ui.panels.formulas_panel import FormulasPanel
from gmm_desktop.ui.panels.hall_panel import HallPanel
from gmm_desktop.ui.panels.playback_panel import PlaybackPanel
from gmm_desktop.ui.panels.plot_panel import PlotPanel
from gmm_desktop.ui.theme import Theme, icon

if TYPE_CHECKING:
    from gmm_desktop.ui.main_window import MainWindow

Run = Callable[["MainWindow"], object]


@dataclass(frozen=True)
class Command:
    """One thing that a person can do.

    Attributes:
        id: the name of its QAction; what stands before the dot is its menu.
        text: in the menu; & marks the letter.
        shortcut: keys, several separated by " | ".
        run: does it.
        enabled: "" where it can be done now, or the sentence that says why not.
        tip: one sentence.
        icon: the icon's name, or "".
        checked: for a switch: whether it is on.
    """

    id: str
    text: str
    shortcut: str
    run: Run
    enabled: Callable[[Snapshot], str]
    tip: str
    icon: str = ""
    checked: Callable[[MainWindow], bool] | None = None


def _toggle_formulas(window: MainWindow) -> None:
    """Open or fold the card, and unfold its column where nobody would see it."""
    window.panel(FormulasPanel).toggle()
    if window.panel(FormulasPanel).opened and not window.has_column(2):
        window.toggle_column(2)


_PLACE, _PLACED = "&Place by hand", "&End placing by hand"
_PREDICT, _REVEAL = "&Predict the next mean", "&Reveal the mean"


def _ask(window: MainWindow) -> None:
    """Ask, or close the question that is still open; an answered one gives way to the next."""
    hall = window.panel(HallPanel)
    if hall.is_open:
        hall.close_question()
        return
    window.session.pause()
    hall.ask(window.session.snapshot(), window.panel(PlotPanel).plot.shown_ranges())


def _present(window: MainWindow, part: str) -> None:
    window.presentation.choose(part, not window.presentation.shows(part))
    refresh(window, window.session.snapshot())


# fmt: off
COMMANDS = (
    Command("file.open", "&Open …", "Ctrl+O", files.open_file, can.can_change, "Open a table of numbers: text, workbook, array and more.", "open"),
    Command("file.open_recent", "Open &recent", "Ctrl+R", recent_menu.pop_up, can.can_change, "Open one of the last ten files again."),
    Command("file.paste", "&Paste data", "Ctrl+V", files.paste, can.can_change, "Take a table from the clipboard, as copied from a spreadsheet."),
    Command("file.reopen", "C&hange how the data were read …", "Ctrl+I", files.reopen, can.can_reopen, "See the rows of the loaded file, and read it in another way."),
    Command("file.use_fit", "&Use a fit …", "Ctrl+Shift+O", using.use_fit, can.can_change, "Open a parameter file: label these data with it, or compare it."),
    Command("file.generate", "&Generate data …", "Ctrl+M", generating.generate, can.can_change, "Draw points from a mixture that you type, blobs, moons, rings, noise ..., with a preview."),
    Command("file.copy_data", "&Copy the data", "Ctrl+D", data_out.copy_data, can.can_take_data, "Copy the points with their columns' names, for a spreadsheet."),
    Command("file.save_data", "Save the da&ta …", "Ctrl+Shift+D", data_out.save_data, can.can_take_data, "Write the points as CSV, with every digit."),
    Command("file.save_session", "&Save session", "Ctrl+S", sessions.save, can.always, "Save everything, to go on another day."),
    Command("file.save_session_as", "Save session &as …", "Ctrl+Shift+S", sessions.save_as, can.always, "Save everything to another file."),
    Command("file.open_session", "Open sessio&n …", "Ctrl+L", sessions.open_session_file, can.can_change, "Go on from a session that was saved."),
    Command("file.recent_sessions", "R&ecent sessions", "Ctrl+Shift+L", recent_sessions.pop_up, can.can_change, "Sessions that were saved or opened lately, and work that was kept by itself."),
    Command("file.export_parameters", "Export para&meters …", "Ctrl+E", files.export_parameters, can.can_export, "Write the shown mixture to a file, with every digit.", "export"),
    Command("file.export_data", "Export labelled &data …", "Ctrl+Shift+E", files.export_data, can.can_export, "Write the data with label and responsibilities of each row."),
    Command("file.export_picture", "Export p&icture …", "Ctrl+P", picturing.export_picture, can.can_picture, "Write the plot as PNG, SVG or PDF, at screen or print size."),
    Command("file.export_animation", "Export a&nimation …", "Ctrl+Shift+P", files.export_animation, can.can_film, "Write the run as a film or as numbered pictures."),
    Command("file.export_report", "Export rep&ort …", "Ctrl+Shift+H", dialogs.export_report, can.can_export, "Write one page, HTML or PDF: data, settings, result, plots, command line."),
    Command("file.export_script", "Save as P&ython script …", "Ctrl+Shift+Y", repeating.export_script, can.can_repeat, "Write a script that repeats the shown fit to the same bits."),
    Command("file.quit", "&Quit", "Ctrl+Q", lambda window: window.close(), can.always, "Close the window."),
    Command("edit.undo", "&Undo", "Ctrl+Z", lambda window: window.session.undo(), can.can_undo, "Take the last change of data or settings back."),
    Command("edit.redo", "&Redo", "Ctrl+Shift+Z | Ctrl+Y", lambda window: window.session.redo(), can.can_redo, "Do again what was taken back."),
    Command("edit.place", _PLACE, "E", lambda window: window.session.set_editing(window.session.mode != "editing"), can.can_edit, "Drag, pull and turn components: a start, or a branch.", "hand", checked=lambda window: window.session.mode == "editing"),
    Command("edit.add_component", "&Add a component", "A | Ins", lambda window: window.panel(PlotPanel).plot.placing.add(), can.can_place, "By hand: one component more, where the mouse is."),
    Command("edit.remove_component", "Re&move the component", "Del", lambda window: window.panel(PlotPanel).plot.placing.remove(), can.can_place, "By hand: the component in hand goes."),
    Command("edit.paint", painting.PAINT, "D", painting.toggle, can.can_paint, "Put points down in the plot, and erase them.", "paint", checked=lambda window: window.session.mode == "painting"),
    Command("edit.canvas_2d", "New can&vas: two columns", "Ctrl+N", lambda window: painting.new_canvas(window, 2), can.can_change, "Paint on an empty plot, x and y from 0 to 10."),
    Command("edit.canvas_1d", "New canvas: &one column", "Ctrl+Shift+N", lambda window: painting.new_canvas(window, 1), can.can_change, "Paint on an empty axis from 0 to 10."),
    Command("edit.copy_table", "&Copy parameters", "Ctrl+Shift+C", lambda window: window.panel(ComponentsPanel).copy(), can.always, "Copy the table of parameters with every digit.", "copy"),
    Command("edit.copy_picture", "Copy p&icture", "Ctrl+Shift+G", picturing.copy_picture, can.can_picture, "Copy the plot as a picture."),
    Command("edit.copy_markdown", "Copy parameters as Mar&kdown", "Ctrl+Shift+M", lambda window: window.panel(ComponentsPanel).copy("markdown"), can.always, "Copy the table of parameters as Markdown, with every digit."),
    Command("edit.copy_latex", "Copy parameters as &LaTeX", "Ctrl+Shift+X", lambda window: window.panel(ComponentsPanel).copy("latex"), can.always, "Copy the table of parameters as LaTeX, with every digit."),
    Command("edit.copy_command", "Copy as command l&ine", "Ctrl+Shift+R", repeating.copy_command, can.can_repeat, "Copy a command that repeats the shown fit."),
    Command("edit.copy_script", "Copy as Python &script", "Ctrl+Shift+K", repeating.copy_script, can.can_repeat, "Copy a script that repeats the shown fit to the same bits."),
    Command("run.play", "Play", "Space", lambda window: window.session.toggle_play(), can.can_play, "Let EM run, or pause it.", "play"),
    Command("run.play_back", "Play back&wards", "R | Shift+Space", lambda window: window.session.toggle_back(), can.can_play_back, "Go back from here to the start, or pause it.", "play_back"),
    Command("run.loop", "L&oop", "L", lambda window: window.session.toggle_loop(), can.always, "Begin again where playing ends.", "loop", checked=lambda window: window.session.loops),
    Command("run.step", "&Step", "S | .", lambda window: window.session.step(), can.can_step, "One iteration forward.", "step"),
    Command("run.half_step", "&Half step", "H | PgDown", lambda window: window.session.half_step(), can.can_step, "Only the E-step, or only the M-step.", "half_step"),
    Command("run.half_back", "Half step b&ack", "Shift+H | PgUp", lambda window: window.session.half_back(), can.can_go_back, "The half step before."),
    Command("run.back", "Step &back", "B | ,", lambda window: window.session.back(), can.can_go_back, "One iteration back.", "step_back"),
    Command("run.reset", "&Reset to the start", "Home", lambda window: window.session.show_iteration(0), can.can_go_back, "Show the start; nothing is deleted.", "reset"),
    Command("run.end", "To the &end", "End", lambda window: window.session.to_end(), can.can_go_to_end, "To the last iteration, at full speed.", "end"),
    Command("run.go_on", "&Go on", "G", lambda window: window.session.go_on(), can.can_go_on, "Compute on, past the stop.", "go_on"),
    Command("run.predict", _PREDICT, "M", lambda window: window.session.predict(), can.can_predict, "Guess where the next mean goes, then reveal it.", "guess"),
    Command("run.new_start", "&New start", "N", lambda window: window.session.new_start(), can.can_start, "Begin from another start: the next seed.", "new_seed"),
    Command("run.try_starts", "Try 20 s&tarts", "Ctrl+T", lambda window: window.session.try_starts(), can.can_start, "Is it the best? Race 20 starts and show the best."),
    Command("run.faster", "&Faster", "+ | =", lambda window: window.panel(PlaybackPanel).change_speed(+1), can.always, "More iterations a second."),
    Command("run.slower", "S&lower", "-", lambda window: window.panel(PlaybackPanel).change_speed(-1), can.always, "Fewer iterations a second."),
    Command("view.fit_axes", "&Fit axes to the data", "0", lambda window: window.panel(PlotPanel).plot.fit_axes(), can.always, "Show all data again after zooming.", "fit_axes"),
    Command("view.contours", "Density &contours", "C", lambda window: window.panel(DisplayPanel).toggle("contours"), can.always, "Lines of equal density.", checked=lambda window: window.panel(DisplayPanel).options.contours),
    Command("view.trails", "&Trails of the means", "T", lambda window: window.panel(DisplayPanel).toggle("trails"), can.always, "The way of each mean since the start.", checked=lambda window: window.panel(DisplayPanel).options.trails),
    Command("view.truth", "Generating mixt&ure", "U", lambda window: window.panel(DisplayPanel).toggle("truth"), can.always, "The mixture that generated the data, dashed red.", checked=lambda window: window.panel(DisplayPanel).options.truth),
    Command("view.motion", "&Motion", "Shift+M", lambda window: window.panel(DisplayPanel).toggle("motion"), can.always, "After an M-step alone the components glide to where they are now.", checked=lambda window: window.panel(DisplayPanel).options.motion),
    Command("view.inspect_next", "Next p&oint", "]", lambda window: window.panel(PlotPanel).pointing.walk(+1), can.always, "Look at the next point to the right."),
    Command("view.inspect_previous", "Point &before", "[", lambda window: window.panel(PlotPanel).pointing.walk(-1), can.always, "Look at the next point to the left."),
    Command("view.formulas", "For&mulas", "F", _toggle_formulas, can.always, "Formulas of this half step, with numbers.", checked=lambda window: window.panel(FormulasPanel).opened),
    Command("view.log_likelihood", "Curve: log-&likelihood", "Ctrl+1", lambda window: window.panel(CurvesPanel).show_curve("log_likelihood"), can.always, "The log-likelihood of each iteration."),
    Command("view.bound", "Curve: &bound", "Ctrl+2", lambda window: window.panel(CurvesPanel).show_curve("bound"), can.always, "The evidence lower bound, half step by half step."),
    Command("view.gain", "Curve: &gain and tolerance", "Ctrl+3", lambda window: window.panel(CurvesPanel).show_curve("gain"), can.always, "What the stop rule looks at, and the tolerance."),
    Command("view.truth_curves", "Curve: fit and &truth", "Ctrl+4", lambda window: window.panel(CurvesPanel).show_curve("truth_curves"), can.always, "The fit beside the mixture that generated the data."),
    Command("view.fresh_sample", "Fresh &sample from the truth", "Shift+N", lambda window: window.panel(CurvesPanel).draw_fresh_sample(), can.can_compare, "Compare fit and truth on other points."),
    Command("view.compare", "Compare: lay a run &over this one", "V", lambda window: comparing.toggle(window, beside=False), can.can_compare_runs, "Lay another run over this one, dashed grey.", checked=lambda window: comparing.compares(window, beside=False)),
    Command("view.side_by_side", "Compare &side by side", "Shift+V", lambda window: comparing.toggle(window, beside=True), can.can_compare_runs, "Show another run beside it, on the same axes.", checked=lambda window: comparing.compares(window, beside=True)),
    Command("view.left", "&Left column", "F7", lambda window: window.toggle_column(0), can.always, "Show or hide data and settings.", "fold_left", checked=lambda window: window.has_column(0)),
    Command("view.right", "&Right column", "F8", lambda window: window.toggle_column(2), can.always, "Show or hide the results.", "fold_right", checked=lambda window: window.has_column(2)),
    Command("view.theme_system", "Colours of the s&ystem", "", lambda window: window.choose_theme("system"), can.always, "Light or dark as the system.", checked=lambda window: window.theme_choice == "system"),
    Command("view.theme_light", "L&ight", "", lambda window: window.choose_theme("light"), can.always, "Dark on light, for projectors.", checked=lambda window: window.theme_choice == "light"),
    Command("view.theme_dark", "&Dark", "", lambda window: window.choose_theme("dark"), can.always, "Light on dark.", checked=lambda window: window.theme_choice == "dark"),
    Command("view.presentation", "&Presentation", "F5 | F11 | P", lambda window: window.presentation.toggle(), can.always, "The plot in sizes that the last row reads.", "present", checked=lambda window: window.presentation.is_on),
    Command("view.presentation_controls", "P&layback in the presentation", "F9", lambda window: _present(window, "controls"), can.always, "Show or hide the playback in the presentation.", checked=lambda window: window.presentation.shows("controls")),
    Command("view.presentation_curve", "Cur&ve in the presentation", "F10", lambda window: _present(window, "curve"), can.always, "Show or hide the curve in the presentation.", checked=lambda window: window.presentation.shows("curve")),
    Command("view.ask", "Ask the &hall", "Q", _ask, can.can_ask, "A question about the next half step, a show of hands, the answer."),
    Command("help.shortcuts", "&Keys", "F1 | ?", dialogs.show_shortcuts, can.always, "All keys on one page."),
    Command("help.log", "Show the &log", "", reports.show_log, can.always, "Open the folder of the log, which holds no data."),
    Command("help.report", "Copy a &report", "", reports.copy_report, can.always, "Copy versions, the last crash and the end of the log, to send to the authors."),
    Command("help.about", "&About", "", dialogs.show_about, can.always, "Version and licence."),
)
# fmt: on

_SEPARATED = {"file.copy_data", "file.save_session", "file.export_parameters", "file.quit", "edit.place",
              "edit.paint", "edit.copy_table", "run.predict", "run.new_start", "run.faster", "view.inspect_next",
              "view.log_likelihood", "view.compare", "view.left", "view.theme_system", "view.presentation",
              "help.log"}  # fmt: skip
"""Commands that begin a new group in their menu."""


def install(window: MainWindow) -> dict[str, QAction]:
    """Make a QAction of every command, as a child of the window, and the menus."""
    actions: dict[str, QAction] = {}
    menus: dict[str, QMenu] = {}
    for command in COMMANDS:
        action = QAction(command.text, window)
        action.setObjectName(command.id)
        action.setShortcuts([QKeySequence(keys) for keys in command.shortcut.split(" | ") if keys])
        action.setCheckable(command.checked is not None)
        action.triggered.connect(lambda _checked, command=command: _do(window, command))
        name = command.id.partition(".")[0]
        if name not in menus:
            menus[name] = window.menuBar().addMenu(f"&{name.capitalize()}")
        if command.id in _SEPARATED:
            menus[name].addSeparator()
        menus[name].addAction(action)
        window.addAction(action)
        actions[command.id] = action
    return actions


def _do(window: MainWindow, command: Command) -> None:
    """What could be done when the last frame was drawn may be out of date."""
    snapshot = window.session.snapshot()
    if command.enabled(snapshot):
        window.show_snapshot(snapshot)
    else:
        command.run(window)


def refresh(window: MainWindow, snapshot: Snapshot) -> None:
    """Enable what can be done now; what cannot says why."""
    running = can.is_running(snapshot)
    for command in COMMANDS:
        action = window.actions_by_id[command.id]
        reason = command.enabled(snapshot)
        action.setEnabled(not reason)
        tip = _tip(command.tip, command.shortcut, reason)
        if action.toolTip() != tip:
            action.setToolTip(tip)
            action.setStatusTip(tip.replace("\n", " "))
        if command.checked is not None:
            action.setChecked(command.checked(window))
    _name_acts(window.actions_by_id, snapshot)
    name = half_name(next_half(snapshot.frame).phase, snapshot.settings)
    window.actions_by_id["run.half_step"].setText(f"&Half step: {name}")
    window.actions_by_id["run.half_step"].setIconText(name)
    window.actions_by_id["edit.place"].setText(_PLACED if snapshot.mode == "editing" else _PLACE)
    painting.name_command(window, snapshot)
    guesses = snapshot.guess is not None and not snapshot.guess.revealed
    window.actions_by_id["run.predict"].setText(_REVEAL if guesses else _PREDICT)
    play = window.actions_by_id["run.play"]
    word = "Pause" if running else "Play"
    if play.text() != word:
        play.setText(word)
        tint_play(play, window.theme, window.presentation.scale)


def _name_acts(actions: dict[str, QAction], snapshot: Snapshot) -> None:
    for name, act in (("undo", snapshot.undo), ("redo", snapshot.redo)):
        text = f"&{name.capitalize()}: {act}" if act else f"&{name.capitalize()}"
        actions[f"edit.{name}"].setText(text)


def tint(actions: dict[str, QAction], theme: Theme, scale: float = 1.0) -> None:
    """Give the actions their icons in the theme's colours, good for buttons of that scale."""
    for command in COMMANDS:
        if command.icon and command.id != "run.play":
            actions[command.id].setIcon(icon(command.icon, theme.text, scale))
    tint_play(actions["run.play"], theme, scale)


def tint_play(action: QAction, theme: Theme, scale: float = 1.0) -> None:
    """Play's icon follows its word."""
    action.setIcon(icon(action.text().lower(), theme.on_accent, scale))


@lru_cache(maxsize=256)
def _tip(tip: str, shortcut: str, reason: str) -> str:
    keys = QKeySequence(shortcut.split(" | ")[0]).toString(QKeySequence.SequenceFormat.NativeText)
    first = f"{tip.rstrip('.')} ({keys})." if keys else tip
    return f"{first}\n{reason}" if reason else first
