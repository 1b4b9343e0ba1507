from alembic import context
from sqlalchemy import create_engine

from clinic.models import Base
from clinic.settings import settings


def run() -> None:
    engine = create_engine(settings.database_url)
    with engine.connect() as connection:
        context.configure(connection=connection, target_metadata=Base.metadata)
        with context.begin_transaction():
            context.run_migrations()


run()
