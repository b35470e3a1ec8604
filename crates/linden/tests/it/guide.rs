//! docs/from-one-machine-to-many.md, followed word by word: its blocks marked `sh` are run in one shell as they stand
//! there, with ports and addresses that no other test has.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use http::StatusCode;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use test_kit::browser::{ANNA, Browser, Client};
use test_kit::port::free_port;
use test_kit::postgres::Cluster;
use test_kit::secrets;

const GUIDE: &str = include_str!("../../../../docs/from-one-machine-to-many.md");
/// After the step of this name the shop serves.
const SERVES: &str = "## 9.";

/// What begins a step's commands, and the commands.
fn blocks() -> Vec<(bool, &'static str)> {
    let mut blocks = Vec::new();
    let mut rest = GUIDE;
    while let Some((before, after)) = rest.split_once("```sh\n") {
        let (block, further) = after.split_once("```").unwrap();
        blocks.push((GUIDE.len() - before.len() - after.len() > GUIDE.find(SERVES).unwrap(), block));
        rest = further;
    }
    blocks
}

/// A shell that ends at the first command that fails, and all that it started with it.
struct Shell {
    child: Child,
    commands: ChildStdin,
    said: BufReader<ChildStdout>,
    complaints: File,
}

impl Shell {
    fn start(directory: &Path, environment: &[(&str, String)]) -> Self {
        let complaints = tempfile::tempfile().unwrap();
        let mut child = Command::new("timeout")
            .args(["--kill-after=5", "300", "bash", "-s"])
            .current_dir(directory)
            .envs(environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(complaints.try_clone().unwrap())
            .spawn()
            .unwrap();
        let (commands, said) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
        let mut shell = Self { child, commands, said, complaints };
        shell.run("set -euo pipefail\ntrap 'jobs -p | xargs -r kill -9 2> /dev/null || true' EXIT\n");
        shell
    }

    fn run(&mut self, block: &str) {
        self.commands.write_all(format!("{block}\necho '--- done'\n").as_bytes()).unwrap();
        let mut said = String::new();
        while !said.ends_with("--- done\n") {
            if self.said.read_line(&mut said).unwrap() == 0 {
                let mut complaints = String::new();
                self.complaints.seek(SeekFrom::Start(0)).unwrap();
                self.complaints.read_to_string(&mut complaints).unwrap();
                panic!("a step failed:\n{block}\nsaid: {said}\ncomplained: {complaints}");
            }
        }
    }

    fn end(mut self) {
        drop(self.commands);
        assert!(self.child.wait().unwrap().success());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_guide_from_one_machine_to_many_leads_there() {
    let directory = tempfile::tempdir().unwrap();
    let program = Path::new(env!("CARGO_BIN_EXE_linden")).parent().unwrap();
    let own = format!("127.{}.{}", 16 + std::process::id() / 256 % 200, std::process::id() % 256);
    let shop = format!("https://localhost:{}", free_port().unwrap());
    let environment = [
        ("PATH", format!("{}:/usr/sbin:{}", program.display(), std::env::var("PATH").unwrap())),
        ("SHOP", shop.clone()),
        ("PROXY", shop.replace("https://localhost", "127.0.0.1")),
        ("A", format!("{own}.1")),
        ("B", format!("{own}.2")),
        ("DATABASE", Cluster::start().fresh_database().await),
        ("OLD", free_port().unwrap().to_string()),
    ];
    let blocks = blocks();
    assert!(blocks.len() > 9, "{} blocks", blocks.len());
    let mut shell = Shell::start(directory.path(), &environment);
    let mut has_signed_in = false;
    for (serves, block) in blocks {
        shell.run(block);
        if serves && !has_signed_in {
            sign_in(directory.path(), &shop).await;
            has_signed_in = true;
        }
    }
    assert!(has_signed_in);
    shell.end();
    let mut logs = 0;
    for entry in std::fs::read_dir(directory.path()).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "log") {
            let log: Vec<String> = std::fs::read_to_string(&path).unwrap().lines().map(str::to_owned).collect();
            let broken: Vec<&String> = log.iter().filter(|line| line.contains("\"level\":\"ERROR\"")).collect();
            assert!(broken.is_empty(), "{path:?}: {broken:#?}");
            secrets::assert_absent(&log);
            logs += 1;
        }
    }
    assert_eq!(logs, 6);
}

/// Anna's password came along, and her token counts at the services.
async fn sign_in(directory: &Path, shop: &str) {
    let certificate = CertificateDer::from_pem_file(directory.join("shop.crt")).unwrap();
    let mut browser = Browser::with(Client::trusting(certificate).unwrap(), shop);
    let code = browser.try_sign_in(ANNA).await.unwrap();
    let tokens = browser.try_redeem(&code).await.unwrap();
    assert_eq!(tokens.status, StatusCode::OK, "{}", tokens.body);
    let request = http::Request::get(format!("{shop}/api/cart/item-lists"))
        .header("authorization", format!("Bearer {}", tokens.json()["access_token"].as_str().unwrap()));
    assert_eq!(browser.send(request, String::new()).await.unwrap().status, StatusCode::OK);
    assert!(browser.cookies.keys().all(|name| name.starts_with("__Host-")), "{:?}", browser.cookies.keys());
}
