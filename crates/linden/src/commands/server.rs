//! Which authorization server of which databases a command is about.

use anyhow::{Result, bail};
use auth_core::server::Server;
use auth_store::Database;
use clap::Args;

use super::data::{Data, DataOptions};

#[derive(Debug, Args)]
pub struct ServerOptions {
    #[command(flatten)]
    data: DataOptions,
    /// The authorization server, when there are several
    #[arg(long, value_name = "NAME")]
    server: Option<String>,
    /// Answer in JSON
    #[arg(long)]
    pub json: bool,
}

/// An authorization server with the database that it lies in.
pub struct Opened {
    pub data: Data,
    pub auth: Database,
    pub server: Server,
}

impl ServerOptions {
    /// Opens, works, and closes whether it worked or not.
    pub async fn with<T>(&self, work: impl AsyncFnOnce(&Opened) -> Result<T>) -> Result<T> {
        let data = self.data.find()?;
        data.expect_databases()?;
        let auth = data.auth().await?;
        let worked = match auth_store::server::all(&auth).await {
            Ok(servers) => match chosen(servers, self.server.as_deref()) {
                Ok(server) => work(&Opened { data, auth: auth.clone(), server }).await,
                Err(error) => Err(error),
            },
            Err(error) => Err(error.into()),
        };
        auth.close().await;
        worked
    }
}

fn chosen(mut servers: Vec<Server>, name: Option<&str>) -> Result<Server> {
    let names: Vec<&str> = servers.iter().map(|server| server.name.as_str()).collect();
    let names = names.join(", ");
    match name {
        _ if servers.is_empty() => {
            bail!("there is no authorization server yet: declare one with `linden apply FILE`")
        }
        None if servers.len() > 1 => {
            bail!("there are several authorization servers ({names}): choose one with --server NAME")
        }
        None => Ok(servers.remove(0)),
        Some(name) => match servers.iter().position(|server| server.name == name) {
            Some(at) => Ok(servers.remove(at)),
            None => bail!("there is no authorization server {name}: --server must be one of {names}"),
        },
    }
}

#[cfg(test)]
mod tests {
    use auth_core::server::ServerSettings;
    use auth_protocol::claims::UserType;
    use auth_protocol::id::{ServerId, TenantId};

    use super::*;

    fn server(name: &str) -> Server {
        Server {
            id: ServerId::from_bytes([1; 16]),
            tenant_id: TenantId::from_bytes([2; 16]),
            name: name.to_owned(),
            friendly_name: name.to_owned(),
            issuer: format!("https://shop.example/auth/s/{name}"),
            user_type: UserType::Customer,
            settings: ServerSettings::default(),
        }
    }

    #[test]
    fn one_server_needs_no_name_and_of_several_one_is_named() {
        assert_eq!(chosen(vec![server("customers")], None).unwrap().name, "customers");
        let two = || vec![server("customers"), server("staff")];
        assert_eq!(chosen(two(), Some("staff")).unwrap().name, "staff");
        for (servers, name, says) in [
            (two(), None, "several authorization servers (customers, staff): choose one with --server NAME"),
            (two(), Some("stuff"), "there is no authorization server stuff: --server must be one of customers, staff"),
            (vec![], None, "declare one with `linden apply FILE`"),
            (vec![], Some("staff"), "declare one with `linden apply FILE`"),
        ] {
            let said = chosen(servers, name).unwrap_err().to_string();
            assert!(said.contains(says), "{said}");
        }
    }
}
