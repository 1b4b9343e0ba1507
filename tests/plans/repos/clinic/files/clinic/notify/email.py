import smtplib
from email.message import EmailMessage

from clinic.models import Patient
from clinic.settings import settings


class Email:
    name = "email"

    def reaches(self, patient: Patient) -> bool:
        return bool(patient.email)

    def send(self, patient: Patient, text: str) -> None:
        message = EmailMessage()
        message["From"] = "praxis@northside.example"
        message["To"] = patient.email
        message["Subject"] = "Your appointment"
        message.set_content(text)
        with smtplib.SMTP(settings.smtp_host) as smtp:
            smtp.send_message(message)
