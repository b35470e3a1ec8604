# Seen for a moment on the way back to the shop, or until the button is pressed where JavaScript is off.
form-post-heading = One more step
form-post-explanation = You are about to go back to the shop. If nothing happens, press the button.
form-post-submit = Continue
