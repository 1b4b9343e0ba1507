-- 1 where all bodies of the row are packed as one, and a delivery's place counts in the unpacked bytes; 0 where each
-- body is packed by itself, and its place counts in the packed ones.
ALTER TABLE bodies ADD COLUMN together BIGINT NOT NULL DEFAULT 0;
