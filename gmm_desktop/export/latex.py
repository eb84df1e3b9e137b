"""Words and numbers as LaTeX sets them, without packages and whichever of its programs runs."""

from __future__ import annotations

import re
import unicodedata

_SPECIAL = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"$<$",
    ">": r"$>$",
    "|": r"$|$",
    '"': r"\char34{}",
    **{character: f"\\{character}" for character in "#$%&_{}"},
}
_LETTERS = {
    "ß": r"\ss{}", "æ": r"\ae{}", "Æ": r"\AE{}", "œ": r"\oe{}", "Œ": r"\OE{}", "ø": r"\o{}", "Ø": r"\O{}",
    "ł": r"\l{}", "Ł": r"\L{}", "ı": r"\i{}", "å": r"\aa{}", "Å": r"\AA{}", "¿": r"?`", "¡": r"!`",
    "–": "--", "—": "---", "‘": "`", "’": "'", "“": "``", "”": "''", "…": r"\dots{}", "\u00a0": "~",
    "\u202f": r"\,", "§": r"\S{}", "¶": r"\P{}", "£": r"\pounds{}", "©": r"\copyright{}",
}  # fmt: skip
_MATHEMATICS = {
    "°": r"^\circ", "±": r"\pm", "×": r"\times", "÷": r"\div", "·": r"\cdot", "²": "^2", "³": "^3", "¹": "^1",
    "µ": r"\mu", "−": "-", "√": r"\surd", "∞": r"\infty", "≤": r"\leq", "≥": r"\geq", "≠": r"\neq", "≈": r"\approx",
    "∑": r"\sum", "∂": r"\partial", "∆": r"\Delta", "→": r"\to", "←": r"\leftarrow", "ℓ": r"\ell", "¬": r"\neg",
    **{digit: f"_{i}" for i, digit in enumerate("₀₁₂₃₄₅₆₇₈₉")},
    **{digit: f"^{i}" for i, digit in zip((0, 4, 5, 6, 7, 8, 9), "⁰⁴⁵⁶⁷⁸⁹", strict=True)},
}  # fmt: skip
_ACCENTS = {
    "\u0300": "`", "\u0301": "'", "\u0302": "^", "\u0303": "~", "\u0304": "=", "\u0306": "u", "\u0307": ".",
    "\u0308": '"', "\u030a": "r", "\u030b": "H", "\u030c": "v", "\u0323": "d", "\u0327": "c",
}  # fmt: skip
_GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ζ": "zeta", "η": "eta", "θ": "theta",
    "ι": "iota", "κ": "kappa", "λ": "lambda", "μ": "mu", "ν": "nu", "ξ": "xi", "π": "pi", "ρ": "rho", "σ": "sigma",
    "τ": "tau", "υ": "upsilon", "φ": "phi", "χ": "chi", "ψ": "psi", "ω": "omega", "Γ": "Gamma", "Δ": "Delta",
    "Θ": "Theta", "Λ": "Lambda", "Ξ": "Xi", "Π": "Pi", "Σ": "Sigma", "Υ": "Upsilon", "Φ": "Phi", "Ψ": "Psi",
    "Ω": "Omega",
}  # fmt: skip
_NUMBER = re.compile(r"(-?[\d.]+)(?:e([+-]?\d+))?")


def latex_text(text: str) -> str:
    """Text as LaTeX sets it.

    The output is ASCII but for what has no name there: such characters XeLaTeX and LuaLaTeX set where their font has
    them, and pdfLaTeX, for which they would be an error, sets as their codes.
    """
    pieces: list[str] = []
    strange = ""
    for character in unicodedata.normalize("NFC", text):
        known = _known(character)
        if known is None:
            strange += character
            continue
        pieces += [_either(strange), known]
        strange = ""
    return "".join([*pieces, _either(strange)])


def latex_number(digits: str) -> str:
    """A number in mathematics, so that its minus is one: "-1.5e-07" becomes $-1.5\\times10^{-7}$."""
    found = _NUMBER.fullmatch(digits)
    if found is None:
        return digits
    mantissa, exponent = found.groups()
    return f"${mantissa}$" if exponent is None else rf"${mantissa}\times10^{{{int(exponent)}}}$"


def _known(character: str) -> str | None:
    for table in (_SPECIAL, _LETTERS):
        if character in table:
            return table[character]
    if character.isascii() and character.isprintable():
        return character
    if character in _MATHEMATICS:
        return f"${_MATHEMATICS[character]}$"
    if character in _GREEK:
        return f"$\\{_GREEK[character]}$"
    return _accented(character)


def _accented(character: str) -> str | None:
    base, *accents = list(unicodedata.normalize("NFD", character))
    if not accents or not (base.isascii() and base.isalpha()) or any(accent not in _ACCENTS for accent in accents):
        return None
    under = {"i": r"\i", "j": r"\j"}
    whole = base if accents[0] in "\u0323\u0327" else under.get(base, base)
    for accent in accents:
        whole = f"\\{_ACCENTS[accent]}{{{whole}}}"
    return whole


def _either(strange: str) -> str:
    """Characters themselves where the program knows all of Unicode, else their codes."""
    if not strange:
        return ""
    codes = " ".join(f"U+{ord(character):04X}" for character in strange)
    return rf"\ifdefined\Umathcode {strange}\else[{codes}]\fi{{}}"
