-- insert
INSERT INTO posts (practice_id, post_id, public, row)
VALUES (:practice_id, :post_id, :public, :row)

-- all
SELECT post_id, public, row FROM posts
WHERE practice_id = :practice_id
ORDER BY post_id

-- update
UPDATE posts SET public = :public, row = :row
WHERE practice_id = :practice_id AND post_id = :post_id
