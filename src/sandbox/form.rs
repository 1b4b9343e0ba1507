//! Files in a multipart form, as RFC 7578 has them.
//!
//! In: a body and its content type. Out: the parts that are files. Takes whole bodies only; they are bounded.

use bytes::Bytes;

/// A file of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// The name of the form's field.
    pub field: String,
    pub name: String,
    /// The media type.
    pub kind: String,
    pub bytes: Bytes,
}

/// The files of a form; none where this is no form.
pub fn files(content_type: &str, body: &Bytes) -> Option<Vec<File>> {
    let (kind, rest) = content_type.split_once(';')?;
    if !kind.trim().eq_ignore_ascii_case("multipart/form-data") {
        return None;
    }
    let boundary = rest.split(';').find_map(|one| one.trim().strip_prefix("boundary="))?.trim_matches('"');
    let boundary = format!("\r\n--{boundary}");
    // The first boundary has no line before it.
    let whole = [b"\r\n", body.as_ref()].concat();
    let whole = Bytes::from(whole);
    let mut files = Vec::new();
    let mut from = find(&whole, boundary.as_bytes(), 0)? + boundary.len();
    while !whole[from..].starts_with(b"--") {
        let end = find(&whole, boundary.as_bytes(), from)?;
        files.extend(file(&whole.slice(from..end)));
        from = end + boundary.len();
    }
    Some(files)
}

fn file(part: &Bytes) -> Option<File> {
    let gap = find(part, b"\r\n\r\n", 0)?;
    let head = std::str::from_utf8(&part[..gap]).ok()?;
    let header = |name: &str| {
        let all = head.lines().filter_map(|line| line.split_once(':'));
        all.filter(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim()).next()
    };
    let disposition = header("content-disposition")?;
    let of = |name: &str| {
        let all = disposition.split(';').filter_map(|one| one.trim().split_once('='));
        all.filter(|(key, _)| *key == name).map(|(_, value)| value.trim_matches('"').to_owned()).next()
    };
    let kind = header("content-type").unwrap_or("application/octet-stream").to_owned();
    Some(File { field: of("name")?, name: of("filename")?, kind, bytes: part.slice(gap + 4..) })
}

fn find(bytes: &[u8], what: &[u8], from: usize) -> Option<usize> {
    bytes.get(from..)?.windows(what.len()).position(|window| window == what).map(|at| at + from)
}
