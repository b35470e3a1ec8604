// Loaded by silent-callback.html inside the hidden iframe: hands the authorization answer to the page around it, of the same origin only.
parent.postMessage({ type: 'authorization_code', search: window.location.search }, window.location.origin);
