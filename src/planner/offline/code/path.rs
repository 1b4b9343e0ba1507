//! The parts of a path.

/// What stands before the last slash; nothing where there is none.
pub fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The name of a file up to its first point.
pub fn stem(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path).split('.').next().unwrap_or_default()
}

/// What stands behind the last point.
pub fn ending(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or_default()
}
