use axum::Router;
use axum::handler::Handler;
use axum::routing::{MethodFilter, on};
use http::Method;
use resource_guard::Requirement;

use crate::Services;

/// A URL of a service, and what it demands of callers: any one of `allowed`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    pub method: Method,
    pub path: &'static str,
    pub allowed: Vec<Requirement>,
}

/// The URLs of a service, at once as a router and as a list that tests read: what is not listed is not served.
pub(crate) struct Routes {
    pub(crate) endpoints: Vec<Endpoint>,
    pub(crate) router: Router<Services>,
}

macro_rules! methods {
    ($($name:ident $method:ident)*) => {$(
        pub(crate) fn $name<H, T, const N: usize>(
            self,
            path: &'static str,
            allowed: [Requirement; N],
            endpoint: H,
        ) -> Self
        where
            H: Handler<T, Services>,
            T: 'static,
        {
            self.add(Method::$method, MethodFilter::$method, path, allowed.to_vec(), endpoint)
        }
    )*};
}

impl Routes {
    pub(crate) fn new() -> Self {
        Self { endpoints: Vec::new(), router: Router::new() }
    }

    methods! { get GET post POST patch PATCH delete DELETE }

    fn add<H, T>(
        mut self,
        method: Method,
        filter: MethodFilter,
        path: &'static str,
        allowed: Vec<Requirement>,
        endpoint: H,
    ) -> Self
    where
        H: Handler<T, Services>,
        T: 'static,
    {
        self.endpoints.push(Endpoint { method, path, allowed });
        self.router = self.router.route(path, on(filter, endpoint));
        self
    }
}
