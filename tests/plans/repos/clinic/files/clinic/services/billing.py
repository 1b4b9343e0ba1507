"""Invoices of a month: one for each patient and visit."""

from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic.models import Appointment
from clinic.services.reports import month

VISIT = Decimal("48.50")
MISSED = Decimal("25.00")


@dataclass(frozen=True)
class Invoice:
    number: str
    patient: str
    net: Decimal

    @property
    def gross(self) -> Decimal:
        return (self.net * Decimal("1.19")).quantize(Decimal("0.01"), ROUND_HALF_UP)

    def as_dict(self) -> dict[str, object]:
        return {"number": self.number, "patient": self.patient, "net": str(self.net), "gross": str(self.gross)}


def invoices(db: Session, year: int, number: int) -> list[Invoice]:
    """Invoices of all visits and missed appointments of a month."""
    since, until = month(year, number)
    query = (
        select(Appointment)
        .where(Appointment.starts_at >= since, Appointment.starts_at < until)
        .where(Appointment.status.in_(["booked", "missed"]))
        .order_by(Appointment.starts_at)
    )
    return [_invoice(a, at) for at, a in enumerate(db.scalars(query), start=1)]


def _invoice(appointment: Appointment, at: int) -> Invoice:
    starts: datetime = appointment.starts_at
    net = MISSED if appointment.status == "missed" else VISIT
    return Invoice(number=f"{starts:%Y%m}-{at:04}", patient=appointment.patient.name, net=net)
