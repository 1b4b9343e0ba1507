from fastapi.testclient import TestClient

STAFF = {"Authorization": "Bearer only-for-development"}


def test_patients_are_added_and_shown(client: TestClient) -> None:
    made = client.post("/patients", json={"name": "Ida Lund", "born": "1980-04-02"}, headers=STAFF).json()
    assert client.get(f"/patients/{made['id']}", headers=STAFF).json()["name"] == "Ida Lund"


def test_patients_are_not_shown_to_everyone(client: TestClient) -> None:
    assert client.get("/patients/1").status_code == 401
