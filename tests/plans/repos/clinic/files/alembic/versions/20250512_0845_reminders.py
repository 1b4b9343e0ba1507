"""Which reminders were sent."""

import sqlalchemy as sa
from alembic import op

revision = "c911"
down_revision = "b7d4"


def upgrade() -> None:
    op.create_table(
        "reminders",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("appointment_id", sa.ForeignKey("appointments.id"), nullable=False),
        sa.Column("channel", sa.String(10), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("reminders")
