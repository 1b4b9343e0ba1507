from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from clinic.models.base import Base


class Practitioner(Base):
    __tablename__ = "practitioners"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    slot_minutes: Mapped[int] = mapped_column(default=20)
