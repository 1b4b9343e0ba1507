from typing import Protocol

from clinic.models import Patient


class Channel(Protocol):
    """A way to reach a patient."""

    name: str

    def reaches(self, patient: Patient) -> bool: ...

    def send(self, patient: Patient, text: str) -> None: ...
