from collections.abc import Iterator

from sqlalchemy import create_engine
from sqlalchemy.orm import Session, sessionmaker

from clinic.settings import settings

engine = create_engine(settings.database_url, pool_pre_ping=True)
make_session = sessionmaker(engine, expire_on_commit=False)


def session() -> Iterator[Session]:
    with make_session() as session:
        yield session
