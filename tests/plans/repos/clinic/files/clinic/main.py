from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from clinic.api import appointments, health, patients, reports
from clinic.errors import ClinicError

app = FastAPI(title="Clinic")
app.include_router(appointments.router)
app.include_router(patients.router)
app.include_router(reports.router)
app.include_router(health.router)


@app.exception_handler(ClinicError)
async def answer(request: Request, error: ClinicError) -> JSONResponse:
    return JSONResponse(status_code=error.status, content={"error": error.code, "message": str(error)})
