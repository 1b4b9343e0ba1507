"""Patients and practitioners."""

import sqlalchemy as sa
from alembic import op

revision = "3f1c"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "patients",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("phone", sa.String(40)),
        sa.Column("email", sa.String(200)),
        sa.Column("born", sa.Date, nullable=False),
    )
    op.create_table(
        "practitioners",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("slot_minutes", sa.Integer, nullable=False, server_default="20"),
    )


def downgrade() -> None:
    op.drop_table("practitioners")
    op.drop_table("patients")
