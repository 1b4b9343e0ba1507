"""Numbers for the practice's month."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from clinic.models import Appointment, Practitioner
from clinic.settings import settings


def month(year: int, number: int) -> tuple[datetime, datetime]:
    """First moment of a month and of the next, in the practice's zone."""
    after = (year + 1, 1) if number == 12 else (year, number + 1)
    return datetime(year, number, 1, tzinfo=settings.zone), datetime(*after, 1, tzinfo=settings.zone)


def missed_by_practitioner(db: Session, year: int, number: int) -> dict[str, int]:
    since, until = month(year, number)
    query = (
        select(Practitioner.name, func.count())
        .join(Appointment, Appointment.practitioner_id == Practitioner.id)
        .where(Appointment.status == "missed", Appointment.starts_at >= since, Appointment.starts_at < until)
        .group_by(Practitioner.name)
    )
    return {name: count for name, count in db.execute(query)}
