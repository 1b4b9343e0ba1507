from datetime import date

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from clinic.models.base import Base


class Patient(Base):
    __tablename__ = "patients"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    phone: Mapped[str | None] = mapped_column(String(40))
    email: Mapped[str | None] = mapped_column(String(200))
    born: Mapped[date]
