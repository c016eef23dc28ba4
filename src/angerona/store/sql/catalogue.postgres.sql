-- columns
SELECT found.relname::text, part.attname::text, coalesce(array_position(key.indkey::int2[], part.attnum) + 1, 0)
FROM pg_class AS found
JOIN pg_index AS key ON key.indrelid = found.oid AND key.indisprimary
JOIN pg_attribute AS part ON part.attrelid = found.oid AND part.attnum > 0 AND NOT part.attisdropped
WHERE found.relnamespace = current_schema::regnamespace
ORDER BY found.relname, part.attnum

-- version
SELECT version FROM store_state
