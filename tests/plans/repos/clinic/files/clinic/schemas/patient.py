from datetime import date

from pydantic import BaseModel, ConfigDict


class PatientIn(BaseModel):
    name: str
    phone: str | None = None
    email: str | None = None
    born: date


class PatientOut(PatientIn):
    model_config = ConfigDict(from_attributes=True)

    id: int
