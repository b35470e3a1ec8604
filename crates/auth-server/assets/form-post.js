// Runs once the form is there. While the page is still loading, the form's answer takes its place in the history, so that
// "back" does not lead here and post it again.
document.forms[0].submit();
