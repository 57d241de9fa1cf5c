"""Shapes and words with places in pixels: what a laid-out picture consists of."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Box:
    x: float
    y: float
    width: float
    height: float
    fill: str
    radius: float = 0


@dataclass(frozen=True, slots=True)
class Disc:
    x: float
    y: float
    radius: float
    fill: str


@dataclass(frozen=True, slots=True)
class Polygon:
    points: tuple[tuple[float, float], ...]
    fill: str


@dataclass(frozen=True, slots=True)
class Words:
    """One line. ``y`` is the base line; ``x`` the left end; ``width`` as measured."""

    x: float
    y: float
    text: str
    size: int
    style: str
    fill: str
    width: float


type Shape = Box | Disc | Polygon


@dataclass(slots=True)
class Drawing:
    """Words lie above all shapes. ``alt`` is the whole in words."""

    width: int
    height: int
    background: str
    shapes: list[Shape] = field(default_factory=list)
    words: list[Words] = field(default_factory=list)
    title: str = ""
    alt: str = ""
    is_measured: bool = False
