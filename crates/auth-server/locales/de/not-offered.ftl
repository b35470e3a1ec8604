not-offered-explanation = Diese Seite gibt es in diesem Shop noch nicht. Alles andere funktioniert wie gewohnt.

not-offered-register = Eine Registrierung wird hier noch nicht angeboten
not-offered-password-forgot = Ein vergessenes Passwort lässt sich hier noch nicht wiederherstellen
not-offered-password-reset = Ein Passwort lässt sich hier noch nicht zurücksetzen
not-offered-password-change = Ihr Passwort lässt sich hier noch nicht ändern
not-offered-email-verify = Eine E-Mail-Adresse lässt sich hier noch nicht bestätigen
not-offered-account-sessions = Ihre Sitzungen lassen sich hier noch nicht verwalten
not-offered-account-email = Ihre E-Mail-Adresse lässt sich hier noch nicht ändern
not-offered-account-consents = Berechtigungen von Anwendungen lassen sich hier noch nicht verwalten
not-offered-remember-me-continuation = Angemeldet bleiben wird hier noch nicht angeboten
