# Each error has a heading, what happened (.happened) and what the visitor can do (.advice).

# Above words for the developer of the link, in English and in the protocol's terms.
error-detail = Details for developers

error-unknown-client = This link does not work
    .happened = It comes from an app that is not registered here, so you were not sent on.
    .advice = Open the shop’s own address and sign in from there.

error-unregistered-redirect-uri = This link does not work
    .happened = It would lead to an address that its app has not registered, so you were not sent on.
    .advice = Open the shop’s own address and sign in from there.

error-bad-request = This request cannot be answered
    .happened = Something in the link or form is missing or not as it should be.
    .advice = Go back to the shop and start again from there.

error-request-expired = This sign-in took too long
    .happened = For your safety, a sign-in that was begun is only good for a while.
    .advice = Go back to the shop and start again from there.

error-other-browser = This sign-in belongs to another browser
    .happened = It was begun in another browser or window and can only be finished there.
    .advice = Go on in the browser where you began, or start again from the shop in this one.

error-cookies-needed = Cookies are needed to sign in
    .happened = Your browser did not send the cookie that protects your sign-in.
    .advice = Allow cookies for this site, then go back to the shop and start again from there.

error-body-too-large = This is too much to send
    .happened = What was sent is larger than this page accepts.
    .advice = Go back, shorten what you entered and send it again.

error-unsupported-media-type = This format is not accepted
    .happened = What was sent is not in a format that this page understands.
    .advice = Go back to the shop and use the form there.

error-not-found = There is no page here
    .happened = The address may be mistyped, or the page may have moved.
    .advice = Check the address, or go back to the shop.

error-method-not-allowed = This page cannot be used that way
    .happened = The address exists, but not for this kind of request.
    .advice = Go back to the shop and start again from there.

error-too-many-requests = One moment, please
    .happened = There were too many requests in a short time.
    .advice = Wait a minute, then try again.

error-unavailable = We cannot answer right now
    .happened = The service is not available at the moment, and nothing was changed.
    .advice = Wait a minute, then load this page again.

error-internal = Something went wrong on our side
    .happened = This was not your mistake, and we have kept a record of it.
    .advice = Try again in a few minutes. If it happens again, tell the shop the reference below.
