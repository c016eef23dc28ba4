-- insert
INSERT INTO practices (practice_id, row)
VALUES (:practice_id, :row)

-- by_key
SELECT row FROM practices
WHERE practice_id = :practice_id

-- all
SELECT practice_id, row FROM practices
ORDER BY practice_id

-- update
UPDATE practices SET row = :row
WHERE practice_id = :practice_id
