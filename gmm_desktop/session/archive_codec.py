"""Objects as JSON and arrays, and back: a closed table of classes, nothing is imported or called by name.

In the document, numbers, texts, truth values and null stand for themselves and a list for a tuple. An object stands for

    {"#": 3}                    the third of the document's "objects"; what is shared is written once
    {"array": "arrays/3.npy"}   an array of float64; with "whole" one of integers, however small they are stored
    {"range": 300}              the integers from 0 to 299
    {"file": "files/..."}       the bytes of a file that was read
    {"float": "inf"}            a number that JSON does not have
    {"is": "FitSettings", ...}  an object of a class of the table, with its fields
    {"generator": "mixture", ...}  a generator, by its key in GENERATORS
"""

from __future__ import annotations

import math
import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from gmm_desktop.data import GENERATORS
from gmm_desktop.session.archive_zip import Budget, DamagedError, Member

_SMALL = ("|u1", "<i2", "<i4")
_DEEPEST = 50


@dataclass(frozen=True)
class Kind:
    """How objects of a class are written and made again.

    Attributes:
        cls: the class.
        take: its fields, as values that can be written.
        make: the object of checked fields; raises ValueError where they make none.
        shared: whether several places hold the same one.
        fields: the class whose annotations are the types of the fields; ``cls`` where None.
        hints: the types of further fields, and of those that are written as something else.
    """

    cls: type
    take: Callable[[Any], dict[str, Any]]
    make: Callable[..., Any]
    shared: bool = False
    fields: type | None = None
    hints: Mapping[str, Any] = field(default_factory=dict)


def kind_of(cls: type, check: Callable[[Any], object] = lambda made: None, *, shared: bool = False) -> Kind:
    """The usual kind of a dataclass or named tuple: all its fields; ``check`` raises ValueError."""

    def take(one: Any) -> dict[str, Any]:
        return {name: getattr(one, name) for name in names_of(cls)}

    def make(**values: Any) -> Any:
        made = cls(**values)
        check(made)
        return made

    return Kind(cls, take, make, shared)


def names_of(cls: type) -> tuple[str, ...]:
    """The names of the fields that make an object of a dataclass or named tuple."""
    if is_dataclass(cls):
        return tuple(one.name for one in fields(cls) if one.init)
    return tuple(cls._fields)  # type: ignore[attr-defined]


Outside = Callable[[Member, Member], str | None]
"""(a member, what it was made of) -> where else it is, or None: inside."""


class Encoder:
    """Turns objects into JSON and members of a container.

    Attributes:
        members: by name.
        objects: those that are shared, in the order of their numbers.
    """

    def __init__(self, kinds: Mapping[str, Kind], outside: Outside = lambda member, made_of: None) -> None:
        """``outside``: puts a member somewhere else and says under which name, or None to have it inside."""
        self.members: dict[str, Member] = {}
        self.objects: list[Any] = []
        self._outside = outside
        self._kinds = {kind.cls: (name, kind) for name, kind in kinds.items()}
        self._numbers: dict[int, Any] = {}
        self._alive: list[Any] = []  # so that no two objects have the same id

    def value(self, one: Any) -> Any:
        """What stands for an object in the document.

        Raises:
            TypeError: an object of a class that is not in the table.
        """
        if one is None or isinstance(one, bool | str | int):
            return one
        if isinstance(one, float):
            return one if math.isfinite(one) else {"float": repr(one)}
        if isinstance(one, np.ndarray):
            return self._once(one, self._array)
        if isinstance(one, bytes):
            return self._once(one, self._file)
        found = self._kinds.get(type(one))
        if found is not None:
            name, kind = found
            if not kind.shared:
                return self._written(name, kind, one)
            return self._once(one, lambda one: self._shared(name, kind, one))
        if isinstance(one, tuple):
            return [self.value(part) for part in one]
        for name, cls in GENERATORS.items():
            if type(one) is cls:
                return {"generator": name, **{part: self.value(getattr(one, part)) for part in names_of(cls)}}
        raise TypeError(f"A {type(one).__name__} cannot be saved.")

    def _once(self, one: Any, write: Callable[[Any], Any]) -> Any:
        if id(one) not in self._numbers:
            self._alive.append(one)
            self._numbers[id(one)] = write(one)
        return self._numbers[id(one)]

    def _shared(self, name: str, kind: Kind, one: Any) -> dict[str, int]:
        number = len(self.objects)
        self.objects.append(None)
        self.objects[number] = self._written(name, kind, one)
        return {"#": number}

    def _written(self, name: str, kind: Kind, one: Any) -> dict[str, Any]:
        return {"is": name, **{part: self.value(inside) for part, inside in kind.take(one).items()}}

    def _array(self, array: NDArray[Any]) -> dict[str, Any]:
        if array.dtype.kind == "f":
            return {"array": self._member("arrays/{}.npy", array.astype("<f8", copy=False), array)}
        last = len(array) - 1
        if array.ndim == 1 and last >= 0 and array[-1] == last and np.array_equal(array, np.arange(len(array))):
            return {"range": len(array)}
        low, high = (int(array.min()), int(array.max())) if array.size else (0, 0)
        fitting = (np.dtype(name) for name in _SMALL if np.iinfo(name).min <= low and high <= np.iinfo(name).max)
        small = array.astype(next(fitting, np.dtype("<i8")))
        return {"array": self._member("arrays/{}.npy", small, array), "whole": True}

    def _file(self, content: bytes) -> dict[str, str]:
        return {"file": self._member("files/{}", content, content)}

    def _member(self, pattern: str, member: Member, made_of: Member) -> str:
        name = self._outside(member, made_of)
        if name is None:
            name = pattern.format(len(self.members))
            self.members[name] = member
        return name


class Decoder:
    """Makes the objects of a document.

    Raises:
        DamagedError: in every method, where the document says what cannot be.
        DataError: where it needs more memory than a session may take.
    """

    def __init__(
        self,
        kinds: Mapping[str, Kind],
        objects: Any,
        array: Callable[[str], NDArray[Any]],
        content: Callable[[str], bytes],
        budget: Budget,
    ) -> None:
        if not isinstance(objects, list):
            raise DamagedError("it has no list of objects")
        self._kinds, self._objects = kinds, objects
        self._array_of, self._content_of, self._budget = array, content, budget
        self._made: dict[int, Any] = {}
        self._making: set[int] = set()
        self._arrays: dict[str, NDArray[Any]] = {}
        self._depth = 0

    def value(self, written: Any, hint: Any) -> Any:
        """The object that something in the document stands for, of the type that is expected there."""
        self._depth += 1
        if self._depth > _DEEPEST:
            raise DamagedError("it is nested too deeply")
        made = self._value(written)
        self._depth -= 1
        if isinstance(made, int) and not isinstance(made, bool) and hint is float:
            made = float(made)  # 1.0 that another program wrote as 1
        if not fits(made, hint):
            raise DamagedError(f"a {type(made).__name__} stands where none belongs")
        return made

    def _value(self, written: Any) -> Any:
        if written is None or isinstance(written, bool | str | int | float):
            return written
        if isinstance(written, list):
            return tuple(self.value(part, Any) for part in written)
        if not isinstance(written, dict):
            raise DamagedError("something in its document is unknown")
        rest: dict[str, Any]
        match written:
            case {"#": int(number)}:
                return self._shared(number)
            case {"array": str(name), **rest}:
                return self._array(name, bool(rest.get("whole")))
            case {"range": int(length)}:
                self._budget.take(8 * length)
                return _read_only(np.arange(length, dtype=np.intp))
            case {"file": str(name)}:
                return self._content_of(name)
            case {"float": "inf" | "-inf" | "nan" as number}:
                return float(number)
            case {"is": str(name), **rest} if name in self._kinds:
                kind = self._kinds[name]
                return self._make(kind.make, {**_hints_of(kind.fields or kind.cls), **kind.hints}, rest)
            case {"generator": str(name), **rest} if name in GENERATORS:
                return self._make(GENERATORS[name], _hints_of(GENERATORS[name]), rest)
        raise DamagedError("something in its document is unknown")

    def _shared(self, number: int) -> Any:
        if number in self._making or not 0 <= number < len(self._objects):
            raise DamagedError("an object refers to none")
        if number not in self._made:
            self._making.add(number)
            self._made[number] = self._value(self._objects[number])
            self._making.discard(number)
        return self._made[number]

    def _array(self, name: str, whole: bool) -> NDArray[Any]:
        if name not in self._arrays:
            array = self._array_of(name)
            if whole != (array.dtype.kind in "iu"):
                raise DamagedError("an array is of another type than it says")
            if whole:
                self._budget.take(8 * array.size)
                array = _read_only(array.astype(np.intp))
            self._arrays[name] = array
        return self._arrays[name]

    def _make(self, make: Callable[..., Any], hints: dict[str, Any], written: dict[str, Any]) -> Any:
        unknown = written.keys() - hints.keys()
        if unknown:
            raise DamagedError(f"a field is unknown: {sorted(unknown)[0][:40]!r}")
        values = {name: self.value(part, hints[name]) for name, part in written.items()}
        try:
            return make(**values)
        except (TypeError, ValueError, IndexError, KeyError, OverflowError, ArithmeticError) as error:
            raise DamagedError(str(error)) from error


def _hints_of(cls: type) -> dict[str, Any]:
    if cls not in _hints:
        hints = typing.get_type_hints(cls)
        _hints[cls] = {name: hints[name] for name in names_of(cls)}
    return _hints[cls]


_hints: dict[type, dict[str, Any]] = {}


def fits(value: Any, hint: Any) -> bool:
    """Whether a value is of an annotated type; of a class that can be written only, and of arrays by their kind."""
    if hint is Any:
        return True
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        return any(fits(value, one) for one in arguments)
    if hint is None or hint is type(None):
        return value is None
    if origin is Literal:
        return isinstance(value, str) and value in arguments
    if origin is tuple:
        if not isinstance(value, tuple):
            return False
        if len(arguments) == 2 and arguments[1] is Ellipsis:
            return all(fits(part, arguments[0]) for part in value)
        return len(value) == len(arguments) and all(map(fits, value, arguments))
    if origin is np.ndarray:
        wanted = "f" if "float" in str(arguments[-1]) else "i"
        return isinstance(value, np.ndarray) and value.dtype.kind == wanted
    if hint is float:
        return isinstance(value, float | int) and not isinstance(value, bool)
    if hint is int:
        return isinstance(value, int) and not isinstance(value, bool)
    if getattr(hint, "_is_protocol", False):
        return type(value) in GENERATORS.values()
    return isinstance(hint, type) and isinstance(value, hint)


def _read_only(array: NDArray[Any]) -> NDArray[Any]:
    array.setflags(write=False)
    return array
