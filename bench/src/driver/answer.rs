use anyhow::{Context, Result, bail};

/// One answer, as received.
pub struct Answer {
    pub status: u16,
    head: Vec<u8>,
    body: Vec<u8>,
}

/// Where an answer's head and body end, read off its first bytes.
pub struct Extent {
    pub status: u16,
    pub head: usize,
    pub body: usize,
}

const MOST_HEADERS: usize = 48;

impl Extent {
    /// `None` while the head is not whole.
    pub fn read(received: &[u8]) -> Result<Option<Self>> {
        let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
        let mut response = httparse::Response::new(&mut headers);
        let httparse::Status::Complete(head) = response.parse(received)? else { return Ok(None) };
        let status = response.code.unwrap_or_default();
        let length = response.headers.iter().find(|header| header.name.eq_ignore_ascii_case("content-length"));
        let body = match length {
            Some(length) => std::str::from_utf8(length.value)?.parse()?,
            None if matches!(status, 204 | 304) => 0,
            None => bail!("an answer without a length: {}", String::from_utf8_lossy(&received[..head])),
        };
        Ok(Some(Self { status, head, body }))
    }
}

impl Answer {
    pub fn new(extent: &Extent, received: &[u8]) -> Self {
        let (head, rest) = received.split_at(extent.head);
        Self { status: extent.status, head: head.to_vec(), body: rest[..extent.body].to_vec() }
    }

    /// Fails for any other status: what answers wrongly is not measured.
    pub fn expect(self, status: u16) -> Result<Self> {
        if self.status != status {
            bail!("{} where {status} was expected: {}{}", self.status, self.head(), self.text());
        }
        Ok(self)
    }

    fn head(&self) -> String {
        String::from_utf8_lossy(&self.head).into_owned()
    }

    pub fn body(&self) -> &[u8] {
        &self.body
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// Every value of a header.
    pub fn headers(&self, name: &str) -> Vec<String> {
        let head = self.head();
        let lines = head.lines().filter_map(|line| line.split_once(": "));
        lines.filter(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.to_owned()).collect()
    }

    pub fn location(&self) -> Result<String> {
        self.headers("location").pop().with_context(|| format!("no redirect: {}", self.head()))
    }
}
