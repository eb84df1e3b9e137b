"""A frame of a film: what the window shows of one step, drawn off screen."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QImage, QPainter

from gmm_desktop.session.snapshot import Snapshot
from gmm_desktop.ui.captions import caption, half_name
from gmm_desktop.ui.palette import rgb
from gmm_desktop.ui.short_names import seen
from gmm_desktop.ui.theme import BODY, CAPTION, HEADING, LIGHT, SMALL, Theme, component_colour, font
from gmm_desktop.ui.views import DataPlot, LogLikelihoodPlot, ViewOptions
from gmm_desktop.ui.views.content import cloud
from gmm_desktop.ui.views.plot import ThemedPlot

_GAP = 12
_CURVE_SHARE = 0.27  # of a frame's height
_ROOM_FOR_WORD = 150  # pixels of height that the whole word "log-likelihood" needs beside the curve
_DESKTOP = (1280, 720)  # the frame at which type is as large as on a desktop; it grows with larger ones
_HALL_ROWS = 480  # with the smallest type of 12 pixels at this height, it is a fortieth of it
_LEAST_HALL_SCALE = 1.3
_FORMAT = QImage.Format.Format_RGB32


@dataclass(frozen=True)
class FilmLook:
    """How the frames of a film look.

    Attributes:
        width, height: in pixels.
        theme: the colours.
        options: how the data plot is drawn.
        hall: whether type and lines are large enough for the last row of a lecture hall.
    """

    width: int
    height: int
    theme: Theme = LIGHT
    options: ViewOptions = field(default_factory=ViewOptions)
    hall: bool = False

    @property
    def scale(self) -> float:
        """The factor of the type scale."""
        if self.hall:
            return max(self.height / _HALL_ROWS, _LEAST_HALL_SCALE)
        return max(min(self.width / _DESKTOP[0], self.height / _DESKTOP[1]), 1.0)

    def exact_colours(self, components: int) -> tuple[tuple[int, int, int], ...]:
        """What a palette of few colours must not touch: the theme's colours and those of so many components."""
        theme = self.theme
        named = [theme.card, theme.text, theme.muted, theme.axis, theme.accent, theme.points, theme.truth]
        named += [component_colour(theme, c) for c in range(components)]
        return tuple(rgb(colour) for colour in dict.fromkeys(named))


def title(snapshot: Snapshot) -> str:
    """ "step: 3", and after a half step which one it was."""
    half = f", {half_name(snapshot.phase, snapshot.settings)}" if snapshot.halves else ""
    return f"step: {snapshot.iteration}{half}"


class FilmView:
    """Draws one frame after the other with the same two plots, so that what is counted and laid out once stays.

    It lives in the window's thread; ``close`` lets the plots go.
    """

    def __init__(self, look: FilmLook, *, waits: bool) -> None:
        """Args:
            look: how frames look.
            waits: whether ``draw`` counts many points at once, however long that takes, or in the background.

        Raises:
            ValueError: a frame would have no pixels or more than memory holds.
        """
        self._look = look
        image = QImage(look.width, look.height, _FORMAT)
        if image.isNull():
            raise ValueError(f"A film of {look.width} x {look.height} pixels cannot be made.")
        self._image = image
        self._waits = waits
        self._data = DataPlot()
        self._data.set_options(replace(look.options, motion=False))  # a frame shows where an M-step arrives
        self._curve = LogLikelihoodPlot(looks_ahead=False)
        self._curve.set_truth_shown(look.options.truth)
        self._title, self._caption, data, curve = self._places()
        if curve.height() < _ROOM_FOR_WORD * look.scale:
            self._curve.y_axis.set_title("log L")
        self._plots = ((self._data, data), (self._curve, curve))
        for plot, place in self._plots:
            _set_up(plot, place, look)

    def draw(self, snapshot: Snapshot) -> bytes | None:
        """The pixels of a snapshot's frame, row by row, four bytes each: blue, green, red, and one without a meaning.

        None: the points are still being counted; ask again a little later.
        """
        painter = QPainter(self._image)
        painter.fillRect(self._image.rect(), QColor(self._look.theme.card))
        self._draw_words(painter, snapshot)
        for plot, place in self._plots:
            if plot is self._data and self._waits:
                self._count_at_once(snapshot)
                self._curve.compute_truth(snapshot)
            plot.show_snapshot(snapshot)
            plot.render(painter, QRectF(place), QRect(0, 0, place.width(), place.height()))
        painter.end()
        return None if self._data.is_counting or self._curve.is_computing else bytes(self._image.constBits())

    def _count_at_once(self, snapshot: Snapshot) -> None:
        if self._data.cloud is None:
            self._data.show_prepared(snapshot, cloud(snapshot.dataset, snapshot.columns))
        work = self._data.work_before_painting(1.0)
        if work is not None:
            work()

    def close(self) -> None:
        """Nothing more is drawn."""
        for plot, _ in self._plots:
            plot.hide()
            plot.deleteLater()

    def _places(self) -> tuple[QRect, QRect, QRect, QRect]:
        """Where title, caption, data and curve are."""
        scale, width, height = self._look.scale, self._look.width, self._look.height
        gap = round(_GAP * scale)
        title = QRect(gap, gap, width - 2 * gap, QFontMetrics(font(HEADING, scale, bold=True)).height())
        rows = 2 * QFontMetrics(font(self._caption_sizes()[0], scale)).lineSpacing()
        caption = QRect(gap, title.bottom() + 1 + gap // 3, width - 2 * gap, rows)
        curve = QRect(0, 0, width - gap, round(_CURVE_SHARE * height))
        curve.moveBottomLeft(QRect(0, 0, width, height - gap // 2).bottomLeft())
        top = caption.bottom() + 1
        return title, caption, QRect(0, top, width - gap, curve.top() - top), curve

    def _caption_sizes(self) -> tuple[int, ...]:
        return (HEADING, CAPTION, BODY) if self._look.hall else (CAPTION, 14, SMALL)

    def _draw_words(self, painter: QPainter, snapshot: Snapshot) -> None:
        look, place = self._look, self._title
        painter.setPen(QColor(look.theme.text))
        painter.setFont(font(HEADING, look.scale, bold=True))
        words = title(snapshot)
        painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, words)
        taken = painter.fontMetrics().horizontalAdvance(words) + 2 * place.left()
        text = caption(snapshot, invites=False)
        painter.setFont(_fitting(text, self._caption, self._caption_sizes(), look.scale))
        painter.drawText(self._caption, int(Qt.TextFlag.TextWordWrap), text)
        painter.setPen(QColor(look.theme.muted))
        painter.setFont(font(BODY, look.scale))
        source = painter.fontMetrics().elidedText(
            seen(snapshot.dataset.source[:200]), Qt.TextElideMode.ElideRight, place.width() - taken
        )
        painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, source)


def _set_up(plot: ThemedPlot, place: QRect, look: FilmLook) -> None:
    plot.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
    plot.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, False)
    plot.viewport().setUpdatesEnabled(False)  # it is painted here, and for no screen
    plot.setMinimumSize(1, 1)
    plot.resize(place.size())
    plot.set_theme(look.theme)
    plot.set_scale(look.scale)
    plot.show()


def _fitting(text: str, place: QRect, sizes: tuple[int, ...], scale: float) -> QFont:
    """The largest font in which a text fits its place, or the smallest there is."""
    for size in sizes:
        wanted = font(size, scale)
        needed = QFontMetrics(wanted).boundingRect(place, int(Qt.TextFlag.TextWordWrap), text)
        if needed.height() <= place.height():
            break
    return wanted
