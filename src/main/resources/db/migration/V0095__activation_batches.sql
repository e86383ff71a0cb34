-- activation: several messages in one request.
-- Why: receivers that load in bulk take a hundred rows as fast as one.
-- Locks: ACCESS EXCLUSIVE on destination for an instant, no rewrite. Expected size: none.

alter table destination add column batch_size int;        -- null: one message a request
