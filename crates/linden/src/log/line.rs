//! A line of the log, as the library writes it, with the request's id: at the end for people, first for programs.

use std::fmt;

use telemetry::request;
use tracing::{Event, Subscriber};
use tracing_subscriber::field::RecordFields;
use tracing_subscriber::fmt::format::{DefaultFields, Format, Json, Writer};
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::registry::LookupSpan;

/// What an event says, and the request it says it of.
#[derive(Default)]
pub struct HumanFields(DefaultFields);

impl<'w> FormatFields<'w> for HumanFields {
    fn format_fields<R: RecordFields>(&self, mut writer: Writer<'w>, fields: R) -> fmt::Result {
        self.0.format_fields(writer.by_ref(), fields)?;
        match request::current() {
            Some(request) => write!(writer, " request_id={:?}", request.as_str()),
            None => Ok(()),
        }
    }
}

pub struct JsonLine(Format<Json>);

impl Default for JsonLine {
    fn default() -> Self {
        Self(Format::default().json().flatten_event(true).with_current_span(false).with_span_list(false))
    }
}

impl<S, N> FormatEvent<S, N> for JsonLine
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(&self, context: &FmtContext<'_, S, N>, mut writer: Writer<'_>, event: &Event<'_>) -> fmt::Result {
        let Some(request) = request::current() else { return self.0.format_event(context, writer, event) };
        let mut line = String::with_capacity(512);
        self.0.format_event(context, Writer::new(&mut line), event)?;
        let id = serde_json::to_string(request.as_str()).map_err(|_| fmt::Error)?;
        let rest = line.strip_prefix('{').ok_or(fmt::Error)?;
        write!(writer, "{{\"request_id\":{id},{rest}")
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::sync::{Arc, Mutex};

    use tracing_subscriber::fmt::format::JsonFields;
    use tracing_subscriber::layer::SubscriberExt;
    use tracing_subscriber::{Registry, fmt as lines};

    use super::*;

    #[derive(Clone, Default)]
    struct Kept(Arc<Mutex<Vec<u8>>>);

    impl Write for Kept {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    impl Kept {
        fn text(&self) -> String {
            String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
        }
    }

    /// One line outside of any request, and one within a request whose id needs care.
    fn log() {
        tracing::warn!(rows = 2, "swept");
        let name = Some(request::RequestName::new("a\"b"));
        request::on_behalf_of(name, || tracing::warn!(path = "/a\nb", "answered"));
    }

    #[test]
    fn people_read_the_request_at_the_end() {
        let kept = Kept::default();
        let writer = kept.clone();
        let layer = lines::layer().with_writer(move || writer.clone()).with_ansi(false).without_time();
        let layer = layer.fmt_fields(HumanFields::default());
        tracing::subscriber::with_default(Registry::default().with(layer), log);
        let said: Vec<String> = kept.text().lines().map(|line| line.trim().replace(module_path!(), "here")).collect();
        assert_eq!(said, ["WARN here: swept rows=2", r#"WARN here: answered path="/a\nb" request_id="a\"b""#]);
    }

    #[test]
    fn programs_read_one_object_a_line() {
        let kept = Kept::default();
        let writer = kept.clone();
        let layer = lines::layer().with_writer(move || writer.clone()).with_ansi(false).fmt_fields(JsonFields::new());
        let layer = layer.event_format(JsonLine::default());
        tracing::subscriber::with_default(Registry::default().with(layer), log);
        let text = kept.text();
        let said: Vec<serde_json::Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let [outside, within] = said.as_slice() else { panic!("{text}") };
        assert_eq!((&outside["message"], &outside["rows"]), (&"swept".into(), &2.into()));
        assert!(outside.get("request_id").is_none() && outside["timestamp"].is_string());
        assert_eq!((&within["request_id"], &within["level"]), (&"a\"b".into(), &"WARN".into()));
        assert_eq!(within["path"], "/a\nb");
    }
}
