"""Appointments."""

import sqlalchemy as sa
from alembic import op

revision = "8a20"
down_revision = "3f1c"


def upgrade() -> None:
    op.create_table(
        "appointments",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("patient_id", sa.ForeignKey("patients.id"), nullable=False),
        sa.Column("practitioner_id", sa.ForeignKey("practitioners.id"), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.String(20), nullable=False, server_default="booked"),
    )
    op.create_index("appointments_by_start", "appointments", ["practitioner_id", "starts_at"])


def downgrade() -> None:
    op.drop_table("appointments")
