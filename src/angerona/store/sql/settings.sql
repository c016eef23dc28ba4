-- insert
INSERT INTO settings (practice_id, name, row)
VALUES (:practice_id, :name, :row)

-- by_key
SELECT row FROM settings
WHERE practice_id = :practice_id AND name = :name

-- all
SELECT name, row FROM settings
WHERE practice_id = :practice_id
ORDER BY name

-- update
UPDATE settings SET row = :row
WHERE practice_id = :practice_id AND name = :name

-- delete
DELETE FROM settings
WHERE practice_id = :practice_id AND name = :name
