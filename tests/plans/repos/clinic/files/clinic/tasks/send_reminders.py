"""Run every quarter of an hour by cron: `python -m clinic.tasks.send_reminders`."""

import logging

from clinic.db import make_session
from clinic.notify.email import Email
from clinic.notify.sms import Sms
from clinic.services.reminders import send_due


def main() -> None:
    with make_session() as db:
        logging.info("sent %s reminders", send_due(db, [Sms(), Email()]))


if __name__ == "__main__":
    main()
