import httpx

from clinic.models import Patient
from clinic.settings import settings


class Sms:
    name = "sms"

    def reaches(self, patient: Patient) -> bool:
        return bool(patient.phone)

    def send(self, patient: Patient, text: str) -> None:
        answer = httpx.post(
            settings.sms_url,
            json={"to": patient.phone, "text": text[:160]},
            headers={"Authorization": f"Bearer {settings.sms_key}"},
            timeout=10,
        )
        answer.raise_for_status()
