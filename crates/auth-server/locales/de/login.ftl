login-heading = Anmelden
login-username = Benutzername
login-password = Passwort
login-submit = Anmelden
login-cancel = Abbrechen und zurückgehen

login-note-sign-in-again = Bitte bestätigen Sie, dass Sie es sind: Melden Sie sich noch einmal an, um fortzufahren.

# None of these may tell whether an account exists.
login-error-wrong-credentials = Benutzername und Passwort passen nicht zusammen. Prüfen Sie beides und versuchen Sie es noch einmal.
login-error-locked = Die Anmeldung mit diesem Benutzernamen ist nach zu vielen Versuchen vorübergehend gesperrt. Warten Sie ein paar Minuten und versuchen Sie es dann noch einmal.
login-error-too-many-requests = In kurzer Zeit gab es zu viele Versuche. Warten Sie eine Minute und versuchen Sie es dann noch einmal.
login-error-expired = Dieses Formular war zu lange geöffnet. Geben Sie Ihr Passwort noch einmal ein, um sich anzumelden.
login-error-cookies-needed = Ihr Browser hat das Cookie nicht gesendet, das dieses Formular schützt. Erlauben Sie Cookies für diese Website und melden Sie sich dann noch einmal an.
login-error-unavailable = Die Anmeldung ist im Moment nicht möglich. Es wurde nichts geändert. Versuchen Sie es in einer Minute noch einmal.
