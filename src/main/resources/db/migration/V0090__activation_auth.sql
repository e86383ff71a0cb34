-- activation: how requests prove whose they are, and by which authorities a receiver is known.
-- Why: auth holds what everybody may read, each secret part as ****; sealed_auth the secret parts, encrypted like
--   headers (V0084). CA certificates are public.
-- Locks: ACCESS EXCLUSIVE on destination for an instant, no rewrite. Expected size: 200 B a destination, with
--   certificates a few KB.

alter table destination
    add column auth            text not null default '{"type":"none"}',
    -- AES-256-GCM under the master key named by auth_key_id, associated data = id
    add column sealed_auth     bytea,
    add column auth_key_id     text,
    add column ca_certificates text;                       -- PEM; null: the JVM's trust store
