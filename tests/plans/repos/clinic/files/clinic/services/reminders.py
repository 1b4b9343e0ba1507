"""Who is reminded of what, and when."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic.models import Appointment, Reminder
from clinic.notify.base import Channel
from clinic.settings import settings


def due(db: Session, now: datetime) -> list[Appointment]:
    """Booked appointments that start within the reminder's hours and were not reminded of."""
    until = now + timedelta(hours=settings.reminder_hours_before)
    reminded = select(Reminder.appointment_id)
    query = select(Appointment).where(
        Appointment.status == "booked",
        Appointment.starts_at > now,
        Appointment.starts_at <= until,
        Appointment.id.not_in(reminded),
    )
    return list(db.scalars(query))


def text_for(appointment: Appointment) -> str:
    """What the patient reads."""
    local = appointment.starts_at + timedelta(hours=1)
    return (
        f"Your appointment with {appointment.practitioner.name} is on {local:%d.%m.%Y} at {local:%H:%M}."
        " Call us if you cannot come."
    )


def send_due(db: Session, channels: list[Channel], now: datetime | None = None) -> int:
    """Sends what is due over the first channel that reaches the patient; gives how many went out."""
    now = now or datetime.now(UTC)
    sent = 0
    for appointment in due(db, now):
        channel = next((c for c in channels if c.reaches(appointment.patient)), None)
        if channel is None:
            continue
        channel.send(appointment.patient, text_for(appointment))
        db.add(Reminder(appointment_id=appointment.id, channel=channel.name, sent_at=now))
        db.commit()
        sent += 1
    return sent
