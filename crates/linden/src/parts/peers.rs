//! Plain http is for those who are named, and for this machine: everybody else is refused before anything is read.

use std::net::SocketAddr;
use std::sync::Arc;
use std::task::{Context, Poll};

use auth_protocol::forwarding::TrustedProxies;
use auth_protocol::problem::Problem;
use axum::Router;
use axum::extract::{ConnectInfo, Request};
use axum::response::{IntoResponse, Response};
use futures::future::{Either, Ready, ready};
use resource_guard::ProblemAnswer;
use telemetry::request::{RequestName, on_behalf_of};
use tower::{Layer, Service};

use crate::request_id;

/// Who may come, beside this machine.
#[derive(Debug, Clone)]
pub struct Peers(Arc<TrustedProxies>);

impl Peers {
    pub fn only(networks: TrustedProxies) -> Self {
        Self(Arc::new(networks))
    }

    pub fn before(self, router: Router) -> Router {
        Router::new().fallback_service(PeersLayer(self).layer(router))
    }

    fn may_come(&self, request: &Request) -> bool {
        let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
        peer.is_some_and(|ConnectInfo(peer)| {
            let peer = peer.ip().to_canonical();
            peer.is_loopback() || self.0.trusts(peer)
        })
    }
}

#[derive(Clone)]
struct PeersLayer(Peers);

impl<S> Layer<S> for PeersLayer {
    type Service = PeersService<S>;

    fn layer(&self, inner: S) -> PeersService<S> {
        PeersService { peers: self.0.clone(), inner }
    }
}

#[derive(Clone)]
struct PeersService<S> {
    peers: Peers,
    inner: S,
}

impl<S> Service<Request> for PeersService<S>
where
    S: Service<Request, Response = Response>,
{
    type Response = Response;
    type Error = S::Error;
    type Future = Either<S::Future, Ready<Result<Response, S::Error>>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        match self.peers.may_come(&request) {
            true => Either::Left(self.inner.call(request)),
            false => {
                let id = request_id::new();
                on_behalf_of(Some(RequestName::new(&id)), || {
                    tracing::warn!(
                        "refused a request by plain http from an address that the configuration does not name"
                    );
                });
                Either::Right(ready(Ok(refusal(id))))
            }
        }
    }
}

fn refusal(id: String) -> Response {
    let mut problem = Problem::new(403, "unknown_peer", "This address answers only to those who are configured")
        .detail("Come by the shop's public address.");
    problem.request_id = Some(id.clone());
    let mut response = ProblemAnswer::from(problem).into_response();
    request_id::name(&mut response, &id);
    response
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use http::StatusCode;
    use tower::ServiceExt;

    use super::*;

    #[tokio::test]
    async fn those_who_are_named_and_this_machine_are_answered_and_nobody_else() {
        let networks = TrustedProxies::new(vec!["10.2.0.0/16".parse().unwrap()]);
        let router = Peers::only(networks).before(Router::new().fallback(async || "answered"));
        for (peer, status) in [
            (Some("10.2.0.7:1"), StatusCode::OK),
            (Some("[::ffff:10.2.0.7]:1"), StatusCode::OK),
            (Some("127.0.0.1:1"), StatusCode::OK),
            (Some("[::1]:1"), StatusCode::OK),
            (Some("10.3.0.7:1"), StatusCode::FORBIDDEN),
            (Some("[2001:db8::1]:1"), StatusCode::FORBIDDEN),
            (None, StatusCode::FORBIDDEN),
        ] {
            // What a proxy that is not named claims does not count.
            let mut request = Request::get("/").header("x-forwarded-for", "10.2.0.7").body(Body::empty()).unwrap();
            if let Some(peer) = peer {
                request.extensions_mut().insert(ConnectInfo(peer.parse::<SocketAddr>().unwrap()));
            }
            assert_eq!(router.clone().oneshot(request).await.unwrap().status(), status, "{peer:?}");
        }
    }
}
