"""Alembic's entry: runs the steps on the connection that `store.migrate` opened and will commit."""

from __future__ import annotations

from alembic import context

from callcenter.store.tables import metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    transactional_ddl=True,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
    on_version_apply=context.config.attributes.get("on_step"),
)
with context.begin_transaction():
    context.run_migrations()
