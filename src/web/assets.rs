//! Style sheet, script and icon of the pages: embedded, named by their content, cached for good.

use std::sync::LazyLock;

use axum::{
    extract::Path,
    http::{
        StatusCode,
        header::{CACHE_CONTROL, CONTENT_TYPE},
    },
    response::{IntoResponse, Response},
};
use sha2::{Digest, Sha256};

/// A file that pages refer to.
struct Asset {
    /// `pages-3f2a….css`
    name: String,
    media_type: &'static str,
    content: &'static str,
}

impl Asset {
    fn new(stem: &str, extension: &str, media_type: &'static str, content: &'static str) -> Self {
        let hash = hex::encode(&Sha256::digest(content)[..6]);
        Self { name: format!("{stem}-{hash}.{extension}"), media_type, content }
    }
}

static ASSETS: LazyLock<[Asset; 3]> = LazyLock::new(|| {
    [
        Asset::new("pages", "css", "text/css; charset=utf-8", include_str!("assets/pages.css")),
        Asset::new("live", "js", "text/javascript; charset=utf-8", include_str!("assets/live.js")),
        Asset::new("icon", "svg", "image/svg+xml", include_str!("assets/icon.svg")),
    ]
});

/// The addresses of style sheet, script and icon.
pub(super) fn addresses() -> [String; 3] {
    std::array::from_fn(|index| format!("/assets/{}", ASSETS[index].name))
}

/// One of them.
pub(super) async fn show(Path(name): Path<String>) -> Response {
    match ASSETS.iter().find(|asset| asset.name == name) {
        Some(asset) => {
            let headers = [(CONTENT_TYPE, asset.media_type), (CACHE_CONTROL, "private, max-age=31536000, immutable")];
            (headers, asset.content).into_response()
        }
        None => (StatusCode::NOT_FOUND, "no such file\n").into_response(),
    }
}
