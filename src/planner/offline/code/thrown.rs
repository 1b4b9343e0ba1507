//! What an error text says of the line that raised it: which expression had no value.
//!
//! In: the error's text and the line of code. Out: the expression, in words. JavaScript, Python and Ruby name the property
//! that was asked of nothing; what stands before it on the line had no value.

/// “`sorted[0]` is undefined there”: what stands before the property that the error names.
pub fn missing(error: &str, code: &str) -> Option<String> {
    let (property, nothing) = property(error)?;
    let mut places = code.match_indices(property).map(|(at, _)| at);
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let at = places.find(|at| {
        let ends = !code[at + property.len()..].starts_with(is_part);
        ends && code[..*at].ends_with(['.', '?', '!', '&'])
    })?;
    let owner = owner(code[..at].trim_end_matches(['.', '?', '!', '&']));
    (!owner.is_empty()).then(|| format!("`{owner}` is {nothing} there"))
}

/// The property of an error text, and what its owner was.
fn property(error: &str) -> Option<(&str, &'static str)> {
    let quoted = |marks: [char; 2], behind: &str| {
        let rest = error.split_once(behind)?.1.trim_start();
        let inner = rest.strip_prefix(marks[0])?;
        Some(&inner[..inner.find(marks[1])?])
    };
    let found = if error.contains("properties of undefined") {
        quoted(['\'', '\''], "(reading").map(|p| (p, "undefined"))
    } else if error.contains("properties of null") {
        quoted(['\'', '\''], "(reading").map(|p| (p, "null"))
    } else if error.contains("'NoneType' object") {
        quoted(['\'', '\''], "has no attribute").map(|p| (p, "`None`"))
    } else if error.contains("for nil") {
        quoted(['`', '\''], "undefined method")
            .or_else(|| quoted(['\'', '\''], "undefined method"))
            .map(|p| (p, "`nil`"))
    } else {
        None
    };
    found.filter(|(property, _)| !property.is_empty())
}

/// The expression at the end of a text: names, calls and indices, back to where it begins.
fn owner(text: &str) -> &str {
    let mut depth = 0_u32;
    let mut start = text.len();
    for (at, c) in text.char_indices().rev() {
        match c {
            ')' | ']' => depth += 1,
            '(' | '[' if depth > 0 => depth -= 1,
            _ if depth > 0 => {}
            _ if c.is_alphanumeric() || matches!(c, '_' | '.' | '?' | '$' | '@') => {}
            _ => break,
        }
        start = at;
    }
    text[start..].trim_start_matches(['.', '?'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_had_no_value_is_named() {
        let check = |error: &str, code: &str, expected: Option<&str>| {
            assert_eq!(missing(error, code).as_deref(), expected, "{code}");
        };
        let js = "TypeError: Cannot read properties of undefined (reading 'unitPrice')";
        check(js, "const cheapest = sorted[0].unitPrice;", Some("`sorted[0]` is undefined there"));
        check(js, "return f(cart.first(a, b)?.unitPrice)", Some("`cart.first(a, b)` is undefined there"));
        check(js, "const unitPrice = 3;", None);
        let py = "AttributeError: 'NoneType' object has no attribute 'total'";
        check(py, "    return self.cart.total + 1", Some("`self.cart` is `None` there"));
        check("NoMethodError: undefined method `name' for nil:NilClass", "user.name", Some("`user` is `nil` there"));
        check("ValueError: bad", "user.name", None);
    }
}
