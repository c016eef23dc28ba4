-- insert
INSERT INTO post_keys (practice_id, post_id, person_id, generation, blob)
VALUES (:practice_id, :post_id, :person_id, :generation, :blob)

-- of_person
SELECT post_id, generation, blob FROM post_keys
WHERE practice_id = :practice_id AND person_id = :person_id
ORDER BY post_id, generation
