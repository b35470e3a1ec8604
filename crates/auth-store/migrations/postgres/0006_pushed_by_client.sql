CREATE INDEX pushed_authorization_by_client ON pushed_authorization (server_id, client_id, expires_at);
