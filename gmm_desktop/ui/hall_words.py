"""What is asked of a hall and told to it, in sentences."""

from __future__ import annotations

from gmm_desktop.mixture import FitSettings, component_letter
from gmm_desktop.session.questions import HARDLY, Answer, Choice, Question, Tally
from gmm_desktop.ui.captions import half_name, name
from gmm_desktop.ui.numbers import count, number

_WAYS = {"left": "to the left", "right": "to the right", "down": "down", "up": "up", "hardly": "hardly at all"}


def question_words(question: Question, settings: FitSettings) -> str:
    """The question."""
    step = half_name(question.before, settings)
    if question.component is not None:
        return f"Before the {step}: which way does the mean of {name(question.component)} go?"
    return f"Before the {step}: whose is the ringed point?"


def choice_words(choice: Choice) -> str:
    """What hands are shown for."""
    if choice.way is not None:
        return _WAYS[choice.way]
    return "nobody can say" if choice.component is None else name(choice.component)


def verdict(question: Question) -> str:
    """What was right, and how much of it."""
    right = question.choices[question.right]
    if question.component is not None:
        return _move(question, right)
    shares = [
        f"{component_letter(choice.component)} {share:.2f}"
        for choice, share in zip(question.choices, question.amounts, strict=True)
        if choice.component is not None
    ]
    owner = "Nobody can say" if right.component is None else f"It is {name(right.component)}'s"
    return f"{owner}: responsibilities {', '.join(shares)}."


def _move(question: Question, right: Choice) -> str:
    assert question.component is not None
    assert right.way is not None
    moved = number(abs(question.amounts[0]), 2)
    if right.way == "hardly":
        return f"{name(question.component)} hardly moved: {moved}, under {100 * HARDLY:g} % of the spread."
    return f"{name(question.component)} moved {moved} {_WAYS[right.way]}."


def hands_words(answer: Answer) -> str:
    """How many hands were right."""
    return f"{count(answer.correct)} of {hands(sum(answer.hands))} {'was' if answer.correct == 1 else 'were'} right."


def tally_words(tally: Tally) -> str:
    """How often the hall was right; "" before the first show of hands."""
    if not tally.answers:
        return ""
    times = len(tally.answers)
    return (
        f"The hall was right {count(tally.right)} of {count(times)} {'time' if times == 1 else 'times'}; "
        f"{count(tally.correct)} of {hands(tally.hands)}."
    )


def tally_table(tally: Tally) -> str:
    """The tally as lines of cells separated by tabs, as a spreadsheet takes it."""
    head = ("iteration", "half step", "about", "choices and hands", "right", "hall was right")
    lines = ["\t".join(head)]
    for answer in tally.answers:
        asked = answer.question
        about = f"row {asked.point + 1}" if asked.point is not None else name(asked.component or 0)
        shown = ", ".join(f"{choice_words(choice)}: {n}" for choice, n in zip(asked.choices, answer.hands, strict=True))
        right = choice_words(asked.choices[asked.right])
        verdict = "yes" if answer.was_right else "no"
        lines.append("\t".join((str(asked.iteration), f"{asked.before}-step", about, shown, right, verdict)))
    return "\n".join((*lines, tally_words(tally)))


def hands(number: int) -> str:
    """ "1 hand", "61 hands"."""
    return f"{count(number)} {'hand' if number == 1 else 'hands'}"
