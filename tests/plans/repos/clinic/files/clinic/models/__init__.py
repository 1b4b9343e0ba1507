from clinic.models.appointment import Appointment
from clinic.models.base import Base
from clinic.models.patient import Patient
from clinic.models.practitioner import Practitioner
from clinic.models.reminder import Reminder

__all__ = ["Appointment", "Base", "Patient", "Practitioner", "Reminder"]
