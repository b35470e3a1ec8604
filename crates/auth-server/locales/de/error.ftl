# Each error has a heading, what happened (.happened) and what the visitor can do (.advice).

# Above words for the developer of the link, in English and in the protocol's terms.
error-detail = Einzelheiten für Entwickler

error-unknown-client = Dieser Link funktioniert nicht
    .happened = Er stammt von einer Anwendung, die hier nicht registriert ist. Deshalb wurden Sie nicht weitergeleitet.
    .advice = Öffnen Sie den Shop über seine eigene Adresse und melden Sie sich dort an.

error-unregistered-redirect-uri = Dieser Link funktioniert nicht
    .happened = Er würde zu einer Adresse führen, die seine Anwendung nicht registriert hat. Deshalb wurden Sie nicht weitergeleitet.
    .advice = Öffnen Sie den Shop über seine eigene Adresse und melden Sie sich dort an.

error-bad-request = Diese Anfrage kann nicht beantwortet werden
    .happened = In dem Link oder Formular fehlt etwas, oder etwas daran stimmt nicht.
    .advice = Gehen Sie zurück zum Shop und beginnen Sie dort noch einmal.

error-request-expired = Diese Anmeldung hat zu lange gedauert
    .happened = Zu Ihrer Sicherheit ist eine begonnene Anmeldung nur eine Weile gültig.
    .advice = Gehen Sie zurück zum Shop und beginnen Sie dort noch einmal.

error-other-browser = Diese Anmeldung gehört zu einem anderen Browser
    .happened = Sie wurde in einem anderen Browser oder Fenster begonnen und kann nur dort abgeschlossen werden.
    .advice = Fahren Sie in dem Browser fort, in dem Sie begonnen haben, oder beginnen Sie in diesem Browser vom Shop aus noch einmal.

error-cookies-needed = Für die Anmeldung werden Cookies benötigt
    .happened = Ihr Browser hat das Cookie nicht gesendet, das Ihre Anmeldung schützt.
    .advice = Erlauben Sie Cookies für diese Website, gehen Sie dann zurück zum Shop und beginnen Sie dort noch einmal.

error-body-too-large = Das ist zu viel auf einmal
    .happened = Die gesendeten Daten sind größer, als diese Seite sie annimmt.
    .advice = Gehen Sie zurück, kürzen Sie Ihre Eingaben und senden Sie sie noch einmal.

error-unsupported-media-type = Dieses Format wird nicht angenommen
    .happened = Die gesendeten Daten haben ein Format, das diese Seite nicht versteht.
    .advice = Gehen Sie zurück zum Shop und verwenden Sie das Formular dort.

error-not-found = Hier gibt es keine Seite
    .happened = Vielleicht enthält die Adresse einen Tippfehler, oder die Seite ist umgezogen.
    .advice = Prüfen Sie die Adresse oder gehen Sie zurück zum Shop.

error-method-not-allowed = So lässt sich diese Seite nicht verwenden
    .happened = Die Adresse gibt es, aber nicht für diese Art von Anfrage.
    .advice = Gehen Sie zurück zum Shop und beginnen Sie dort noch einmal.

error-too-many-requests = Einen Moment, bitte
    .happened = In kurzer Zeit gab es zu viele Anfragen.
    .advice = Warten Sie eine Minute und versuchen Sie es dann noch einmal.

error-unavailable = Wir können gerade nicht antworten
    .happened = Der Dienst ist im Moment nicht erreichbar. Es wurde nichts geändert.
    .advice = Warten Sie eine Minute und laden Sie diese Seite dann neu.

error-internal = Bei uns ist etwas schiefgegangen
    .happened = Das war nicht Ihr Fehler, und wir haben es aufgezeichnet.
    .advice = Versuchen Sie es in ein paar Minuten noch einmal. Wenn es wieder geschieht, nennen Sie dem Shop die unten stehende Kennung.
