from datetime import UTC, datetime

from sqlalchemy.orm import Session

from clinic.services import billing
from tests.factories import appointment


def test_a_missed_appointment_is_billed_lower(db: Session) -> None:
    appointment(db, datetime(2025, 3, 4, 9, 0, tzinfo=UTC), status="missed")
    [invoice] = billing.invoices(db, 2025, 3)
    assert (invoice.number, invoice.as_dict()["gross"]) == ("202503-0001", "29.75")
