-- insert
INSERT INTO subjects (practice_id, subject_id, row)
VALUES (:practice_id, :subject_id, :row)

-- update
UPDATE subjects SET row = :row
WHERE practice_id = :practice_id AND subject_id = :subject_id

-- by_key
SELECT row FROM subjects
WHERE practice_id = :practice_id AND subject_id = :subject_id

-- all
SELECT subject_id, row FROM subjects
WHERE practice_id = :practice_id
ORDER BY subject_id
