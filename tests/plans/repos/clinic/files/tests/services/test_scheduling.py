from datetime import UTC, date, datetime

import pytest
import time_machine
from sqlalchemy.orm import Session

from clinic.errors import SlotTaken, TooLate
from clinic.services import scheduling
from tests.factories import appointment, patient, practitioner


def test_a_day_has_slots_until_the_practice_closes(db: Session) -> None:
    slots = scheduling.free_slots(db, practitioner(db).id, date(2025, 6, 2))
    assert len(slots) == 27


def test_a_slot_is_booked_once(db: Session) -> None:
    doctor = practitioner(db)
    at = datetime(2025, 6, 2, 8, 0, tzinfo=UTC)
    scheduling.book(db, patient(db).id, doctor.id, at)
    with pytest.raises(SlotTaken):
        scheduling.book(db, patient(db).id, doctor.id, at)


@time_machine.travel("2025-06-02T12:00:00Z")
def test_cancelling_on_the_day_is_too_late(db: Session) -> None:
    made = appointment(db, datetime(2025, 6, 2, 15, 0, tzinfo=UTC))
    with pytest.raises(TooLate):
        scheduling.cancel(db, made.id)
