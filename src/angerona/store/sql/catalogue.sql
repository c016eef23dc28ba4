-- What the database says of itself; the tables of a practice are those that know a practice.

-- columns
SELECT found.name, part.name, part.pk
FROM sqlite_schema AS found, pragma_table_info(found.name) AS part
WHERE found.name = found.tbl_name
ORDER BY found.name, part.cid

-- version
SELECT user_version FROM pragma_user_version
