from datetime import UTC, datetime

from sqlalchemy.orm import Session

from clinic.models import Patient
from clinic.services import reminders
from tests.factories import appointment


class Recorder:
    name = "recorder"

    def __init__(self) -> None:
        self.texts: list[str] = []

    def reaches(self, patient: Patient) -> bool:
        return True

    def send(self, patient: Patient, text: str) -> None:
        self.texts.append(text)


def test_a_reminder_goes_out_once(db: Session) -> None:
    appointment(db, datetime(2025, 1, 20, 9, 0, tzinfo=UTC))
    recorder = Recorder()
    now = datetime(2025, 1, 19, 10, 0, tzinfo=UTC)
    assert reminders.send_due(db, [recorder], now) == 1
    assert reminders.send_due(db, [recorder], now) == 0


def test_the_text_names_the_local_time(db: Session) -> None:
    made = appointment(db, datetime(2025, 1, 20, 9, 0, tzinfo=UTC))
    assert "20.01.2025 at 10:00" in reminders.text_for(made)
