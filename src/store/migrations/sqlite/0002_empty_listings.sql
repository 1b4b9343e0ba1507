-- When the first of the two empty listings was seen that allow to send again after an unknown effect.
ALTER TABLE publications ADD COLUMN empty_since INTEGER;
