# Kurz zu sehen auf dem Weg zurück in den Shop, oder bis die Schaltfläche gedrückt wird, wo JavaScript aus ist.
form-post-heading = Noch ein Schritt
form-post-explanation = Es geht zurück in den Shop. Falls nichts geschieht, drücken Sie die Schaltfläche.
form-post-submit = Weiter
