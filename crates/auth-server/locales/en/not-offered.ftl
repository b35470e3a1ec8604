not-offered-explanation = This page does not exist in this shop yet. Everything else works as usual.

not-offered-register = Registration is not offered here yet
not-offered-password-forgot = Recovering a password is not offered here yet
not-offered-password-reset = Resetting a password is not offered here yet
not-offered-password-change = Changing your password is not offered here yet
not-offered-email-verify = Verifying an e-mail address is not offered here yet
not-offered-account-sessions = Managing your sessions is not offered here yet
not-offered-account-email = Changing your e-mail address is not offered here yet
not-offered-account-consents = Managing app permissions is not offered here yet
not-offered-remember-me-continuation = Staying signed in is not offered here yet
