from zoneinfo import ZoneInfo

from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="CLINIC_")

    database_url: str = "postgresql+psycopg://clinic@localhost/clinic"
    staff_token: str = "only-for-development"
    timezone: str = "Europe/Berlin"
    reminder_hours_before: int = 24
    cancel_days_before: int = 1
    sms_url: str = "https://sms.example.net/send"
    sms_key: str = ""
    smtp_host: str = "localhost"

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)


settings = Settings()
