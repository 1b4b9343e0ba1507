class ClinicError(Exception):
    """What a caller may be told."""

    status = 400
    code = "invalid"


class NotFound(ClinicError):
    status = 404
    code = "not_found"


class SlotTaken(ClinicError):
    status = 409
    code = "slot_taken"


class TooLate(ClinicError):
    status = 409
    code = "too_late"
