from datetime import UTC, datetime

from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from tests.factories import appointment, patient, practitioner


def test_booking_answers_with_the_appointment(client: TestClient, db: Session) -> None:
    body = {"patient_id": patient(db).id, "practitioner_id": practitioner(db).id, "starts_at": "2025-06-02T08:00:00Z"}
    answer = client.post("/appointments", json=body)
    assert answer.status_code == 201
    assert answer.json()["status"] == "booked"


def test_marking_as_missed_needs_the_staff_token(client: TestClient, db: Session) -> None:
    made = appointment(db, datetime(2025, 6, 2, 8, 0, tzinfo=UTC))
    assert client.post(f"/appointments/{made.id}/missed").status_code == 401
