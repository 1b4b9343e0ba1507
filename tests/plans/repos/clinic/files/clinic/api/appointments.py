from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends
from sqlalchemy.orm import Session

from clinic.db import session
from clinic.schemas.appointment import AppointmentIn, AppointmentOut, Slot
from clinic.security import staff
from clinic.services import scheduling

router = APIRouter(prefix="/appointments", tags=["appointments"])
Db = Annotated[Session, Depends(session)]


@router.get("/free", response_model=list[Slot])
def free_slots(practitioner_id: int, day: date, db: Db) -> list[Slot]:
    return scheduling.free_slots(db, practitioner_id, day)


@router.post("", response_model=AppointmentOut, status_code=201)
def book(body: AppointmentIn, db: Db) -> AppointmentOut:
    appointment = scheduling.book(db, body.patient_id, body.practitioner_id, body.starts_at)
    return AppointmentOut.model_validate(appointment)


@router.post("/{appointment_id}/cancel", status_code=204)
def cancel(appointment_id: int, db: Db) -> None:
    scheduling.cancel(db, appointment_id)


@router.post("/{appointment_id}/missed", status_code=204, dependencies=[Depends(staff)])
def missed(appointment_id: int, db: Db) -> None:
    scheduling.mark_missed(db, appointment_id)
