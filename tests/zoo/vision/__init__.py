"""torchvision's architectures, and others of the field, by construction code of our own; tiny widths."""

from tests.zoo.vision import attention, classifiers, dense, detectors, generators, mobile

__all__ = ["attention", "classifiers", "dense", "detectors", "generators", "mobile"]
