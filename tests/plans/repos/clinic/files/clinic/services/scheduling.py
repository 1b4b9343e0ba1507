"""The rules of booking, as docs/scheduling.md tells them."""

from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from clinic.errors import NotFound, SlotTaken, TooLate
from clinic.models import Appointment, Practitioner
from clinic.schemas.appointment import Slot
from clinic.settings import settings

OPENS = time(8, 0)
CLOSES = time(17, 0)


def free_slots(db: Session, practitioner_id: int, day: date) -> list[Slot]:
    """The slots of a day that nobody has booked."""
    practitioner = _practitioner(db, practitioner_id)
    length = timedelta(minutes=practitioner.slot_minutes)
    opens = datetime.combine(day, OPENS, settings.zone)
    closes = datetime.combine(day, CLOSES, settings.zone)
    taken = {a.starts_at for a in _booked(db, practitioner_id, opens, closes)}
    slots = []
    start = opens
    while start + length <= closes:
        if start not in taken:
            slots.append(Slot(starts_at=start, ends_at=start + length))
        start += length
    return slots


def book(db: Session, patient_id: int, practitioner_id: int, starts_at: datetime) -> Appointment:
    practitioner = _practitioner(db, practitioner_id)
    ends_at = starts_at + timedelta(minutes=practitioner.slot_minutes)
    appointment = Appointment(
        patient_id=patient_id, practitioner_id=practitioner_id, starts_at=starts_at, ends_at=ends_at, status="booked"
    )
    db.add(appointment)
    try:
        db.commit()
    except IntegrityError as error:
        db.rollback()
        raise SlotTaken("this slot was just taken") from error
    return appointment


def cancel(db: Session, appointment_id: int) -> None:
    """Patients may cancel until the day before."""
    appointment = _appointment(db, appointment_id)
    last = appointment.starts_at - timedelta(days=settings.cancel_days_before)
    if datetime.now(UTC) > last:
        raise TooLate("appointments can be cancelled until the day before")
    appointment.status = "cancelled"
    db.commit()


def mark_missed(db: Session, appointment_id: int) -> None:
    appointment = _appointment(db, appointment_id)
    appointment.status = "missed"
    db.commit()


def _booked(db: Session, practitioner_id: int, since: datetime, until: datetime) -> list[Appointment]:
    query = select(Appointment).where(
        Appointment.practitioner_id == practitioner_id,
        Appointment.status == "booked",
        Appointment.starts_at >= since,
        Appointment.starts_at < until,
    )
    return list(db.scalars(query))


def _appointment(db: Session, appointment_id: int) -> Appointment:
    appointment = db.get(Appointment, appointment_id)
    if appointment is None:
        raise NotFound("appointment not found")
    return appointment


def _practitioner(db: Session, practitioner_id: int) -> Practitioner:
    practitioner = db.get(Practitioner, practitioner_id)
    if practitioner is None:
        raise NotFound("practitioner not found")
    return practitioner
