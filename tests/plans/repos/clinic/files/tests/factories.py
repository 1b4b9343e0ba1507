from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from clinic.models import Appointment, Patient, Practitioner


def patient(db: Session, phone: str | None = "+49 30 1234", email: str | None = None) -> Patient:
    patient = Patient(name="Ida Lund", phone=phone, email=email, born=date(1980, 4, 2))
    db.add(patient)
    db.commit()
    return patient


def practitioner(db: Session) -> Practitioner:
    practitioner = Practitioner(name="Dr. Okafor", slot_minutes=20)
    db.add(practitioner)
    db.commit()
    return practitioner


def appointment(db: Session, starts_at: datetime, status: str = "booked") -> Appointment:
    ends_at = starts_at + timedelta(minutes=20)
    made = Appointment(
        patient=patient(db), practitioner=practitioner(db), starts_at=starts_at, ends_at=ends_at, status=status
    )
    db.add(made)
    db.commit()
    return made
