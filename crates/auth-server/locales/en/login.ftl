login-heading = Sign in
login-username = User name
login-password = Password
login-submit = Sign in
login-cancel = Cancel and go back

login-note-sign-in-again = To continue, please confirm that it is you: sign in once more.

# None of these may tell whether an account exists.
login-error-wrong-credentials = User name and password do not match. Check both and try again.
login-error-locked = Sign-in with this user name is paused after too many attempts. Wait a few minutes, then try again.
login-error-too-many-requests = There were too many attempts in a short time. Wait a minute, then try again.
login-error-expired = This form was open for too long. Enter your password again to sign in.
login-error-cookies-needed = Your browser did not send the cookie that protects this form. Allow cookies for this site, then sign in again.
login-error-unavailable = Sign-in is not possible at the moment, and nothing was changed. Try again in a minute.
