logout-heading = Sign out?
logout-explanation = You will be signed out of the shop in this browser.
# Before a user name that stands on a line of its own.
logout-signed-in-as = Signed in as
logout-submit = Sign out
logout-cancel = Stay signed in

signed-out-heading = You are signed out
signed-out-explanation = Your session in this browser has ended. On a shared computer, close the browser window too.
