from typing import Annotated

from fastapi import APIRouter, Depends
from sqlalchemy.orm import Session

from clinic.db import session
from clinic.security import staff
from clinic.services import billing, reports

router = APIRouter(prefix="/reports", tags=["reports"], dependencies=[Depends(staff)])
Db = Annotated[Session, Depends(session)]


@router.get("/missed")
def missed(year: int, month: int, db: Db) -> dict[str, int]:
    return reports.missed_by_practitioner(db, year, month)


@router.get("/invoices")
def invoices(year: int, month: int, db: Db) -> list[dict[str, object]]:
    return [invoice.as_dict() for invoice in billing.invoices(db, year, month)]
