import hmac
from typing import Annotated

from fastapi import Header, HTTPException

from clinic.settings import settings


def staff(authorization: Annotated[str, Header()] = "") -> None:
    """Lets only the practice's own programs pass."""
    token = authorization.removeprefix("Bearer ")
    if not hmac.compare_digest(token, settings.staff_token):
        raise HTTPException(status_code=401, detail="the token is missing or wrong")
