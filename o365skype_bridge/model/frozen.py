"""`Frozen`: immutable values that cost nothing to import.

This module is imported on every warm answer. `dataclasses` alone would cost more than
everything that such an answer does (it brings `inspect` and compiles each class at import),
so values are annotated like dataclasses, checked like dataclasses by mypy, and made by `type()`.
"""

from __future__ import annotations

TYPE_CHECKING = False  # the real one lives in `typing`, which a warm answer does not import
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, Self, dataclass_transform
else:

    def dataclass_transform(**_: object) -> object:
        """Stand in for `typing.dataclass_transform`, which matters to type checkers only."""
        return lambda decorated: decorated


@dataclass_transform(kw_only_default=True, frozen_default=True)
class FrozenMeta(type):
    """Make annotated names slots and keyword arguments."""

    fields: tuple[str, ...]
    defaults: dict[str, Any]
    _known: frozenset[str]
    _setters: tuple[tuple[str, Callable[[object, Any], None]], ...]

    def __new__(cls, name: str, bases: tuple[type, ...], body: dict[str, Any]) -> FrozenMeta:
        """Turn the annotations of a class body into its slots."""
        fields = tuple(body.get("__annotations__", ()))
        defaults = {field: body.pop(field) for field in fields if field in body}
        made = super().__new__(cls, name, bases, {**body, "__slots__": fields})
        made.fields, made.defaults, made._known = fields, defaults, frozenset(fields)
        made._setters = tuple((field, made.__dict__[field].__set__) for field in fields)
        return made


class Frozen(metaclass=FrozenMeta):
    """An immutable value: keyword arguments in, equality by content, no change afterwards."""

    def __init__(self, **values: Any) -> None:
        """Take every field by name; a missing or unknown one is a `TypeError`."""
        cls = type(self)
        values = {**cls.defaults, **values}
        if values.keys() != cls._known:
            wrong = sorted(values.keys() ^ cls._known)
            raise TypeError(f"{cls.__name__}: missing or unknown {', '.join(wrong)}")
        for field, put in cls._setters:
            put(self, values[field])
        self._check()

    def _check(self) -> None:
        """Refuse a value that makes no sense; overridden where there is something to refuse."""

    def __setattr__(self, name: str, value: object) -> None:
        """Refuse."""
        raise AttributeError(f"{type(self).__name__}.{name} cannot be changed")

    def __delattr__(self, name: str) -> None:
        """Refuse."""
        raise AttributeError(f"{type(self).__name__}.{name} cannot be deleted")

    def _values(self) -> tuple[Any, ...]:
        return tuple(getattr(self, field) for field in type(self).fields)

    def __eq__(self, other: object) -> bool:
        """Compare by type and content."""
        return type(other) is type(self) and self._values() == other._values()

    def __hash__(self) -> int:
        """Hash by content."""
        return hash((type(self), self._values()))

    def __repr__(self) -> str:
        """Show every field."""
        pairs = zip(type(self).fields, self._values(), strict=True)
        shown = ", ".join(f"{name}={value!r}" for name, value in pairs)
        return f"{type(self).__name__}({shown})"

    def replace(self, **changes: Any) -> Self:
        """Give the same value with some fields changed."""
        return type(self)(
            **{**dict(zip(type(self).fields, self._values(), strict=True)), **changes}
        )
