"""Light and dark: every colour and size that the window and its pictures use.

No style sheets: they cascade into buttons and break the arrows of spin boxes. Widgets take their colours from the
application's palette; the plots, which ignore it, take them from the theme.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication, QToolTip

from gmm_desktop.ui.icons import icon
from gmm_desktop.ui.palette import (
    COMPONENT_COLOURS,
    component_dashes,
    component_letter,
    component_name,
    mixed,
)

__all__ = [
    "BODY",
    "CAPTION",
    "DARK",
    "HEADING",
    "LIGHT",
    "SMALL",
    "THEMES",
    "Theme",
    "apply",
    "component_colour",
    "component_dashes",
    "component_letter",
    "component_name",
    "font",
    "icon",
    "primary_palette",
    "system_theme",
    "theme_of",
]

# The type scale, in pixels at a factor of one.
SMALL, BODY, CAPTION, HEADING = 12, 13, 16, 20


@dataclass(frozen=True)
class Theme:
    """The colours of one theme, all "#rrggbb".

    Attributes:
        name: "light" or "dark".
        window: behind the cards.
        card: cards, and the background of the plots.
        border: the edge of cards and controls.
        control: buttons.
        field: text fields, lists, tables.
        text: words and numbers; also the mixture's curve and the crosses of the means.
        muted: headings of cards, units, axis titles.
        accent: what can be pressed, and nothing else.
        on_accent: text and icons on ``accent``.
        axis: axis lines and ticks.
        points: points and bars that belong to nobody yet; the grey that uncertainty fades to.
        bars: the histogram before the first E-step.
        truth: the generating mixture, always dashed and cased.
        warning: a sentence that needs attention.
    """

    name: str
    window: str
    card: str
    border: str
    control: str
    field: str
    text: str
    muted: str
    accent: str
    on_accent: str
    axis: str
    points: str
    bars: str
    truth: str
    warning: str


LIGHT = Theme(
    name="light",
    window="#f3f5f7",
    card="#ffffff",
    border="#d9dee4",
    control="#ffffff",
    field="#ffffff",
    text="#15191e",
    muted="#55606c",
    accent="#1559c7",
    on_accent="#ffffff",
    axis="#6d7884",
    points="#8f979f",
    bars="#c3c9cf",
    truth="#e0001b",
    warning="#8a4b00",
)
DARK = Theme(
    name="dark",
    window="#14171b",
    card="#1c2026",
    border="#343b44",
    control="#2a3038",
    field="#161a1f",
    text="#eef1f4",
    muted="#a3adb8",
    accent="#6aa5ff",
    on_accent="#0b1524",
    axis="#8a95a1",
    points="#8b939c",
    bars="#4d555e",
    truth="#ff5a5f",
    warning="#ffc069",
)
THEMES = {"light": LIGHT, "dark": DARK}


def component_colour(theme: Theme, index: int) -> str:
    """The colour of component ``index`` (from 0) in a theme, as "#rrggbb"."""
    colour = COMPONENT_COLOURS[index % len(COMPONENT_COLOURS)]
    return colour.dark if theme.name == "dark" else colour.light


def system_theme(application: QApplication) -> Theme:
    """The theme that the desktop asks for; where it does not say, that of the palette it gave."""
    scheme = application.styleHints().colorScheme()
    if scheme == Qt.ColorScheme.Unknown:
        lightness = application.style().standardPalette().color(QPalette.ColorRole.Window).lightness()
        return DARK if lightness < 128 else LIGHT
    return DARK if scheme == Qt.ColorScheme.Dark else LIGHT


def theme_of(choice: str, application: QApplication) -> Theme:
    """The theme for a choice of "light", "dark" or "system"."""
    return THEMES.get(choice) or system_theme(application)


def apply(application: QApplication, theme: Theme, scale: float = 1.0) -> None:
    """Give the whole application a theme's colours and the type scale times ``scale``."""
    if application.style().name() != "fusion":
        application.setStyle("Fusion")
    application.setPalette(_palette(theme))
    QToolTip.setPalette(_palette(theme))
    application.setFont(font(BODY, scale))


def font(size: int, scale: float = 1.0, *, bold: bool = False, base: QFont | None = None) -> QFont:
    """The application's font at ``size`` (of the type scale) times ``scale`` pixels."""
    result = QFont(base) if base is not None else QApplication.font()
    result.setPixelSize(max(1, round(size * scale)))
    result.setBold(bold)
    return result


def primary_palette(theme: Theme) -> QPalette:
    """The palette of the one button that matters most (Play): the accent, filled."""
    palette = _palette(theme)
    palette.setColor(QPalette.ColorRole.Button, QColor(theme.accent))
    palette.setColor(QPalette.ColorRole.ButtonText, QColor(theme.on_accent))
    off = mixed(theme.accent, theme.card, 0.55)
    palette.setColor(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Button, QColor(off))
    palette.setColor(QPalette.ColorGroup.Disabled, QPalette.ColorRole.ButtonText, QColor(theme.on_accent))
    return palette


def _palette(theme: Theme) -> QPalette:
    role = QPalette.ColorRole
    palette = QPalette(QColor(theme.control), QColor(theme.window))
    colours = {
        role.Window: theme.window,
        role.WindowText: theme.text,
        role.Base: theme.field,
        role.AlternateBase: mixed(theme.field, theme.muted, 0.05),
        role.Text: theme.text,
        role.Button: theme.control,
        role.ButtonText: theme.text,
        role.BrightText: theme.on_accent,
        role.PlaceholderText: theme.muted,
        role.Highlight: theme.accent,
        role.HighlightedText: theme.on_accent,
        role.Accent: theme.accent,
        role.Link: theme.accent,
        role.LinkVisited: theme.accent,
        role.ToolTipBase: theme.card,
        role.ToolTipText: theme.text,
        role.Mid: theme.border,
        role.Midlight: mixed(theme.border, theme.card, 0.5),
        role.Light: mixed(theme.control, "#ffffff", 0.08 if theme.name == "dark" else 1.0),
        role.Dark: mixed(theme.border, theme.text, 0.25),
        role.Shadow: mixed(theme.border, "#000000", 0.6),
    }
    for colour_role, colour in colours.items():
        palette.setColor(colour_role, QColor(colour))
    faint = QColor(mixed(theme.muted, theme.window, 0.45))
    for colour_role in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, colour_role, faint)
    palette.setColor(QPalette.ColorGroup.Disabled, role.Highlight, QColor(mixed(theme.muted, theme.window, 0.6)))
    return palette
