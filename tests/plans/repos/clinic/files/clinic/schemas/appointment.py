from datetime import datetime

from pydantic import AwareDatetime, BaseModel, ConfigDict


class AppointmentIn(BaseModel):
    patient_id: int
    practitioner_id: int
    starts_at: AwareDatetime


class AppointmentOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: int
    patient_id: int
    practitioner_id: int
    starts_at: datetime
    ends_at: datetime
    status: str


class Slot(BaseModel):
    starts_at: datetime
    ends_at: datetime
