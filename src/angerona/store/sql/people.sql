-- insert
INSERT INTO people (practice_id, person_id, keys, row)
VALUES (:practice_id, :person_id, :keys, :row)

-- by_key
SELECT keys, row FROM people
WHERE practice_id = :practice_id AND person_id = :person_id

-- all
SELECT person_id, keys, row FROM people
WHERE practice_id = :practice_id
ORDER BY person_id

-- update
UPDATE people SET keys = :keys, row = :row
WHERE practice_id = :practice_id AND person_id = :person_id

-- delete
DELETE FROM people
WHERE practice_id = :practice_id AND person_id = :person_id
