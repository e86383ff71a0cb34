-- activation: the values of custom headers are encrypted, as the signing secrets are.
-- Why: people put API keys into them. headers keeps the names, each with the value ****. A row from before keeps its
--   values there, and no sealed_headers, until its next change: only the server has the key.
-- Locks: ACCESS EXCLUSIVE on destination for an instant, no rewrite. Expected size: 200 B a destination, at most 80 KB.

alter table destination
    -- AES-256-GCM under the master key named by headers_key_id, associated data = id
    add column sealed_headers bytea,
    add column headers_key_id text;
