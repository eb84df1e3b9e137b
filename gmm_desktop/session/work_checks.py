"""What fits together in a session's work; anything else is refused when it is opened."""

from __future__ import annotations

import math
from collections.abc import Iterator

from gmm_desktop.data.painting import Canvas
from gmm_desktop.session.guessing import Guess
from gmm_desktop.session.pace import RATES
from gmm_desktop.session.painting import Painted
from gmm_desktop.session.questions import Hall, Question
from gmm_desktop.session.state import Run, State
from gmm_desktop.session.work import MOST_ACTS, Work

_MOST_WANTED, _MOST_HANDS, _MOST_ANSWERS = 1000, 9999, 100_000


def check_work(work: Work) -> None:
    """Refuse what no session can hold.

    Raises:
        ValueError: saying what.
    """
    known = {run.id for run in work.state.runs}
    for state in _states(work):
        check_state(state)
        if not {run.id for run in state.runs} <= known:
            raise ValueError("a run is missing")
    shown = work.state.run
    if work.state.frame.iteration > shown.last:
        raise ValueError("its frame is none of its run")
    if work.rate not in RATES or len(work.undo) > MOST_ACTS or len(work.redo) > MOST_ACTS:
        raise ValueError("its pace or its acts are none")
    k = shown.history.mixture.n_components if len(shown.history) else shown.settings.components
    if work.draft is not None:
        if not len(shown.history) or work.draft.mixture.dimension != shown.dataset.dimension:
            raise ValueError("its draft is none of these data")
        k = max(k, work.draft.mixture.n_components)
    if work.guess is not None:
        check_guess_of(work.guess, work.state, k)
    question = work.hall.question
    if question is not None and question.run == shown.id and not (question.point or 0) < shown.dataset.size:
        raise ValueError("a hall is asked about a point that is not there")
    if work.canvas is not None:
        check_canvas(work.canvas)
    if work.selected is not None and not 0 <= work.selected < k:
        raise ValueError("a component is missing")


def _states(work: Work) -> Iterator[State]:
    yield work.state
    yield from (state for _, state in (*work.undo, *work.redo))


def check_state(state: State) -> None:
    """Refuse a state that does not fit together.

    Raises:
        ValueError: saying what.
    """
    ids = [run.id for run in state.runs]
    d = state.run.dataset.dimension
    if len(set(ids)) < len(ids) or min(ids, default=0) < 1 or not any(run is state.run for run in state.runs):
        raise ValueError("its runs are none")
    wanted = 1 if d == 1 else 2
    if len(set(state.columns)) != wanted or len(state.columns) != wanted or not set(state.columns) <= set(range(d)):
        raise ValueError("its columns are none")
    for run in state.runs:
        parent = next((one for one in state.runs if run.parent and one.id == run.parent[0]), None)
        if run.parent is not None and (parent is None or run.parent[1] < 0 or parent is run):
            raise ValueError("a branch has no origin")
    check_frame(state.frame.iteration, state.frame.phase)


def check_run(run: Run) -> None:
    """Refuse a run that does not fit together.

    Raises:
        ValueError: saying what.
    """
    d, history = run.dataset.dimension, run.history
    if bool(len(history)) != run.ready or (run.start is not None and run.start.dimension != d):
        raise ValueError("a run has no start")
    if len(history) and history.mixture.dimension != d:
        raise ValueError("a run is of other data")
    check_frame(run.frame.iteration, run.frame.phase)
    if run.frame.iteration > run.last or not 0 <= (run.taken_up or 0) <= run.last:
        raise ValueError("a run shows an iteration that it has not")
    if run.taken_up and not history.is_kept(run.taken_up):
        raise ValueError("a run goes on from an iteration that it has not")


def check_frame(iteration: int, phase: str) -> None:
    """Refuse a frame that no timeline has.

    Raises:
        ValueError: saying so.
    """
    if iteration < 0 or (phase == "start" and iteration) or (phase == "M" and not iteration):
        raise ValueError("a frame is none")


def check_canvas(canvas: Canvas) -> None:
    """Refuse a surface that nobody can paint on.

    Raises:
        ValueError: saying so.
    """
    low, high = canvas.limits or (0.0, 1.0)
    if len(canvas.names) not in (1, 2) or len(set(canvas.names)) < len(canvas.names) or not -1e12 < low < high < 1e12:
        raise ValueError("a canvas is none")


def check_painted(painted: Painted) -> None:
    """Refuse what painted data cannot be.

    Raises:
        ValueError: saying so.
    """
    if painted.canvas is not None:
        check_canvas(painted.canvas)
    if not 0 <= painted.wanted <= _MOST_WANTED:
        raise ValueError("so many components are not wanted")


def check_guess(guess: Guess) -> None:
    """Refuse a guess that is none.

    Raises:
        ValueError: saying so.
    """
    if len(guess.place) != len(guess.columns) or not all(map(math.isfinite, guess.place)) or guess.component < 0:
        raise ValueError("a guess is none")


def check_guess_of(guess: Guess, state: State, components: int) -> None:
    """Refuse a guess that is not about the shown frame.

    Raises:
        ValueError: saying so.
    """
    known = state.run.ready and guess.component < components
    if not (known and guess.holds(state.run.id, state.columns, state.frame)):
        raise ValueError("a guess is about another frame")


def check_hall(hall: Hall) -> None:
    """Refuse questions that nobody could ask or answer.

    Raises:
        ValueError: saying so.
    """
    if len(hall.tally.answers) > _MOST_ANSWERS or (hall.answered and hall.question is None):
        raise ValueError("answers of a hall are none")
    if hall.question is not None:
        _check_question(hall.question)
    for answer in hall.tally.answers:
        _check_question(answer.question)
    for hands in (hall.hands, *(answer.hands for answer in hall.tally.answers)):
        if not all(0 <= shown <= _MOST_HANDS for shown in hands):
            raise ValueError("so many hands are not shown")


def _check_question(question: Question) -> None:
    """About a mean there are three ways, about a point three owners, of which one may be nobody."""
    about_mean = question.before == "M"
    choices, amounts = question.choices, question.amounts
    if about_mean:
        fits = question.component is not None and len(amounts) == 1 and all(c.way is not None for c in choices)
    else:
        fits = question.point is not None and len(amounts) == 3 and all(c.way is None for c in choices)
    numbers = (question.component or 0, question.point or 0, question.iteration, *(c.component or 0 for c in choices))
    if not (fits and 0 <= question.right < 3 and min(numbers) >= 0 and all(map(math.isfinite, amounts))):
        raise ValueError("a question to the hall is none")
