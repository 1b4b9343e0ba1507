from typing import Annotated

from fastapi import APIRouter, Depends
from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic.db import session
from clinic.errors import NotFound
from clinic.models import Patient
from clinic.schemas.patient import PatientIn, PatientOut
from clinic.security import staff

router = APIRouter(prefix="/patients", tags=["patients"], dependencies=[Depends(staff)])
Db = Annotated[Session, Depends(session)]


@router.post("", response_model=PatientOut, status_code=201)
def add(body: PatientIn, db: Db) -> PatientOut:
    patient = Patient(**body.model_dump())
    db.add(patient)
    db.commit()
    return PatientOut.model_validate(patient)


@router.get("/{patient_id}", response_model=PatientOut)
def show(patient_id: int, db: Db) -> PatientOut:
    patient = db.scalar(select(Patient).where(Patient.id == patient_id))
    if patient is None:
        raise NotFound("patient not found")
    return PatientOut.model_validate(patient)
