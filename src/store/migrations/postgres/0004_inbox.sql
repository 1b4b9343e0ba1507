-- The inbox is SQLite's: PostgreSQL's replicas store every delivery at once. Only the number of the schema changes.
SELECT 1;
