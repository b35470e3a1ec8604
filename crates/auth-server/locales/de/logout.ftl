logout-heading = Abmelden?
logout-explanation = Sie werden in diesem Browser vom Shop abgemeldet.
# Before a user name that stands on a line of its own.
logout-signed-in-as = Angemeldet als
logout-submit = Abmelden
logout-cancel = Angemeldet bleiben

signed-out-heading = Sie sind abgemeldet
signed-out-explanation = Ihre Sitzung in diesem Browser ist beendet. Schließen Sie an einem gemeinsam genutzten Computer auch das Browserfenster.
