"""Two appointments of one practitioner cannot overlap."""

from alembic import op

revision = "b7d4"
down_revision = "8a20"


def upgrade() -> None:
    op.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
    op.execute(
        "ALTER TABLE appointments ADD CONSTRAINT no_overlaps EXCLUDE USING gist"
        " (practitioner_id WITH =, tstzrange(starts_at, ends_at) WITH &&) WHERE (status = 'booked')"
    )


def downgrade() -> None:
    op.execute("ALTER TABLE appointments DROP CONSTRAINT no_overlaps")
